"""Read what can be suggested off the first pages of a letter. Pure: the same words give the same suggestions."""

from collections.abc import Sequence
from datetime import date, tzinfo

from services.intake.domain.suggestions.addressees import addressees, copies
from services.intake.domain.suggestions.directory import Directory
from services.intake.domain.suggestions.kinds import category, kind
from services.intake.domain.suggestions.labels import Field, Sheet
from services.intake.domain.suggestions.letter_date import letter_date
from services.intake.domain.suggestions.letter_number import in_month, letter_number, title_number
from services.intake.domain.suggestions.letterhead import sender
from services.intake.domain.suggestions.occasion import Occasion, occasion, occasion_rows
from services.intake.domain.suggestions.rows import rows_of
from services.intake.domain.suggestions.subject import confidentiality, subject, urgency
from services.intake.domain.suggestions.suggested import Named, Suggested, Suggestions, sure_enough
from services.intake.domain.suggestions.titles import title_in
from services.intake.domain.words import PageWords

PAGES = 2
"""A letter says on its first page what it is; its second may hold the place and time, the date and the copies."""


def read_letter(pages: Sequence[PageWords], directory: Directory, zone: tzinfo) -> Suggestions:
    """What the letter says of itself."""
    sheets = [Sheet(rows) for page in pages[:PAGES] if (rows := rows_of(page))]
    if not sheets:
        return Suggestions()
    first = sheets[0]
    fields = first.fields()
    dated = letter_date(first, fields, occasion_rows(fields)) or _dated_behind(sheets[1:])
    about = subject(first, fields)
    invites = _invites(sheets, fields, zone, dated)
    numbered = _title_number(first) or letter_number(first, fields)
    sort = kind(first, fields, about, bool(invites))
    return Suggestions(
        letter_number=sure_enough(in_month(numbered, dated.value.month if dated else None)),
        letter_date=sure_enough(dated),
        sender=sure_enough(sender(first, fields, directory)),
        subject=sure_enough(about),
        kind=sure_enough(sort),
        category=sure_enough(category(sort)),
        urgency=sure_enough(urgency(fields)),
        confidentiality=sure_enough(confidentiality(fields)),
        addressees=_sure(addressees(first, fields, directory)),
        copies=_sure(next((found for sheet in sheets if (found := copies(sheet, directory))), ())),
        occasion_place=sure_enough(invites.place if invites else None),
        occasion_starts_at=sure_enough(invites.starts_at),
        occasion_ends_at=sure_enough(invites.ends_at),
    )


def _sure(found: Sequence[Suggested[Named]]) -> tuple[Suggested[Named], ...]:
    return tuple(sure for one in found if (sure := sure_enough(one)))


def _dated_behind(sheets: Sequence[Sheet]) -> Suggested[date] | None:
    """The date where it was signed, on the next page."""
    for sheet in sheets:
        fields = sheet.fields()
        if found := letter_date(sheet, fields, occasion_rows(fields)):
            return found
    return None


def _invites(sheets: Sequence[Sheet], fields: Sequence[Field], zone: tzinfo, dated: Suggested[date] | None) -> Occasion:
    """The first page that tells of one."""
    written = dated.value if dated else None
    for index, sheet in enumerate(sheets):
        if found := occasion(sheet, fields if index == 0 else sheet.fields(), zone, written):
            return found
    return Occasion()


def _title_number(sheet: Sheet) -> Suggested[str] | None:
    """The number right below a title."""
    for index, row in enumerate(sheet.rows[:16]):
        if title_in(row.text):
            return next((one for below in sheet.rows[index + 1 : index + 3] if (one := title_number(below))), None)
    return None
