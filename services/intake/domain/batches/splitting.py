"""Where a scan of many letters is split. Invariant: at genuine sheets alone, and every page is somewhere, once."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain.batches.arrangement import Arrangement, BatchLetter, Begun, Fresh, LeftOutPage, TurnedPage
from services.intake.domain.batches.sheet import SeparatorSheet, sheet_of

Turned: TypeAlias = Literal[0, 90, 180, 270]


class ReadCode(BaseModel):
    """A code as it was read; believed by nobody before it was checked."""

    text: Annotated[str, Field(max_length=300)]
    turned: Turned = 0


class SeenPage(BaseModel):
    """What the program that looks at pages says of one."""

    page: int
    failed: bool = False
    blank: bool = False
    codes: tuple[ReadCode, ...] = Field(default=(), max_length=20)


class PageFinding(BaseModel):
    """What is known of a page. ``foreign``: as a sheet, but not this house's. ``turned``: how the sheet lay."""

    model_config = ConfigDict(frozen=True)

    page: int
    failed: bool = False
    blank: bool = False
    sheet: SeparatorSheet | None = None
    foreign: bool = False
    turned: Turned = 0


def finding_of(seen: SeenPage, key: bytes) -> PageFinding:
    """What a page is, by the seal on it."""
    for code in seen.codes:
        sheet = sheet_of(code.text, key)
        if isinstance(sheet, SeparatorSheet):
            return PageFinding(page=seen.page, sheet=sheet, turned=code.turned)
    return PageFinding(page=seen.page, failed=seen.failed, blank=seen.blank, foreign=bool(seen.codes))


def arrange(findings: Sequence[PageFinding], unit_id: str, fresh: Fresh) -> Arrangement:
    """The letters between the sheets, in the order of the pages.

    Sheets and the empty backs of sheets are left out. Two sheets in a row begin one letter, with what the last says.
    Defaults of another unit's sheet are not taken over: whom its letters are for was decided elsewhere.
    """
    letters: list[BatchLetter] = []
    left_out: list[LeftOutPage] = []
    opened: SeparatorSheet | None = None
    pages: list[int] = []
    any_sheet = any(one.sheet for one in findings)
    after_sheet = False
    for one in findings:
        if one.sheet:
            letters += _letter(pages, opened, unit_id, fresh, any_sheet=any_sheet)
            opened, pages = one.sheet, []
            left_out.append(LeftOutPage(page=one.page, reason="sheet"))
        elif one.blank and after_sheet:
            left_out.append(LeftOutPage(page=one.page, reason="sheet_back"))
        else:
            pages.append(one.page)
        after_sheet = one.sheet is not None
    letters += _letter(pages, opened, unit_id, fresh, any_sheet=any_sheet)
    return Arrangement(letters=tuple(letters), left_out=tuple(left_out))


def _letter(
    pages: Sequence[int], opened: SeparatorSheet | None, unit_id: str, fresh: Fresh, *, any_sheet: bool
) -> list[BatchLetter]:
    if not pages:
        return []
    begun: Begun = "before_first" if any_sheet else "no_sheet"
    if opened:
        begun = "sheet" if opened.unit_id == unit_id else "other_unit"
    defaults = opened.defaults if opened and begun == "sheet" else None
    return [
        BatchLetter(id=fresh(), pages=tuple(TurnedPage(page=page) for page in pages), begun=begun, defaults=defaults)
    ]
