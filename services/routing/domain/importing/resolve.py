"""Making entities of rows. Invariant: a row means what is there already, by its code, number or name, before it means
something new.
"""

from services.routing.domain.importing.assignment_rows import AssignmentRows
from services.routing.domain.importing.desk import Desk
from services.routing.domain.importing.person_rows import PersonRows
from services.routing.domain.importing.position_rows import PositionRows
from services.routing.domain.importing.rows import Parsed
from services.routing.domain.importing.unit_rows import UnitRows
from services.routing.domain.picture import Picture


def resolve(before: Picture, parsed: Parsed) -> Desk:
    """What the rows of a file mean, seen with what is there; each sheet after those it refers to."""
    desk = Desk(before, parsed)
    UnitRows(desk).resolve([line for line in parsed.lines if line.sheet == "unit"])
    PositionRows(desk).resolve([line for line in parsed.lines if line.sheet == "jabatan"])
    PersonRows(desk).resolve([line for line in parsed.lines if line.sheet == "pegawai"])
    AssignmentRows(desk).resolve([line for line in parsed.lines if line.sheet == "penugasan"])
    return desk
