"""Make a unit. Invariant: its parent is there before it."""

from pydantic import ConfigDict, Field

from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.routing.commands.around import around_unit
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.commands.fields import Code, Name
from services.routing.domain.organisation import Unit, UnitKind
from services.routing.domain.picture import Picture
from services.routing.registry import Registry


class NewUnit(Wanted):
    """A unit to be made. ``code`` is the regency's own short name for it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name
    kind: UnitKind
    parent_id: EntityId | None = None
    code: Code | None = Field(default=None)


async def create_unit(registry: Registry, by: Declaration, wanted: NewUnit) -> tuple[Unit, bool]:
    """The unit, and whether it was made now."""

    async def make(tx: Transaction, identifier: str) -> tuple[Unit, Picture]:
        unit = Unit(id=identifier, name=wanted.name, kind=wanted.kind, parent_id=wanted.parent_id, code=wanted.code)
        return unit, await around_unit(registry, None, unit, tx.session)

    return await declare(registry, by, wanted, registry.units, make)
