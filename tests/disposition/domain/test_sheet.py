"""What is printed on a lembar disposisi, and that it fits the paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.chassis.ids import new_id
from services.chassis.paper import Paper
from services.chassis.qr import qr_svg
from services.contracts.routing import AssignmentChanged
from services.disposition.domain.catalogue import InstructionEntry, Labels
from services.disposition.domain.disposition import LetterLine
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS
from services.disposition.domain.seal import code_of
from services.disposition.domain.sheet import Particulars, Print, official_of, sheet
from services.disposition.domain.sheet_form import SheetForm
from services.disposition.print_room import TEMPLATES
from tests.disposition.domain.test_seal import AT, ISSUER, a_disposition, a_part
from tests.printed import archival_part, sheets, text_of

WITA = ZoneInfo("Asia/Makassar")
LINE = LetterLine(
    agenda_number=124,
    year=2026,
    tracking_code="SKTJ-0001",
    sender="Kementerian Pendidikan",
    kind="Surat Edaran",
    category="other",
    urgency="urgent",
    confidentiality="restricted",
)


def made_of(**changes: Any) -> Print:
    """A print of the form as it begins."""
    given: dict[str, Any] = {
        "form": SheetForm(),
        "regency": "Pemerintah Kabupaten Klungkung",
        "particulars": None,
        "catalogue": FIRST_INSTRUCTIONS,
        "official": None,
        "zone": WITA,
    }
    return Print(**(given | changes))


def ticked(page: Mapping[str, Any]) -> dict[str, str]:
    """The ticked boxes, with whom each is for."""
    return {one["label"]: one["whom"] for one in page["instructions"] if one["ticked"]}


def assigned(**changes: Any) -> AssignmentChanged:
    """The issuer's assignment."""
    given: dict[str, Any] = {
        "assignment_id": new_id(),
        **ISSUER.model_dump(
            include={"person_id", "person_name", "position_id", "position_title", "unit_id", "unit_name"}
        ),
        "role": "head",
        "capacity": "plt",
        "starts_on": date(2026, 1, 1),
    }
    return AssignmentChanged(**(given | changes))


class TestBoxes:
    def test_what_is_for_all_needs_no_numbers_and_what_is_for_some_has_them(self) -> None:
        page = sheet(a_disposition(a_part("pelajari", "pantau"), a_part("pelajari"), a_part("pelajari")), made_of())
        assert ticked(page) == {"Pelajari / telaah": "", "Pantau": "1"}
        assert len(page["instructions"]) == 25

    def test_what_is_retired_stands_there_only_where_it_was_given(self) -> None:
        retired = {code: one.model_copy(update={"retired": True}) for code, one in FIRST_INSTRUCTIONS.items()}
        page = sheet(a_disposition(a_part("pantau")), made_of(catalogue=retired))
        assert [one["label"] for one in page["instructions"]] == ["Pantau"]

    def test_what_is_called_otherwise_now_is_called_as_it_was_given(self) -> None:
        renamed = InstructionEntry(code="pantau", labels=Labels(id="Awasi"), order=5, effect="periodic_report")
        page = sheet(a_disposition(a_part("pantau")), made_of(catalogue={"pantau": renamed}))
        assert ticked(page) == {"Pantau": ""}

    def test_urgency_and_confidentiality_of_the_letter_are_ticked(self) -> None:
        page = sheet(a_disposition(letter=LINE), made_of())
        assert [label for label, on in [*page["urgency"], *page["confidentiality"]] if on] == ["Segera", "Terbatas"]


class TestLetter:
    def test_what_the_book_says_is_printed(self) -> None:
        book = Particulars("Kemendikdasmen", "1234/C/2026", date(2026, 2, 27), date(2026, 3, 2))
        page = sheet(a_disposition(letter=LINE), made_of(particulars=book))
        shown = [page[name] for name in ("sender", "letter_number", "letter_date", "received_on", "agenda_number")]
        assert shown == ["Kemendikdasmen", "1234/C/2026", "27 Februari 2026", "2 Maret 2026", "124/2026"]

    def test_what_is_not_known_is_a_dash(self) -> None:
        page = sheet(a_disposition(), made_of())
        shown = [page[name] for name in ("sender", "letter_number", "letter_date", "received_on", "agenda_number")]
        assert shown == ["-"] * 5


class TestPractice:
    def test_a_sheet_of_a_practice_letter_says_at_its_head_that_it_orders_nothing(self) -> None:
        page = sheet(a_disposition(letter=LINE.model_copy(update={"training": True})), made_of())
        assert page["mark"] == "LATIHAN – BUKAN PERINTAH"

    def test_any_other_says_nothing_of_it_so_that_its_page_stays_what_it_was(self) -> None:
        assert "mark" not in sheet(a_disposition(letter=LINE), made_of())


class TestSigner:
    def test_P7_the_capacity_stands_before_the_title(self) -> None:
        page = sheet(a_disposition(), made_of(form=SheetForm(place="Semarapura")))
        assert (page["signer"], page["name"]) == ("Plt. Kepala Dinas PU", "Made Arta")
        assert page["place_and_date"] == "Semarapura, 3 Maret 2026"

    def test_it_is_the_assignment_that_had_begun_in_that_capacity(self) -> None:
        mine = assigned(rank="Pembina")
        others = [
            assigned(rank="Juru", starts_on=date(2025, 1, 1)),
            assigned(rank="Penata", capacity="definitive"),
            assigned(rank="Pengatur", person_id=new_id()),
            assigned(rank="Pembina Utama", starts_on=date(2027, 1, 1)),
        ]
        assert official_of(a_disposition(), [*others, mine], WITA) == mine
        assert official_of(a_disposition(), [], WITA) is None


class TestPaper:
    async def printed(self, page: dict[str, Any]) -> bytes:
        """The page as it comes out of the printer."""
        data = {**page, "code": code_of(7), "address": "https://surat.klungkungkab.go.id/verifikasi"}
        return await Paper(TEMPLATES).print("sheet", data, at=AT, drawings={"code": qr_svg("x" * 70)})

    async def test_thirty_recipients_with_long_notes_take_pages_that_each_say_the_code(self) -> None:
        parts = [a_part(*list(FIRST_INSTRUCTIONS)[:10], note=f"{n} " + "catatan panjang " * 120) for n in range(30)]
        pdf = await self.printed(sheet(a_disposition(*parts, note="Segera " * 280, letter=LINE), made_of()))
        assert len(sheets(pdf)) > 1
        assert set(sheets(pdf)) == {(165, 215)}
        assert text_of(pdf).count(code_of(7)) == len(sheets(pdf)) + 1
        assert "(selengkapnya di sistem)" in text_of(pdf)

    async def test_that_it_is_for_practice_stands_on_the_paper(self) -> None:
        practice = LINE.model_copy(update={"training": True})
        pdf = await self.printed(sheet(a_disposition(letter=practice), made_of()))
        assert "LATIHAN – BUKAN PERINTAH" in text_of(pdf)
        assert len(sheets(pdf)) == 1

    @pytest.mark.parametrize("word", ["W" * 500, "kata " * 100])
    async def test_long_words_stay_on_the_paper(self, word: str) -> None:
        page = sheet(a_disposition(letter_subject=word, letter=LINE), made_of(form=SheetForm(letterhead=("{unit}",))))
        pdf = await self.printed(page)
        assert (set(sheets(pdf)), archival_part(pdf)) == ({(165, 215)}, "2")
        assert text_of(pdf).replace("\u200b", "").count(word.strip()[:15]) >= 1
