"""Make the units and positions of a template. Invariant: what is there already is left as it is, so a template can be
used again, with more items in its lists, and makes what is missing.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.ids import EntityId
from services.chassis.mongo import Session
from services.routing.commands.fields import Code
from services.routing.commands.import_organisation import refused
from services.routing.domain.importing.plan import Plan, plan
from services.routing.domain.organisation import Entity
from services.routing.domain.picture import Changes, Picture
from services.routing.domain.template import Argument, Place, Text, grow
from services.routing.registry import Registry
from services.routing.templates import templates

CHIEFS = ("leader", "head")


class TemplateUse(BaseModel):
    """Where and under which name. ``key`` tells two uses in one place apart; without it their names do."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Text
    parent_id: EntityId | None = None
    superior_id: EntityId | None = None
    key: Code | None = None
    parameters: dict[str, Argument] = Field(default_factory=dict)


async def apply_template(registry: Registry, by: Principal, code: str, use: TemplateUse, *, dry_run: bool) -> Plan:
    """What was made, or with ``dry_run`` what would be."""
    if code not in templates():
        raise not_found("Templat")
    if dry_run:
        return await asyncio.to_thread(_plan, await registry.everything(None), code, use, registry.today())
    plans: list[Plan] = []

    async def decide(session: Session | None, today: date) -> Changes:
        found = await asyncio.to_thread(_plan, await registry.everything(session), code, use, today)
        if found.mistakes:
            raise refused(found.mistakes)
        plans.append(found)
        return found.changes

    await registry.enact(decide, "from_template", by)
    return plans[-1]


def _plan(everything: Sequence[Entity], code: str, use: TemplateUse, today: date) -> Plan:
    there = Picture.of(everything)
    if use.parent_id is not None and use.parent_id not in there.units:
        raise unprocessable("unknown_unit", "Unit induk tidak dikenal.", field="parent_id")
    if use.superior_id is not None and use.superior_id not in there.positions:
        raise unprocessable("unknown_position", "Jabatan atasan tidak dikenal.", field="superior_id")
    superior_id = use.superior_id or _chief(there, use.parent_id)
    place = Place(use.parent_id, superior_id, (use.parent_id or "", code, use.key or use.name))
    grown = grow(templates(), code, use.name, use.parameters, place)
    wanted = [
        *(one for one in grown.units if one.id not in there.units),
        *(one for one in grown.positions if one.id not in there.positions),
    ]
    return plan(there, wanted, today)


def _chief(there: Picture, unit_id: str | None) -> str | None:
    """Who leads the unit, where that is one position alone."""
    chiefs = [
        one.id for one in there.positions.values() if one.unit_id == unit_id and one.role in CHIEFS and one.active
    ]
    return chiefs[0] if len(chiefs) == 1 else None
