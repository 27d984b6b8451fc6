"""Reading rows. Invariant: every cell that cannot be understood is told of, with its place, and none is guessed at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.routing.domain.importing.form import GUIDE, KIND, SHEETS, Column, SheetName, plain, sheet_called

MAX_NAME = 200
MAX_REFERENCE = 1000
MAX_BASIS = 300
MAX_RANK = 100
_LONGEST = {"legal_basis": MAX_BASIS, "name": MAX_NAME, "title": MAX_NAME, "rank": MAX_RANK}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,59}")
NIP = re.compile(r"\d{18}")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"),
)
Cells = tuple[int, Sequence[str]]
"""A row's number and what stands in it."""
Value = str | date | bool | None
_EMPTY: dict[str, Value] = {"active": True, "capacity": "definitive"}
"""What an empty cell means, where it means something."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong, where, as a sentence; without a row it concerns the whole sheet."""

    sheet: str
    row: int | None
    column: str | None
    message: str


@dataclass(frozen=True)
class Line:
    """A row that was understood: its values by field. A field whose column is not in the sheet is not in ``values``."""

    sheet: SheetName
    row: int
    values: Mapping[str, Value]

    def text(self, field: str) -> str | None:
        """A text, or None where nothing stands."""
        value = self.values.get(field)
        return value if isinstance(value, str) else None

    def mistake(self, field: str, message: str) -> Mistake:
        """A mistake in one of its cells."""
        heading = next((one.heading for one in SHEETS[self.sheet] if one.field == field), None)
        return Mistake(self.sheet, self.row, heading, message)


@dataclass(frozen=True)
class Parsed:
    """What was read. ``spoiled`` are names and codes in rows with mistakes: who refers to them is not to blame."""

    lines: tuple[Line, ...]
    mistakes: tuple[Mistake, ...]
    spoiled: frozenset[str]


def parse(sheets: Mapping[str, Sequence[Cells]]) -> Parsed:
    """Read sheets by their names; one with another name is read where a column says what each of its rows is."""
    reading = _Reading()
    for name, rows in sheets.items():
        if rows and plain(name) != GUIDE:
            reading.sheet(name, sheet_called(name), rows)
    if not reading.lines and not reading.mistakes:
        reading.mistakes.append(Mistake("", None, None, "Berkas ini tidak memuat satu baris data pun."))
    return Parsed(tuple(reading.lines), tuple(reading.mistakes), frozenset(reading.spoiled))


class _Reading:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.mistakes: list[Mistake] = []
        self.spoiled: set[str] = set()

    def sheet(self, name: str, known: SheetName | None, rows: Sequence[Cells]) -> None:
        (heading_row, headings), *body = rows
        places = self._places(name, heading_row, headings)
        if known is None and KIND not in places:
            known_names = ", ".join(SHEETS)
            message = f"Lembar {name} tidak dikenal. Lembar yang dikenal: {known_names}."
            self.mistakes.append(Mistake(name, None, None, message))
            return
        if known is not None and not self._complete(name, heading_row, known, places):
            return
        for number, cells in body:
            sheet = known or self._kind(name, number, cells, places)
            if sheet is not None:
                self._row(sheet, number, cells, places)

    def _places(self, name: str, row: int, headings: Sequence[str]) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, heading in enumerate(headings):
            if plain(heading) in places:
                self.mistakes.append(Mistake(name, row, heading, f"Kolom {heading} ada lebih dari satu."))
            elif plain(heading):
                places[plain(heading)] = place
        return places

    def _complete(self, name: str, row: int, sheet: SheetName, places: Mapping[str, int]) -> bool:
        """Whether the columns are those of the sheet."""
        known = {plain(column.heading): column for column in SHEETS[sheet]}
        told = len(self.mistakes)
        for heading in places:
            if heading not in known and heading != KIND:
                offered = ", ".join(column.heading for column in known.values())
                message = f"Kolom {heading} tidak dikenal. Kolom yang dikenal: {offered}."
                self.mistakes.append(Mistake(name, row, heading, message))
        for heading, column in known.items():
            if column.required and heading not in places:
                self.mistakes.append(Mistake(name, row, column.heading, f"Kolom {column.heading} wajib ada."))
        return len(self.mistakes) == told

    def _kind(self, name: str, number: int, cells: Sequence[str], places: Mapping[str, int]) -> SheetName | None:
        said = _cell(cells, places[KIND])
        sheet = sheet_called(said)
        if sheet is None:
            message = f"Jenis baris {said or '(kosong)'} tidak dikenal. Pilihan: {', '.join(SHEETS)}."
            self.mistakes.append(Mistake(name, number, KIND, message))
        return sheet

    def _row(self, sheet: SheetName, number: int, cells: Sequence[str], places: Mapping[str, int]) -> None:
        values: dict[str, Value] = {}
        told = len(self.mistakes)
        for column in SHEETS[sheet]:
            place = places.get(plain(column.heading))
            said = "" if place is None else _cell(cells, place)
            try:
                value = _value(column, said)
            except ValueError as wrong:
                self.mistakes.append(Mistake(sheet, number, column.heading, str(wrong)))
                continue
            if place is not None:
                values[column.field] = value
        if len(self.mistakes) == told:
            self.lines.append(Line(sheet, number, values))
        else:
            self.spoiled |= {plain(said) for said in cells if said}


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _value(column: Column, said: str) -> Value:
    """What a cell means; ValueError with the sentence to tell."""
    if not said:
        if column.required:
            raise ValueError(f"Kolom {column.heading} wajib diisi.")
        return _EMPTY.get(column.field)
    if column.words:
        return _word(column, said)
    if column.field in ("starts_on", "ends_on"):
        return _date(said)
    if column.field == "nip":
        return _nip(said)
    if column.field == "code" and not CODE.fullmatch(said):
        raise ValueError("Kode hanya boleh memuat huruf, angka, titik, garis, garis bawah dan garis miring.")
    longest = _LONGEST.get(column.field, MAX_REFERENCE)
    if len(said) > longest:
        raise ValueError(f"Isian terlalu panjang, paling banyak {longest} karakter.")
    return " ".join(said.split())


def _word(column: Column, said: str) -> Value:
    known = {plain(word): meaning for word, meaning in column.words.items()}
    known |= {plain(meaning): meaning for meaning in column.words.values()}
    meaning = known.get(plain(said).rstrip("."))
    if meaning is None:
        raise ValueError(f"Isian {said} tidak dikenal. Pilihan: {', '.join(column.spoken())}.")
    return meaning == "true" if column.field == "active" else meaning


def _date(said: str) -> date:
    for form in _DATES:
        if match := form.fullmatch(said):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                break
    raise ValueError(f"Tanggal {said} tidak sah. Tulislah seperti 2026-03-01 atau 01/03/2026.")


def _nip(said: str) -> str:
    if "e+" in said.lower():
        raise ValueError(
            "NIP tersimpan sebagai angka sehingga digitnya hilang. Ubah format sel menjadi teks, lalu ketik ulang."
        )
    digits = re.sub(r"[\s'.]", "", said)
    if not NIP.fullmatch(digits):
        raise ValueError("NIP harus terdiri atas 18 angka.")
    return digits
