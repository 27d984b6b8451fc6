"""H1: planning what a file changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.assignment import cancelled, ended
from services.routing.domain.importing.plan import plan_file
from services.routing.domain.importing.rows import parse
from services.routing.domain.importing.written import written
from services.routing.domain.organisation import Person, Position, Unit
from services.routing.domain.picture import Changes, Picture
from tests.routing.domain.importing.files import (
    PEOPLE,
    POSITIONS,
    TODAY,
    UNITS,
    WHOLE,
    places,
    planned,
    taken_in,
)

EMPTY = Picture()
THERE = taken_in(EMPTY, **WHOLE)


def called(picture: Picture, name: str) -> Unit:
    return next(one for one in picture.units.values() if one.name == name)


def titled(picture: Picture, title: str) -> Position:
    return next(one for one in picture.positions.values() if one.title == title)


class TestTakingIn:
    def test_H1_a_regency_comes_in_whole(self) -> None:
        plan = planned(EMPTY, **WHOLE)
        assert (len(plan.changes.made), plan.changes.changed, plan.unchanged) == (18, (), 0)
        village = called(THERE, "Desa Sekartaji")
        assert village.parent_id == called(THERE, "Kecamatan Nusa Penida").id
        roads = titled(THERE, "Kepala Bidang")
        assert roads.superiors == tuple(titled(THERE, t).id for t in ("Kepala Dinas", "Sekretaris Daerah", "Bupati"))
        assert roads.unit_name == "Bidang Bina Marga"
        acting = next(one for one in THERE.assignments.values() if one.capacity == "plt")
        assert (acting.display, acting.starts_on) == ("Plt. Kepala Dinas", date(2026, 1, 2))

    def test_the_same_again_changes_nothing(self) -> None:
        plan = planned(THERE, **WHOLE)
        assert (plan.changes, plan.mistakes, plan.unchanged) == (Changes(), (), 18)

    def test_rows_may_stand_in_any_order(self) -> None:
        heading, *body = UNITS.strip("\n").split("\n")
        turned = "\n".join([heading, *reversed(body)])
        assert set(taken_in(EMPTY, unit=turned).units) == set(taken_in(EMPTY, unit=UNITS).units)

    def test_the_sheets_may_come_in_several_files(self) -> None:
        picture = EMPTY
        for name, text in WHOLE.items():
            picture = taken_in(picture, **{name: text})
        assert picture == THERE

    def test_what_is_not_mentioned_stays(self) -> None:
        plan = planned(THERE, unit="kode|nama|jenis_unit\nPU|Dinas PUPR|opd")
        changed = {one.label: one for one in plan.changes.changed}
        assert called(THERE, "Dinas Pekerjaan Umum").parent_id == changed["Dinas PUPR"].model_dump()["parent_id"]
        assert plan.changes.made == ()

    def test_what_follows_is_told_too(self) -> None:
        plan = planned(THERE, unit="kode|nama|jenis_unit\nPU|Dinas PUPR|opd")
        told = {(item.label, item.row): dict(item.fields) for item in plan.items}
        assert told["Dinas PUPR", 2] == {"name": ("Dinas Pekerjaan Umum", "Dinas PUPR")}
        assert told["Kepala Dinas", None] == {"unit_name": ("Dinas Pekerjaan Umum", "Dinas PUPR")}
        assert len(told) == 4

    def test_an_empty_cell_empties_and_a_missing_column_does_not(self) -> None:
        emptied = taken_in(THERE, unit="kode|nama|jenis_unit|induk\nPU|Dinas Pekerjaan Umum|opd|")
        assert called(emptied, "Dinas Pekerjaan Umum").parent_id is None

    def test_a_unit_is_moved_and_closed_by_its_row(self) -> None:
        after = taken_in(THERE, unit="nama|jenis_unit|induk|aktif\nGudang|bidang|PU|tidak")
        assert not called(after, "Gudang").active

    def test_an_end_is_brought_forward(self) -> None:
        after = taken_in(THERE, penugasan="pegawai|jabatan|mulai|selesai\nD1|Operator|2025-01-01|30/06/2026")
        assert any(one.ends_on == date(2026, 6, 30) for one in after.assignments.values())

    def test_somebody_known_by_number_gets_the_new_name(self) -> None:
        plan = planned(THERE, pegawai="nama|nip\nNi Made Ratih, S.T.|197501011995032001")
        assert {one.entity_kind for one in plan.changes.changed} == {"person", "assignment"}

    def test_a_rank_stands_in_what_its_holder_signs(self) -> None:
        after = taken_in(THERE, pegawai="nama|nip|pangkat\nNi Made Ratih|197501011995032001|Pembina (IV/a)")
        signed = [one for one in after.assignments.values() if one.nip == "197501011995032001"]
        assert [one.rank for one in signed] == ["Pembina (IV/a)"]
        again = taken_in(after, pegawai="nama|nip\nNi Made Ratih|197501011995032001")
        assert again == after

    def test_an_id_in_place_of_a_code_means_what_has_it(self) -> None:
        village = called(THERE, "Desa Sekartaji")
        plan = planned(THERE, unit=f"kode|nama|jenis_unit\n{village.id}|Desa Sekar Taji|desa")
        assert [one.label for one in plan.changes.changed if isinstance(one, Unit)] == ["Desa Sekar Taji"]
        assert called(THERE, "Desa Sekartaji").code is None


class TestMistakes:
    def test_references_that_lead_nowhere_are_told_of_with_their_place(self) -> None:
        plan = planned(
            EMPTY,
            unit="nama|jenis_unit|induk\nBidang|bidang|Dinas X",
            jabatan="nama|unit|peran|atasan\nKepala|Y|kepala|\nStaf|Bidang|staf|Z",
            penugasan="pegawai|jabatan|mulai\nWayan|Kepala|2026-01-01",
        )
        assert places(plan.mistakes) == [("jabatan", 2, "unit"), ("penugasan", 2, "pegawai"), ("unit", 2, "induk")]
        assert plan.mistakes[0].message == "Unit Y tidak ditemukan."

    def test_what_hangs_on_a_mistake_is_not_blamed(self) -> None:
        plan = planned(
            EMPTY,
            unit="nama|jenis_unit|induk\nDinas|kementerian|\nBidang|bidang|Dinas",
            jabatan="nama|unit|peran\nKepala|Bidang|kepala",
        )
        assert places(plan.mistakes) == [("unit", 2, "jenis_unit")]

    def test_a_name_that_fits_several_is_told_of(self) -> None:
        units = (
            "kode|nama|jenis_unit|induk\nA|Dinas A|opd|\nB|Dinas B|opd|\n|Sekretariat|bidang|A\n|Sekretariat|bidang|B"
        )
        positions = "nama|unit|peran\nKepala|Sekretariat|kepala\nStaf|Dinas B > Sekretariat|staf"
        plan = planned(EMPTY, unit=units, jabatan=positions)
        assert places(plan.mistakes) == [("jabatan", 2, "unit")]
        assert "(Dinas A; Dinas B)" in plan.mistakes[0].message

    def test_what_became_ambiguous_later_in_the_file_is_told_of(self) -> None:
        before = taken_in(EMPTY, unit="nama|jenis_unit|induk\nDinas A|opd|\nTata Usaha|bidang|Dinas A")
        units = "nama|jenis_unit|induk\nSubbag|bidang|Tata Usaha\nDinas B|opd|\nTata Usaha|bidang|Dinas B"
        assert places(planned(before, unit=units).mistakes) == [("unit", 2, "induk")]

    def test_a_circle_is_told_of(self) -> None:
        plan = planned(
            EMPTY,
            unit="kode|nama|jenis_unit|induk\nA|A|opd|B\nB|B|opd|A\nC|C|opd|",
            jabatan="kode|nama|unit|peran|atasan\nP|P|C|staf|Q\nQ|Q|C|staf|P",
        )
        assert places(plan.mistakes) == [
            ("jabatan", 2, "atasan"),
            ("jabatan", 3, "atasan"),
            ("unit", 2, "induk"),
            ("unit", 3, "induk"),
        ]

    def test_units_without_codes_under_each_other_are_told_of(self) -> None:
        plan = planned(EMPTY, unit="nama|jenis_unit|induk\nA|opd|B\nB|opd|A")
        assert places(plan.mistakes) == [("unit", 2, "induk")]

    def test_what_is_said_twice_is_told_of_with_the_first_row(self) -> None:
        plan = planned(
            EMPTY,
            unit="kode|nama|jenis_unit\nA|A|opd\nA|B|opd",
            jabatan="nama|unit|peran\nStaf|A|staf\nStaf|A|staf",
            pegawai="nama|nip\nX|197001011990031001\nY|197001011990031001",
        )
        assert places(plan.mistakes) == [("jabatan", 3, "nama"), ("pegawai", 3, "nama"), ("unit", 3, "nama")]
        assert "sudah disebut pada baris 2" in plan.mistakes[0].message

    def test_assignments_that_clash_are_told_of(self) -> None:
        heading = "pegawai|jabatan|kedudukan|mulai|dasar_hukum"
        rows = f"{heading}\nD1|SEKDA||2026-01-01|\nD1|KADIS-PU|plt|2026-02-01|SK 2"
        plan = planned(THERE, penugasan=rows)
        assert places(plan.mistakes) == [("penugasan", 2, "jabatan"), ("penugasan", 3, "jabatan")]
        assert "I Made Wira" in plan.mistakes[0].message

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            ("D1|BUPATI|plh|2026-01-01||SK 1", "selesai"),
            ("D1|BUPATI|plt|2026-01-01||", "dasar_hukum"),
            ("D1|BUPATI||2026-02-01|2026-01-01|", "selesai"),
        ],
    )
    def test_what_an_assignment_lacks_is_told_of(self, row: str, column: str) -> None:
        plan = planned(THERE, penugasan=f"pegawai|jabatan|kedudukan|mulai|selesai|dasar_hukum\n{row}")
        assert places(plan.mistakes) == [("penugasan", 2, column)]

    def test_an_assignment_is_not_lengthened_or_revived(self) -> None:
        seat = next(one for one in THERE.assignments.values() if one.ends_on)
        row = "pegawai|jabatan|mulai|selesai\nD1|Operator|2025-01-01|"
        for before, said in ((THERE.having(ended(seat, date(2026, 3, 1))), "2030-12-31"), (THERE, "")):
            plan = planned(before, penugasan=row + said)
            assert places(plan.mistakes) == [("penugasan", 2, "selesai")]
        gone = THERE.having(cancelled(seat, date(2024, 1, 1)))
        assert places(planned(gone, penugasan=row + "2030-12-31").mistakes) == [("penugasan", 2, "mulai")]

    def test_closing_what_is_in_use_is_told_of(self) -> None:
        plan = planned(THERE, unit="kode|nama|jenis_unit|aktif\nPU|Dinas Pekerjaan Umum|opd|tidak")
        assert places(plan.mistakes) == [("unit", 2, "aktif")]
        assert "Bidang Bina Marga" in plan.mistakes[0].message

    def test_two_of_a_name_in_one_place_need_codes(self) -> None:
        staff = "kode|nama|unit|peran\nS1|Staf|PU|staf\nS2|Staf|PU|staf"
        before = taken_in(THERE, jabatan=staff)
        assert planned(before, jabatan=staff).changes == Changes()
        assert places(planned(before, jabatan="nama|unit|peran\nStaf|PU|staf").mistakes) == [("jabatan", 2, "nama")]
        before = before.having(Person(id="x", name="Wayan"), Person(id="y", name="Wayan"))
        assert places(planned(before, pegawai="nama\nWayan").mistakes) == [("pegawai", 2, "nama")]


class TestWritten:
    def test_what_is_written_is_read_back_as_what_is_there(self) -> None:
        sheets = written(THERE, TODAY)
        parsed = parse({name: list(enumerate(rows, start=1)) for name, rows in sheets.items()})
        plan = plan_file(THERE, parsed, TODAY)
        assert (plan.changes, plan.mistakes, plan.unchanged) == (Changes(), (), 18)

    def test_elsewhere_it_makes_the_same(self) -> None:
        sheets = written(THERE, TODAY)
        parsed = parse({name: list(enumerate(rows, start=1)) for name, rows in sheets.items()})
        plan = plan_file(EMPTY, parsed, TODAY)
        assert plan.mistakes == ()
        made = EMPTY.having(*plan.changes.made)
        assert set(made.units.values()) == set(THERE.units.values())
        assert set(made.positions.values()) == set(THERE.positions.values())
        assert {one.name for one in made.people.values()} == {one.name for one in THERE.people.values()}

    @given(
        st.lists(st.tuples(st.sampled_from("ABC"), st.one_of(st.none(), st.integers(0, 7)), st.booleans()), max_size=8)
    )
    def test_whatever_names_there_are_the_way_there_and_back_changes_nothing(
        self, made: list[tuple[str, int | None, bool]]
    ) -> None:
        """Names that repeat, names that hold the sign between names, things out of use."""
        names = {"A": "Seksi", "B": "Seksi > A", "C": "Seksi_A"}
        units: dict[str, Unit] = {}
        for number, (name, parent, active) in enumerate(made):
            above = units.get(f"00000000-0000-4000-8000-00000000000{parent}")
            identifier = f"00000000-0000-4000-8000-00000000000{number}"
            units[identifier] = Unit(
                id=identifier,
                name=names[name],
                kind="agency",
                parent_id=above.id if above else None,
                active=active and (above is None or above.active),
            )
        picture = EMPTY.having(*units.values())
        sheets = written(picture, TODAY)
        parsed = parse({name: list(enumerate(rows, start=1)) for name, rows in sheets.items()})
        plan = plan_file(picture, parsed, TODAY)
        assert plan.changes == Changes()
        assert all("tidak memuat" in one.message for one in plan.mistakes)


def test_people_and_positions_need_no_other_sheet_in_the_file() -> None:
    after = taken_in(THERE, jabatan=POSITIONS, pegawai=PEOPLE)
    assert after == THERE
