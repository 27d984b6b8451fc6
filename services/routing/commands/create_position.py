"""Make a position. Invariant: its unit and its superior are there before it, so no cycle can be closed."""

from pydantic import ConfigDict, Field

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.context import Context
from services.routing.domain.organisation import Position, PositionRole, superiors_under


class NewPosition(Wanted):
    """A position to be made."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=200)
    unit_id: EntityId
    role: PositionRole
    superior_id: EntityId | None = None


async def create_position(context: Context, by: Declaration, wanted: NewPosition) -> tuple[Position, bool]:
    """The position with its chain of superiors, and whether it was made now."""

    async def make(tx: Transaction, identifier: str) -> Position:
        unit = await context.units.find(wanted.unit_id, tx.session)
        if unit is None:
            raise unprocessable("unknown_unit", "Unit tidak dikenal.", field="unit_id")
        superiors = superiors_under(identifier, await _superior(context, tx, wanted, identifier))
        position = Position(
            id=identifier,
            title=wanted.title,
            unit_id=unit.id,
            unit_name=unit.name,
            unit_kind=unit.kind,
            role=wanted.role,
            superior_id=wanted.superior_id,
            superiors=superiors,
        )
        tx.publish(position.changed(), seq=position.version)
        return position

    return await declare(context, by, wanted, context.positions, make)


async def _superior(context: Context, tx: Transaction, wanted: NewPosition, identifier: str) -> Position | None:
    if wanted.superior_id is None:
        return None
    if wanted.superior_id == identifier:
        raise unprocessable("superior_cycle", "Sebuah jabatan tidak dapat menjadi atasan dirinya sendiri.")
    superior = await context.positions.find(wanted.superior_id, tx.session)
    if superior is None:
        raise unprocessable("unknown_position", "Jabatan atasan tidak dikenal.", field="superior_id")
    return superior
