"""Rename, move, close or reopen a position. Invariant: the chain of every position below is right when it commits."""

from datetime import date
from typing import ClassVar

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.ids import EntityId
from services.chassis.mongo import Session
from services.chassis.preconditions import check_version
from services.routing.commands.around import around_position
from services.routing.commands.fields import Change, Code, Name
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import Position, PositionRole
from services.routing.domain.picture import Changes
from services.routing.registry import Registry


class PositionChange(Change):
    """What is to become of a position; without a superior it stands at the top."""

    EMPTIABLE: ClassVar[frozenset[str]] = frozenset({"superior_id", "code"})

    title: Name | None = None
    unit_id: EntityId | None = None
    role: PositionRole | None = None
    superior_id: EntityId | None = None
    active: bool | None = None
    code: Code | None = None


async def change_position(
    registry: Registry, by: Principal, position_id: str, change: PositionChange, seen: int | None = None
) -> Position:
    """The position as it then is; the same again where nothing changes. ``seen`` is the version the client has seen."""

    async def decide(session: Session | None, today: date) -> Changes:
        position = await registry.positions.find(position_id, session)
        if position is None:
            raise not_found("Jabatan")
        wanted = position.model_copy(update=change.sent())
        if wanted == position:
            return Changes()
        check_version(position.version, seen)
        around = await around_position(registry, position, wanted, session)
        return settled(around, around.having(wanted), today)

    found = await registry.enact(decide, "changed", by)
    after = found.find(Position, position_id) or await registry.positions.find(position_id, None)
    if after is None:
        raise not_found("Jabatan")
    return after
