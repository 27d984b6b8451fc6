"""Where a pile is split, and what is remarked on it."""

import itertools
from collections.abc import Callable

from services.chassis.clock import now
from services.contracts.intake import StoredFile
from services.intake.domain.batches.arrangement import Arrangement
from services.intake.domain.batches.batch import Batch
from services.intake.domain.batches.remarks import warnings_of_batch, warnings_of_letter
from services.intake.domain.batches.sheet import SeparatorSheet, SheetDefaults, code_of
from services.intake.domain.batches.splitting import PageFinding, ReadCode, SeenPage, arrange, finding_of
from tests.intake.batches.pile import FULL, KEY, OTHER_UNIT, SHEET, UNIT
from tests.people import actor, held, principal

OTHERS = SeparatorSheet(unit_id=OTHER_UNIT, defaults=SheetDefaults(kind="Surat Tugas"))


def fresh() -> Callable[[], str]:
    """Ids that are easy to name."""
    count = itertools.count(1)
    return lambda: f"letter-{next(count)}"


def findings(marks: str) -> list[PageFinding]:
    """A page each: S our sheet, O another unit's, b blank, x unreadable, f foreign, . anything else."""
    kinds: dict[str, dict[str, object]] = {
        "S": {"sheet": SHEET},
        "O": {"sheet": OTHERS},
        "b": {"blank": True},
        "x": {"failed": True},
        "f": {"foreign": True},
        ".": {},
    }
    return [PageFinding.model_validate({"page": at, **kinds[mark]}) for at, mark in enumerate(marks, start=1)]


def split(marks: str) -> Arrangement:
    """The arrangement of such pages."""
    return arrange(findings(marks), UNIT, fresh())


def pages(arrangement: Arrangement) -> list[list[int]]:
    """The pages of each letter."""
    return [[one.page for one in letter.pages] for letter in arrangement.letters]


def batch(marks: str) -> Batch:
    """A batch of such pages, split."""
    clerk = held("registrar", unit_id=UNIT)
    file = StoredFile(
        file_id=UNIT, name="a.pdf", object_key="k", sha256="0", size=1, media_type="application/pdf", pages=len(marks)
    )
    return Batch(
        id="b",
        scan=file,
        scanned_by=actor(principal(clerk)),
        created_at=now(),
        findings=tuple(findings(marks)),
        arrangement=split(marks),
    )


class TestSplit:
    def test_a_letter_lies_between_two_sheets(self) -> None:
        assert pages(split("S..S.S...")) == [[2, 3], [5], [7, 8, 9]]

    def test_sheets_are_left_out_and_so_are_their_empty_backs(self) -> None:
        arrangement = split("Sb..Sb.b")
        assert pages(arrangement) == [[3, 4], [7, 8]]
        assert [(one.page, one.reason) for one in arrangement.left_out] == [
            (1, "sheet"),
            (2, "sheet_back"),
            (5, "sheet"),
            (6, "sheet_back"),
        ]

    def test_two_empty_pages_behind_a_sheet_are_not_both_its_back(self) -> None:
        assert pages(split("Sbb.")) == [[3, 4]]

    def test_both_sides_of_a_sheet_begin_one_letter(self) -> None:
        assert pages(split("SS..SS.")) == [[3, 4], [7]]

    def test_pages_in_front_of_the_first_sheet_are_a_letter(self) -> None:
        arrangement = split("..S.")
        assert pages(arrangement) == [[1, 2], [4]]
        assert [letter.begun for letter in arrangement.letters] == ["before_first", "sheet"]

    def test_without_a_sheet_all_is_one_letter(self) -> None:
        arrangement = split("..b.")
        assert pages(arrangement) == [[1, 2, 3, 4]]
        assert arrangement.letters[0].begun == "no_sheet"

    def test_nothing_but_sheets_is_no_letter(self) -> None:
        assert pages(split("SSSb")) == []

    def test_a_letter_has_the_defaults_of_its_sheet(self) -> None:
        assert split("S.").letters[0].defaults == FULL

    def test_of_sheets_in_a_row_the_last_one_speaks(self) -> None:
        letter = split("OS.").letters[0]
        assert (letter.begun, letter.defaults) == ("sheet", FULL)

    def test_another_units_sheet_divides_and_its_defaults_are_not_taken_over(self) -> None:
        letter = split(".O.").letters[1]
        assert (letter.begun, letter.defaults) == ("other_unit", None)

    def test_every_page_is_somewhere_once_whatever_the_pile(self) -> None:
        for marks in itertools.product("SOb.", repeat=6):
            assert split("".join(marks)).pages == [1, 2, 3, 4, 5, 6]


class TestFinding:
    def test_one_genuine_code_is_enough(self) -> None:
        codes = (ReadCode(text=code_of(SHEET, b"y" * 32)), ReadCode(text=code_of(SHEET, KEY), turned=180))
        finding = finding_of(SeenPage(page=3, codes=codes), KEY)
        assert (finding.sheet, finding.turned, finding.foreign) == (SHEET, 180, False)


class TestRemarks:
    def test_what_begins_a_letter_oddly_is_said(self) -> None:
        assert [self._codes(letter) for letter in ("..S.", "...", "O.")] == [
            [["before_first_sheet"], []],
            [["no_sheet"]],
            [["sheet_of_other_unit"]],
        ]

    def test_pages_to_look_at_are_named(self) -> None:
        made = batch("S.bxf")
        assert made.arrangement
        by_page = {one.page: one for one in made.findings}
        found = [(one.code, one.page) for one in warnings_of_letter(made.arrangement.letters[0], by_page)]
        assert found == [("page_blank", 3), ("page_unreadable", 4), ("sheet_foreign", 5)]

    def test_a_turned_sheet_warns_of_its_letter(self) -> None:
        made = batch("S.S.")
        assert made.arrangement
        by_page = {one.page: one for one in made.findings} | {3: PageFinding(page=3, sheet=SHEET, turned=180)}
        found = [[one.code for one in warnings_of_letter(letter, by_page)] for letter in made.arrangement.letters]
        assert found == [[], ["sheet_turned"]]

    def test_sheets_without_letters_are_pointed_out(self) -> None:
        def codes(marks: str) -> list[tuple[str, int | None]]:
            return [(one.code, one.page) for one in warnings_of_batch(batch(marks))]

        assert codes("S.S.") == []
        assert codes("SS.") == []
        assert codes("SSS.") == [("sheets_in_a_row", 1)]
        assert codes(".OS.") == [("sheets_in_a_row", 2)]
        assert codes("S.S") == [("sheet_without_letter", 3)]

    def _codes(self, marks: str) -> list[list[str]]:
        made = batch(marks)
        assert made.arrangement
        by_page = {one.page: one for one in made.findings}
        return [[one.code for one in warnings_of_letter(letter, by_page)] for letter in made.arrangement.letters]
