"""Files as people write them, for tests of the import."""

from datetime import date

from services.routing.domain.importing.plan import Plan, plan_file
from services.routing.domain.importing.rows import Mistake, Parsed, parse
from services.routing.domain.picture import Picture

TODAY = date(2026, 3, 2)

UNITS = """
kode  | nama                  | jenis_unit | induk              | aktif
      | Bupati                | pimpinan   |                    | ya
SETDA | Sekretariat Daerah    | setda      | Bupati             |
PU    | Dinas Pekerjaan Umum  | OPD        | SETDA              |
      | Bidang Bina Marga     | bidang     | PU                 |
      | Kecamatan Nusa Penida | kecamatan  | Sekretariat Daerah |
      | Desa Sekartaji        | desa       | Kecamatan Nusa Penida |
"""
POSITIONS = """
kode     | nama                | unit              | peran         | atasan
BUPATI   | Bupati              | Bupati            | pimpinan      |
SEKDA    | Sekretaris Daerah   | SETDA             | kepala        | BUPATI
KADIS-PU | Kepala Dinas        | PU                | kepala        | SEKDA
         | Agendaris           | PU                | agendaris     | Kepala Dinas
         | Kepala Bidang       | Bidang Bina Marga | kepala        | KADIS-PU
         | Operator            | Desa Sekartaji    | operator desa |
"""
PEOPLE = """
kode | nama          | nip
     | I Made Wira   | 197001011990031001
     | Ni Made Ratih | 19750101 199503 2 001
D1   | Ni Kadek Rai  |
"""
ASSIGNMENTS = """
pegawai            | jabatan                  | kedudukan | mulai      | selesai    | dasar_hukum
197001011990031001 | SEKDA                    |           | 2024-01-01 |            |
Ni Made Ratih      | PU > Kepala Dinas        | plt       | 02/01/2026 |            | SK 821/45/2026
D1                 | Desa Sekartaji > Operator | definitif | 2025-01-01 | 2030-12-31 |
"""
WHOLE = {
    "unit": UNITS,
    "jabatan": POSITIONS,
    "pegawai": PEOPLE,
    "penugasan": ASSIGNMENTS.replace("PU > K", "Dinas Pekerjaan Umum > K"),
}


def rows(text: str) -> list[tuple[int, list[str]]]:
    """A table's rows; the headings are row 1."""
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    return [(number, [cell.strip() for cell in line.split("|")]) for number, line in enumerate(lines, start=1)]


def read(**sheets: str) -> Parsed:
    """The sheets, read."""
    return parse({name: rows(text) for name, text in sheets.items()})


def planned(before: Picture, **sheets: str) -> Plan:
    """The plan for these sheets."""
    return plan_file(before, read(**sheets), TODAY)


def taken_in(before: Picture, **sheets: str) -> Picture:
    """What is there once the sheets were taken in; they have no mistakes."""
    plan = planned(before, **sheets)
    assert plan.mistakes == ()
    return before.having(*plan.changes.made, *plan.changes.changed)


def places(mistakes: tuple[Mistake, ...]) -> list[tuple[str, int | None, str | None]]:
    """Where mistakes are."""
    return [(one.sheet, one.row, one.column) for one in mistakes]
