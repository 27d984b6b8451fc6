"""The words and letterheads of the printed form."""

import pytest
from pydantic import ValidationError

from services.chassis.ids import new_id
from services.disposition.domain.sheet_form import SheetForm, UnitForm

UNIT, NAME, REGENCY = new_id(), "Dinas Pekerjaan Umum", "Pemerintah Kabupaten Klungkung"


class TestHead:
    def test_at_the_start_it_is_regency_and_unit(self) -> None:
        assert SheetForm().head_of(UNIT, NAME, REGENCY) == ["PEMERINTAH KABUPATEN KLUNGKUNG", "DINAS PEKERJAAN UMUM"]
        assert SheetForm().head_of(UNIT, NAME, "") == ["DINAS PEKERJAAN UMUM"]

    def test_lines_name_the_unit_where_they_say_so(self) -> None:
        form = SheetForm(letterhead=("PEMKAB", "{unit}", "Jl. Raya 1"))
        assert form.head_of(UNIT, NAME, REGENCY) == ["PEMKAB", NAME, "Jl. Raya 1"]

    def test_a_units_own_lines_come_first_and_what_it_leaves_out_is_the_regencys(self) -> None:
        form = SheetForm(letterhead=("PEMKAB",), place="Semarapura", units=(UnitForm(unit_id=UNIT, place="Sampalan"),))
        assert (form.head_of(UNIT, NAME, REGENCY), form.place_of(UNIT)) == (["PEMKAB"], "Sampalan")
        own = SheetForm(letterhead=("PEMKAB",), place="Semarapura", units=(UnitForm(unit_id=UNIT, letterhead=("PU",)),))
        assert (own.head_of(UNIT, NAME, REGENCY), own.place_of(UNIT)) == (["PU"], "Semarapura")
        assert (own.head_of(new_id(), NAME, REGENCY), own.place_of(new_id())) == (["PEMKAB"], "Semarapura")


class TestCheck:
    def test_a_unit_is_named_once(self) -> None:
        with pytest.raises(ValidationError):
            SheetForm(units=(UnitForm(unit_id=UNIT), UnitForm(unit_id=UNIT)))
