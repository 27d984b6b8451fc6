"""The classification as a spreadsheet: read, then compared with what is there. Pure; nothing here writes.

Invariant: every mistake of a file is told at once, each with its row, and a file with a mistake changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from services.intake.domain.catalogue.classification import CODE, ClassEntry, Classification, above

Cells: TypeAlias = tuple[int, tuple[str, ...]]
Action: TypeAlias = Literal["made", "changed", "retired", "restored"]
HEADINGS: Mapping[str, str] = {
    "kode": "kode",
    "kode klasifikasi": "kode",
    "klasifikasi": "kode",
    "nama": "nama",
    "uraian": "nama",
    "nama klasifikasi": "nama",
    "jenis arsip": "nama",
    "aktif": "aktif",
}
"""What a column may be called, and what is meant."""
LONGEST_NAME = 300
_YES_NO = {"": None, "ya": False, "tidak": True}


@dataclass(frozen=True)
class Mistake:
    """What is wrong and where, as a sentence."""

    sheet: str
    row: int | None
    column: str | None
    message: str


@dataclass(frozen=True)
class Line:
    """A row that says something of a code. ``retired`` None: it does not say."""

    row: int
    code: str
    name: str
    retired: bool | None


@dataclass(frozen=True)
class Change:
    """What becomes of a code. Without a row it follows from the file's not naming it."""

    row: int | None
    action: Action
    entry: ClassEntry
    former_name: str | None = None


@dataclass
class ClassPlan:
    """What a file changes, or what stands in its way."""

    sheet: str
    mistakes: list[Mistake] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def count(self, action: Action) -> int:
        """How many codes it does this to."""
        return sum(change.action == action for change in self.changes)

    def after(self, there: Classification) -> Classification:
        """The catalogue with its changes."""
        changed = {change.entry.code: change.entry for change in self.changes}
        return Classification.of(there.version + 1, (dict(there.entries) | changed).values())

    def wrong(self, row: int | None, column: str | None, message: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(self.sheet, row, column, message))


def plan_file(there: Classification, sheet: str, rows: Sequence[Cells], *, whole: bool) -> ClassPlan:
    """What the rows change. ``whole``: the file is the whole catalogue, and what it does not name is retired."""
    plan = ClassPlan(sheet)
    lines = _lines(plan, rows)
    codes = {line.code for line in lines} | set(there.entries)
    for line in lines:
        if above(line.code) and not codes & set(above(line.code)):
            message = f"Kode induk {above(line.code)[-1]} tidak ada di katalog maupun di berkas ini."
            plan.wrong(line.row, "kode", message)
    for line in lines:
        _compare(plan, line, there.entries.get(line.code))
    if whole:
        _retire_others(plan, there, {line.code for line in lines})
    return plan


def _compare(plan: ClassPlan, line: Line, known: ClassEntry | None) -> None:
    if known is None:
        plan.changes.append(Change(line.row, "made", ClassEntry(line.code, line.name, bool(line.retired))))
        return
    retired = known.retired if line.retired is None else line.retired
    wanted = ClassEntry(line.code, line.name, retired)
    if wanted == known:
        plan.unchanged += 1
        return
    action: Action = "changed"
    if retired != known.retired:
        action = "retired" if retired else "restored"
    plan.changes.append(Change(line.row, action, wanted, known.name if known.name != line.name else None))


def _retire_others(plan: ClassPlan, there: Classification, named: set[str]) -> None:
    for code, entry in there.entries.items():
        if code not in named and not entry.retired:
            plan.changes.append(Change(None, "retired", ClassEntry(code, entry.name, retired=True)))


def _lines(plan: ClassPlan, rows: Sequence[Cells]) -> list[Line]:
    columns, body = _columns(plan, rows)
    lines: list[Line] = []
    first: dict[str, int] = {}
    for row, cells in body if "kode" in columns and "nama" in columns else ():
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        if not any(said.values()):
            continue
        line = _line(plan, row, said)
        if line and line.code in first:
            message = (
                f"Kode {line.code} sudah disebut pada baris {first[line.code]}."
                " Pastikan kolom kode berformat teks, agar 100.10 tidak terbaca 100.1."
            )
            plan.wrong(row, "kode", message)
        elif line:
            first[line.code] = row
            lines.append(line)
    if not lines and not plan.mistakes:
        plan.wrong(None, None, "Berkas ini tidak memuat satu baris data pun.")
    return lines


def _columns(plan: ClassPlan, rows: Sequence[Cells]) -> tuple[dict[str, int], Sequence[Cells]]:
    """Which column is where. The headings stand in the first row that has one; titles may stand above it."""
    for at, (row, cells) in enumerate(rows[:20]):
        meant = [HEADINGS.get(" ".join(cell.casefold().split())) for cell in cells]
        if "kode" not in meant:
            continue
        columns = {name: meant.index(name) for name in meant if name}
        doubles = {name for name in columns if meant.count(name) > 1}
        for name in sorted(doubles):
            plan.wrong(row, name, f"Kolom {name} ada lebih dari satu.")
        if "nama" not in columns:
            plan.wrong(row, "nama", "Kolom nama (atau uraian) tidak ada.")
        return columns, rows[at + 1 :]
    plan.wrong(rows[0][0] if rows else None, "kode", "Baris judul dengan kolom kode dan nama tidak ditemukan.")
    return {}, ()


def _line(plan: ClassPlan, row: int, said: Mapping[str, str]) -> Line | None:
    code, name = _padded(said["kode"]), " ".join(said["nama"].split())
    before = len(plan.mistakes)
    if not CODE.fullmatch(code):
        shown = f"Kode “{said['kode'][:40]}” tidak sah" if code else "Kode kosong"
        plan.wrong(row, "kode", f"{shown}. Contoh yang benar: 600 atau 000.1.2.")
    if not name:
        plan.wrong(row, "nama", "Nama kosong.")
    elif len(name) > LONGEST_NAME:
        plan.wrong(row, "nama", f"Nama lebih panjang dari {LONGEST_NAME} karakter.")
    active = said.get("aktif", "").casefold()
    if active not in _YES_NO:
        plan.wrong(row, "aktif", "Isilah ya atau tidak.")
    return Line(row, code, name, _YES_NO[active]) if len(plan.mistakes) == before else None


def _padded(code: str) -> str:
    """A spreadsheet that took ``000`` for a number shows 0."""
    head, dot, rest = code.replace(" ", "").strip(".").partition(".")
    return f"{head.zfill(3)}{dot}{rest}" if head.isdecimal() and head.isascii() else code
