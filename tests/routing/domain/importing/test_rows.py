"""Reading rows."""

from datetime import date

import pytest

from services.routing.domain.importing.form import SHEETS, plain
from services.routing.domain.importing.rows import parse
from tests.routing.domain.importing.files import PEOPLE, UNITS, WHOLE, places, read, rows


class TestValues:
    def test_a_whole_file_is_understood(self) -> None:
        parsed = read(**WHOLE)
        assert parsed.mistakes == ()
        assert len(parsed.lines) == 6 + 6 + 3 + 3
        unit = parsed.lines[2]
        assert (unit.sheet, unit.row) == ("unit", 4)
        assert unit.values == {
            "code": "PU",
            "name": "Dinas Pekerjaan Umum",
            "kind": "agency",
            "parent": "SETDA",
            "active": True,
        }

    def test_numbers_are_read_as_people_write_them(self) -> None:
        assert [line.values["nip"] for line in read(pegawai=PEOPLE).lines] == [
            "197001011990031001",
            "197501011995032001",
            None,
        ]

    @pytest.mark.parametrize("written", ["2026-03-01", "01/03/2026", "1-3-2026", "01.03.2026"])
    def test_dates_are_read_as_people_write_them(self, written: str) -> None:
        parsed = read(penugasan=f"pegawai|jabatan|mulai\nA|B|{written}")
        assert parsed.lines[0].values["starts_on"] == date(2026, 3, 1)

    def test_headings_and_words_may_be_written_in_any_case(self) -> None:
        parsed = read(Unit="NAMA|Jenis Unit|AKTIF\nDinas PU|Dinas|TIDAK")
        assert parsed.mistakes == ()
        assert (parsed.lines[0].values["kind"], parsed.lines[0].values["active"]) == ("agency", False)

    def test_a_column_that_is_not_there_says_nothing(self) -> None:
        assert "parent" not in read(unit="nama|jenis_unit\nDinas PU|opd").lines[0].values

    def test_the_guide_and_empty_sheets_are_passed_over(self) -> None:
        parsed = parse({"petunjuk": rows("a|b"), "Sheet2": [], "pegawai": rows(PEOPLE)})
        assert (len(parsed.lines), parsed.mistakes) == (3, ())


class TestMixed:
    def test_a_column_says_what_each_row_is(self) -> None:
        text = """
        jenis     | kode | nama         | jenis_unit | unit | peran  | pegawai | jabatan | mulai
        unit      | PU   | Dinas PU     | opd        |      |        |         |         |
        jabatan   | K    | Kepala Dinas |            | PU   | kepala |         |         |
        pegawai   | W    | Wayan        |            |      |        |         |         |
        penugasan |      |              |            |      |        | W       | K       | 2026-01-01
        """
        parsed = read(organisasi=text)
        assert parsed.mistakes == ()
        assert [line.sheet for line in parsed.lines] == ["unit", "jabatan", "pegawai", "penugasan"]

    def test_a_row_of_no_known_kind_is_told_of(self) -> None:
        parsed = read(organisasi="jenis|nama\norang|Wayan\n|Made")
        assert places(parsed.mistakes) == [("organisasi", 2, "jenis"), ("organisasi", 3, "jenis")]


class TestMistakes:
    def test_every_cell_that_cannot_be_understood_is_told_of(self) -> None:
        parsed = read(
            unit="kode|nama|jenis_unit|aktif\n!|Dinas PU|kementerian|mungkin\n||opd|",
            pegawai="nama|nip\nWayan|123\nMade|1.97001011990031e+17",
            penugasan="pegawai|jabatan|mulai|selesai|kedudukan\nA|B|31/02/2026|besok|pjb",
        )
        assert places(parsed.mistakes) == [
            ("unit", 2, "kode"),
            ("unit", 2, "jenis_unit"),
            ("unit", 2, "aktif"),
            ("unit", 3, "nama"),
            ("pegawai", 2, "nip"),
            ("pegawai", 3, "nip"),
            ("penugasan", 2, "kedudukan"),
            ("penugasan", 2, "mulai"),
            ("penugasan", 2, "selesai"),
        ]
        sentences = [one.message for one in parsed.mistakes]
        assert sentences[1].startswith("Isian kementerian tidak dikenal. Pilihan: pimpinan, setda,")
        assert sentences[3] == "Kolom nama wajib diisi."
        assert "format sel menjadi teks" in sentences[5]
        assert parsed.lines == ()

    def test_columns_that_are_unknown_missing_or_twice_there_are_told_of(self) -> None:
        parsed = read(unit="nama|jenis|alamat|nama\nDinas PU|opd|Jl. Gajah Mada|x")
        assert [(one.column, one.row) for one in parsed.mistakes] == [("nama", 1), ("alamat", 1), ("jenis_unit", 1)]

    def test_a_sheet_of_another_name_is_told_of(self) -> None:
        [mistake] = read(jabatn="nama\nKepala").mistakes
        assert "jabatn tidak dikenal" in mistake.message

    def test_an_empty_file_is_told_of(self) -> None:
        [mistake] = parse({}).mistakes
        assert "tidak memuat" in mistake.message

    def test_text_past_its_bound_is_told_of(self) -> None:
        parsed = read(unit=f"nama|jenis_unit\n{'a' * 201}|opd")
        assert places(parsed.mistakes) == [("unit", 2, "nama")]


def test_every_word_offered_is_understood_and_no_choice_is_too_long_for_a_spreadsheet() -> None:
    for columns in SHEETS.values():
        for column in columns:
            known = {plain(word): meaning for word, meaning in column.words.items()}
            assert len(known) == len(column.words)
            assert {known[word] for word in column.spoken()} == set(column.words.values())
            assert len(",".join(column.spoken())) < 250
    assert UNITS
