"""Make a unit. Invariant: its parent is there before it."""

from pydantic import ConfigDict, Field

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.context import Context
from services.routing.domain.organisation import Unit, UnitKind


class NewUnit(Wanted):
    """A unit to be made."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=200)
    kind: UnitKind
    parent_id: EntityId | None = None


async def create_unit(context: Context, by: Declaration, wanted: NewUnit) -> tuple[Unit, bool]:
    """The unit, and whether it was made now."""

    async def make(tx: Transaction, identifier: str) -> Unit:
        if wanted.parent_id and await context.units.find(wanted.parent_id, tx.session) is None:
            raise unprocessable("unknown_unit", "Unit induk tidak dikenal.", field="parent_id")
        unit = Unit(id=identifier, name=wanted.name, kind=wanted.kind, parent_id=wanted.parent_id)
        tx.publish(unit.changed(), seq=unit.version)
        return unit

    return await declare(context, by, wanted, context.units, make)
