"""Spreadsheets, as people make them and as attackers do."""

import contextlib
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.chassis import sheets
from services.chassis.errors import ServiceError
from services.chassis.sheets import Row, read_sheets, write_workbook


def workbook(*rows: list[object], title: str = "unit") -> bytes:
    """A file as a spreadsheet program makes it."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    """A zip with these parts."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return content.getvalue()


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in one part."""
    with zipfile.ZipFile(BytesIO(content)) as known:
        parts = {name: known.read(name) for name in known.namelist()}
    assert old in parts[part]
    return package({**parts, part: parts[part].replace(old, new)})


def refusal(content: bytes, name: str = "organisasi.xlsx") -> ServiceError:
    """What reading it is refused with."""
    with pytest.raises(ServiceError) as refused:
        read_sheets(content, name)
    return refused.value


class TestReadWorkbook:
    def test_cells_are_text_as_a_person_sees_them(self) -> None:
        content = workbook(
            ["nama", "tanggal", "nomor", "pecahan", "aktif"],
            [" Dinas PU ", date(2026, 3, 1), 12, 1.5, True],
            [None, datetime(2026, 3, 1, 8, 30, tzinfo=UTC).replace(tzinfo=None), 2.0, None, False],
        )
        assert read_sheets(content, "x.xlsx") == {
            "unit": [
                Row(1, ("nama", "tanggal", "nomor", "pecahan", "aktif")),
                Row(2, ("Dinas PU", "2026-03-01", "12", "1.5", "ya")),
                Row(3, ("", "2026-03-01 08:30:00", "2", "", "tidak")),
            ]
        }

    def test_empty_rows_are_left_out_and_the_others_keep_their_numbers(self) -> None:
        rows = read_sheets(workbook(["nama"], [None], [""], ["Setda"]), "x.xlsx")["unit"]
        assert [(row.number, row.cells) for row in rows] == [(1, ("nama",)), (4, ("Setda",))]

    def test_a_formula_is_the_value_it_had_and_nothing_where_it_had_none(self) -> None:
        content = workbook(["nama", "=1+1"])
        assert read_sheets(content, "x.xlsx")["unit"] == [Row(1, ("nama",))]

    def test_an_officials_number_kept_as_a_number_is_not_taken_for_one(self) -> None:
        [row] = read_sheets(workbook([197001011990031001, 1.97001011990031e17]), "x.xlsx")["unit"]
        assert all("e+17" in cell for cell in row.cells)

    def test_a_cell_past_the_row_is_empty(self) -> None:
        assert Row(1, ("a",)).cell(3) == ""


class TestReadText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_it_is_read_as_programs_here_save_it(self, encoding: str, delimiter: str) -> None:
        content = f'nama{delimiter}jenis\r\n"Désa {delimiter} Sekartaji"{delimiter}village\r\n'.encode(encoding)
        assert read_sheets(content, "unit.csv") == {
            "unit": [Row(1, ("nama", "jenis")), Row(2, (f"Désa {delimiter} Sekartaji", "village"))]
        }

    def test_the_line_that_names_the_delimiter_is_obeyed(self) -> None:
        assert read_sheets(b"sep=;\r\na,b;c\r\n", "unit.csv")["unit"] == [Row(2, ("a,b", "c"))]

    def test_a_row_over_several_lines_counts_as_one(self) -> None:
        rows = read_sheets(b'nama\r\n"Dinas\r\nPU"\r\nSetda\r\n', "unit.csv")["unit"]
        assert [row.number for row in rows] == [1, 2, 3]

    @pytest.mark.parametrize("content", [b"\x00\x01\x02\x03", b"%PDF-1.7\n\x00\xff"])
    def test_what_is_no_text_is_refused(self, content: bytes) -> None:
        assert refusal(content, "unit.csv").code == "sheet_unreadable"


class TestBounds:
    def test_an_old_or_locked_workbook_is_refused_with_what_to_do(self) -> None:
        refused = refusal(b"\xd0\xcf\x11\xe0" + bytes(100))
        assert (refused.status, refused.code) == (422, "sheet_unreadable")
        assert ".xlsx" in refused.detail

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self) -> None:
        bomb = package({f"xl/worksheets/sheet{n}.xml": bytes(sheets.MAX_UNPACKED // 4) for n in range(5)})
        assert len(bomb) < 1024 * 1024
        assert (refusal(bomb).status, refusal(bomb).code) == (413, "sheet_too_large")

    def test_too_many_parts_are_refused(self) -> None:
        assert refusal(package({f"{n}.xml": b"" for n in range(sheets.MAX_PARTS + 1)})).status == 413

    def test_entities_that_multiply_are_refused(self) -> None:
        declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
        content = repacked(workbook(["nama"]), "xl/worksheets/sheet1.xml", b"<worksheet", declared)
        assert refusal(content).code == "sheet_unreadable"

    def test_a_row_far_below_is_not_waited_for(self) -> None:
        content = repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", b'r="1"', b'r="9999999"')
        assert refusal(content).code == "sheet_too_large"

    def test_a_sheet_that_lies_about_its_size_is_read_whole(self) -> None:
        content = repacked(workbook(["a", "b"], ["c", "d"]), "xl/worksheets/sheet1.xml", b'"A1:B2"', b'"A1:A1"')
        assert read_sheets(content, "x.xlsx")["unit"][1] == Row(2, ("c", "d"))

    def test_too_many_rows_columns_or_letters_are_refused(self) -> None:
        wide = ",".join("a" * (sheets.MAX_COLUMNS + 1))
        for text in ("a\n" * (sheets.MAX_ROWS + 1), wide, "a" * (sheets.MAX_CELL + 1)):
            assert refusal(text.encode(), "unit.csv").code == "sheet_too_large"
        assert refusal(workbook(["a"] * (sheets.MAX_COLUMNS + 1))).code == "sheet_too_large"

    def test_empty_columns_past_the_bound_are_no_matter(self) -> None:
        assert read_sheets(("a" + "," * 100).encode(), "unit.csv")["unit"] == [Row(1, ("a",))]

    @pytest.mark.parametrize("content", [b"PK\x03\x04nothing", package({"a.xml": b"<a/>"})])
    def test_what_only_looks_like_a_workbook_is_refused(self, content: bytes) -> None:
        assert refusal(content).code == "sheet_unreadable"

    @given(st.data())
    def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(self, data: st.DataObject) -> None:
        content = bytearray(_SAMPLE)
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(ServiceError):
            assert isinstance(read_sheets(bytes(content), "x.xlsx"), dict)


class TestWrite:
    def test_what_is_written_is_read_again(self) -> None:
        content = write_workbook({"unit": [["nama", "jumlah", "tanggal"], ["Dinas PU", 3, date(2026, 3, 1)]], "b": []})
        assert read_sheets(content, "x.xlsx") == {
            "unit": [Row(1, ("nama", "jumlah", "tanggal")), Row(2, ("Dinas PU", "3", "2026-03-01"))],
            "b": [],
        }

    @pytest.mark.parametrize("text", ["=1+1", "+62811", "-1", "@SUM(A1)", '=cmd|"/c calc"!A1'])
    def test_text_is_never_computed(self, text: str) -> None:
        content = write_workbook({"unit": [["nama"], [text]]})
        cell = load_workbook(BytesIO(content))["unit"]["A2"]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
        assert read_sheets(content, "x.xlsx")["unit"][1].cells == (text,)

    def test_columns_of_text_stay_text_when_somebody_types_into_them(self) -> None:
        sheet = load_workbook(BytesIO(write_workbook({"pegawai": [["nip", "umur"], ["19700101", 5]]})))["pegawai"]
        assert sheet.column_dimensions["A"].number_format == "@"
        assert sheet.column_dimensions["B"].number_format == "General"
        assert sheet.freeze_panes == "A2"

    def test_choices_are_offered_below_their_heading(self) -> None:
        content = write_workbook({"unit": [["nama", "aktif"]]}, {"unit": {"aktif": ["ya", "tidak"]}})
        [rule] = load_workbook(BytesIO(content))["unit"].data_validations.dataValidation
        assert rule.formula1 == '"ya,tidak"'
        assert str(rule.sqref).startswith("B2:B")

    def test_an_instant_is_written_without_its_zone(self) -> None:
        content = write_workbook({"a": [["pada"], [datetime(2026, 3, 1, 8, 30, tzinfo=UTC)]]})
        assert read_sheets(content, "x.xlsx")["a"][1].cells == ("2026-03-01 08:30:00",)

    @given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), min_size=1, max_size=5))
    def test_whatever_is_written_comes_back_but_for_spaces_and_control_characters(self, rows: list[list[str]]) -> None:
        written = write_workbook({"a": rows})
        kept = [[sheets._CONTROLS.sub("", cell).strip() for cell in row] for row in rows]
        read = {row.number: list(row.cells) for row in read_sheets(written, "x.xlsx")["a"]}
        for number, expected in enumerate(kept, start=1):
            while expected and not expected[-1]:
                expected.pop()
            assert [_lines(cell) for cell in read.get(number, [])] == [_lines(cell) for cell in expected]


def _lines(text: str) -> str:
    """XML makes one newline of every kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


_SAMPLE = workbook(["nama", "jenis"], ["Dinas PU", "agency"], ["Setda", 3.5])
