"""Rename, move, close or reopen a unit. Invariant: whatever shows its name changes with it, in one transaction."""

from datetime import date
from typing import ClassVar

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.ids import EntityId
from services.chassis.mongo import Session
from services.chassis.preconditions import check_version
from services.routing.commands.around import around_unit
from services.routing.commands.fields import Change, Code, Name
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import Unit, UnitKind
from services.routing.domain.picture import Changes
from services.routing.registry import Registry


class UnitChange(Change):
    """What is to become of a unit; without a parent it stands at the top."""

    EMPTIABLE: ClassVar[frozenset[str]] = frozenset({"parent_id", "code"})

    name: Name | None = None
    kind: UnitKind | None = None
    parent_id: EntityId | None = None
    active: bool | None = None
    code: Code | None = None


async def change_unit(
    registry: Registry, by: Principal, unit_id: str, change: UnitChange, seen: int | None = None
) -> Unit:
    """The unit as it then is; the same again where nothing changes. ``seen`` is the version the client has seen."""

    async def decide(session: Session | None, today: date) -> Changes:
        unit = await registry.units.find(unit_id, session)
        if unit is None:
            raise not_found("Unit")
        wanted = unit.model_copy(update=change.sent())
        if wanted == unit:
            return Changes()
        check_version(unit.version, seen)
        around = await around_unit(registry, unit, wanted, session)
        return settled(around, around.having(wanted), today)

    found = await registry.enact(decide, "changed", by)
    after = found.find(Unit, unit_id) or await registry.units.find(unit_id, None)
    if after is None:
        raise not_found("Unit")
    return after
