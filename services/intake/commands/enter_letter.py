"""The writes of a registration. Invariant: they commit together or not at all, and whatever is refused here rolls back.

The counters come late: the less is done while they are held the better.
"""

from services.chassis.mongo import Document, Session
from services.chassis.uow import Transaction
from services.intake.commands.prepare_registration import Registration
from services.intake.context import Context
from services.intake.domain.letter import FIRST_VERSION, Letter
from services.intake.domain.likeness import Likeness, paper_mark_of
from services.intake.domain.tracking import new_tracking_code
from services.projections.first_access import first_access


async def enter_letter(context: Context, registration: Registration, transaction: Transaction) -> Document:
    """Enter the letter in its book; the answer of the registration."""
    draft, parties, acting = registration.draft, registration.parties, registration.acting
    session = transaction.session
    access = first_access(draft.confidentiality, acting.unit_id, acting.position_id, parties.places)
    await context.readers.begin(registration.letter_id, access, session)
    await context.scans.take([scan.scan_id for scan in registration.loose], registration.letter_id, session)
    number = await context.counters.next(registration.book, session)
    letter = await _numbered(context, registration, _letter(registration, number, transaction), session)
    await context.letters.add(letter, _likeness(registration, letter), registration.written, session)
    transaction.publish(letter.registered(), seq=FIRST_VERSION)
    return _answer(letter, registration.warnings)


async def _numbered(context: Context, registration: Registration, letter: Letter, session: Session | None) -> Letter:
    """The letter with the number the house gives it, where it is asked to."""
    planned = registration.numbered
    if planned is None:
        return letter
    running = await context.books.series.next(planned.series, session)
    given = {"letter_number": planned.text(running), "house_number": planned.given(running)}
    return letter.model_copy(update=given)


def _likeness(registration: Registration, letter: Letter) -> Likeness:
    """What it is known by; a number the house gave is a mark that nobody could look for before."""
    mark = paper_mark_of(letter) if registration.numbered else None
    return registration.likeness.bearing(mark) if mark else registration.likeness


def _letter(registration: Registration, number: int, transaction: Transaction) -> Letter:
    draft, parties = registration.draft, registration.parties
    said = {name: getattr(draft, name) for name in _TAKEN_OVER}
    return Letter(
        letter_id=registration.letter_id,
        book=registration.book.name,
        year=registration.book.year,
        agenda_number=number,
        tracking_code=new_tracking_code(),
        sender=parties.sender,
        addressees=parties.addressees,
        copies=parties.copies,
        files=registration.files,
        occasion=draft.occasion.occasion() if draft.occasion else None,
        registered_by=registration.caller.acting_as(registration.acting),
        registered_at=transaction.now,
        **said,
    )


_TAKEN_OVER = (
    "direction",
    "kind",
    "category",
    "urgency",
    "confidentiality",
    "subject",
    "summary",
    "letter_number",
    "letter_date",
    "classification",
    "received_on",
    "training",
)


def _answer(letter: Letter, warnings: tuple[Document, ...]) -> Document:
    return {
        "id": letter.letter_id,
        "agenda_number": letter.agenda_number,
        "year": letter.year,
        "book": letter.book,
        "tracking_code": letter.tracking_code,
        "letter_number": letter.letter_number,
        "files": [file.model_dump(exclude={"object_key"}) for file in letter.files],
        "registered_at": letter.registered_at,
        "training": letter.training,
        "warnings": list(warnings),
    }
