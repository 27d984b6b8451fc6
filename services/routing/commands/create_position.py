"""Make a position. Invariant: its unit and its superior are there before it, so no cycle can be closed."""

from pydantic import ConfigDict

from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.routing.commands.around import around_position
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.commands.fields import Code, Name
from services.routing.domain.organisation import Position, PositionRole
from services.routing.domain.picture import Picture
from services.routing.registry import Registry


class NewPosition(Wanted):
    """A position to be made. ``code`` is the regency's own short name for it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Name
    unit_id: EntityId
    role: PositionRole
    superior_id: EntityId | None = None
    code: Code | None = None


async def create_position(registry: Registry, by: Declaration, wanted: NewPosition) -> tuple[Position, bool]:
    """The position with its chain of superiors, and whether it was made now."""

    async def make(tx: Transaction, identifier: str) -> tuple[Position, Picture]:
        position = Position(
            id=identifier,
            title=wanted.title,
            unit_id=wanted.unit_id,
            unit_name="",
            unit_kind="external",
            role=wanted.role,
            superior_id=wanted.superior_id,
            code=wanted.code,
        )  # what its unit says of it follows from the picture
        return position, await around_position(registry, None, position, tx.session)

    return await declare(registry, by, wanted, registry.positions, make)
