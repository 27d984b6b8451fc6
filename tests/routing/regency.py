"""A small regency for tests: an agency with its staff, two villages, a district."""

from dataclasses import dataclass, field

from services.chassis.auth import HeldPosition, Principal
from services.chassis.ids import new_id
from services.contracts.vocabulary import Capacity
from services.routing.commands.create_position import NewPosition, create_position
from services.routing.commands.create_unit import NewUnit, create_unit
from services.routing.commands.declare import Declaration
from services.routing.context import Context
from services.routing.domain.organisation import Position, PositionRole, Unit, UnitKind
from tests.people import principal

ADMIN = principal(name="Admin Kabupaten")


@dataclass
class Regency:
    """Units and positions by a short name."""

    context: Context
    units: dict[str, Unit] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)

    async def unit(self, key: str, name: str, kind: UnitKind) -> Unit:
        """Make a unit."""
        unit, _ = await create_unit(
            self.context.organisation, Declaration(ADMIN), NewUnit(id=new_id(), name=name, kind=kind)
        )
        self.units[key] = unit
        return unit

    async def position(
        self, key: str, title: str, unit: str, role: PositionRole, superior: str | None = None
    ) -> Position:
        """Make a position."""
        above = self.positions[superior].id if superior else None
        wanted = NewPosition(title=title, unit_id=self.units[unit].id, role=role, superior_id=above)
        position, _ = await create_position(self.context.organisation, Declaration(ADMIN), wanted)
        self.positions[key] = position
        return position

    def held(self, key: str, capacity: Capacity = "definitive") -> HeldPosition:
        """The position as somebody holds it."""
        position = self.positions[key]
        return HeldPosition(
            position_id=position.id,
            title=position.title,
            unit_id=position.unit_id,
            unit_name=position.unit_name,
            role=position.role,
            capacity=capacity,
        )

    def holder(self, *keys: str, name: str = "Wayan Sudira", capacity: Capacity = "definitive") -> Principal:
        """A person who holds these positions."""
        return principal(*(self.held(key, capacity) for key in keys), name=name)


async def found(context: Context) -> Regency:
    """Dinas PU, Desa Sekartaji, Desa Batukandik, Kecamatan Nusa Penida."""
    regency = Regency(context)
    await regency.unit("pu", "Dinas Pekerjaan Umum", "agency")
    await regency.unit("sekartaji", "Desa Sekartaji", "village")
    await regency.unit("batukandik", "Desa Batukandik", "village")
    await regency.unit("nusa_penida", "Kecamatan Nusa Penida", "district")
    await regency.position("head", "Kepala Dinas PU", "pu", "head")
    await regency.position("secretary", "Sekretaris Dinas PU", "pu", "secretary", "head")
    await regency.position("registrar", "Agendaris Dinas PU", "pu", "registrar", "secretary")
    await regency.position("roads", "Kepala Bidang Bina Marga", "pu", "officer", "head")
    await regency.position("heavy", "Pengelola Alat Berat", "pu", "officer", "roads")
    await regency.position("operator", "Operator Desa Sekartaji", "sekartaji", "village_operator")
    await regency.position("neighbour", "Operator Desa Batukandik", "batukandik", "village_operator")
    await regency.position("camat", "Camat Nusa Penida", "nusa_penida", "head")
    return regency
