"""The only place that reads and writes spreadsheets. Invariant: what is read is text, bounded before it is unpacked.

A workbook is a zip of XML that anybody may have made, so its sizes are looked at first, and rows and columns are
counted while they are read. A cell is given as a person sees it: a date as ``2026-03-01``, a whole number without its
decimals, a formula as the value it had. Both directions compute for a while: call them in ``asyncio.to_thread``.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import PurePath
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from services.chassis.delimited import rows_of
from services.chassis.errors import ServiceError, unprocessable

Cell = str | int | float | bool | date | datetime | None


class Struck(str):
    """A text that is crossed out: it does not hold any more, and can still be read."""

    __slots__ = ()


Choices = Mapping[str, Mapping[str, Sequence[str]]]
"""For a sheet and a heading, what may stand below it."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_UNPACKED = 64 * 1024 * 1024
MAX_DESCRIPTION = 1024 * 1024
MAX_PARTS = 500
MAX_SHEETS = 20
MAX_ROWS = 20_000
MAX_COLUMNS = 64
MAX_CELL = 4_000
WIDEST = 60
MAX_OFFERED = 255
_DESCRIPTIONS = frozenset({"xl/styles.xml", "xl/workbook.xml"})
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EXACT = 2**53


@dataclass(frozen=True)
class Row:
    """A row that holds something. ``number`` is the one its program shows, from 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """What stands in the column, counted from 0; nothing is an empty text."""
        return self.cells[column] if column < len(self.cells) else ""


def read_sheets(content: bytes, name: str) -> dict[str, list[Row]]:
    """The rows of each sheet of an XLSX file; a CSV file is one sheet called as the file. 413 or 422 for others."""
    if content.startswith(_OLE):
        raise unprocessable("sheet_unreadable", "Berkas Excel lama atau terkunci. Simpanlah sebagai .xlsx tanpa sandi.")
    if not content.startswith(_ZIP):
        return {PurePath(name).stem: _bounded(name, rows_of(content))}
    try:
        _check_parts(content)
        return _workbook(content)
    except ServiceError:
        raise
    except Exception as error:
        # A broken package makes its readers raise nearly anything.
        raise unprocessable("sheet_unreadable", "Berkas Excel ini rusak atau tidak dapat dibaca.") from error


def _workbook(content: bytes) -> dict[str, list[Row]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > MAX_SHEETS:
            raise too_large(f"Berkas memuat lebih dari {MAX_SHEETS} lembar.")
        return {sheet.title: _bounded(sheet.title, _values(sheet)) for sheet in book.worksheets}
    finally:
        book.close()


def _values(sheet: Any) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)


def _bounded(sheet: str, rows: Iterable[Sequence[Any]]) -> list[Row]:
    found: list[Row] = []
    for number, values in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise too_large(f"Lembar {sheet} memuat lebih dari {MAX_ROWS} baris. Bagilah menjadi beberapa berkas.")
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise too_large(f"Lembar {sheet} baris {number} memuat lebih dari {MAX_COLUMNS} kolom.")
        if any(len(cell) > MAX_CELL for cell in cells):
            raise too_large(f"Lembar {sheet} baris {number} memuat sel dengan lebih dari {MAX_CELL} karakter.")
        if cells:
            found.append(Row(number, tuple(cells)))
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    # A number of many digits was stored inexactly: shown as one, so that nobody takes it for an official's number.
    return f"{value:e}" if isinstance(value, int) and abs(value) > _EXACT else str(value).strip()


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) <= _EXACT else str(value)


def _check_parts(content: bytes) -> None:
    """Refuse what would unpack to too much. A part gives no more bytes than its header says, so headers suffice."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise too_large("Isi berkas Excel ini terlalu besar.")
        # Formats are made into objects one by one, a thousand times their size in a file that packs well.
        if any(part.file_size > MAX_DESCRIPTION for part in parts if part.filename in _DESCRIPTIONS):
            raise too_large("Berkas Excel ini memuat terlalu banyak format.")
        for part in parts:
            body = package.read(part)
            # No spreadsheet program writes a document type; entities that multiply would stand in one.
            if any(mark in body for mark in _DOCTYPES):
                raise unprocessable("sheet_unreadable", "Berkas Excel ini memuat deklarasi yang tidak diterima.")


def too_large(detail: str) -> ServiceError:
    """413 for a file past the bounds."""
    return ServiceError(413, "sheet_too_large", detail)


def write_workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]], choices: Choices | None = None) -> bytes:
    """An XLSX file. The first row of each sheet holds its headings; instants are given in local time.

    Text stays text whatever it begins with: a name such as ``=cmd()`` is never computed by who opens the file.
    """
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        _write(book.create_sheet(name), [list(row) for row in rows], (choices or {}).get(name, {}))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _write(sheet: Any, rows: list[list[Cell]], choices: Mapping[str, Sequence[str]]) -> None:
    headings = [str(heading) for heading in rows[0]] if rows else []
    for number, heading in enumerate(headings, start=1):
        column = [row[number - 1] for row in rows[1:] if len(row) >= number]
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _width([heading, *column])
        if all(value is None or isinstance(value, str) for value in column):
            dimension.number_format = "@"  # what is typed there later stays text too
        if heading in choices:
            _offer(sheet, f"{letter}2:{letter}{MAX_ROWS}", choices[heading])
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_styled(sheet, value, bold=number == 0) for value in row])


def _offer(sheet: Any, cells: str, choices: Sequence[str]) -> None:
    offered = f'"{",".join(choices)}"'
    if len(offered) > MAX_OFFERED:
        raise ValueError(f"a spreadsheet offers no more than {MAX_OFFERED} characters of choices")
    rule = DataValidation(type="list", formula1=offered, allow_blank=True)
    rule.add(cells)
    sheet.data_validations.append(rule)


def _width(values: Sequence[Cell]) -> int:
    return min(WIDEST, max(len(str(value)) for value in values if value is not None) + 2)


def _styled(sheet: Any, value: Cell, *, bold: bool) -> Any:
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # a spreadsheet knows no zones
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub("", value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    if bold:
        cell.font = _BOLD
    elif isinstance(value, Struck):
        cell.font = _STRUCK
    return cell


_BOLD = Font(bold=True)
_STRUCK = Font(strike=True)
