"""What stands in somebody's boxes. Invariant: a box's count is the length of its list, and no item is left out."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.mongo import Document
from services.chassis.newest import Bounds
from services.routing.commands.entitlement import is_entitled, keys_of
from services.routing.context import Context
from services.routing.domain.boxes import BOXES, Box, tab
from services.routing.domain.branch import Branch, State
from services.routing.domain.control import ControlRow

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any deadline: a span that is bounded on both sides is one an index is read for."""


@dataclass(frozen=True)
class BoxQuery:
    """Which box, and what of it."""

    box: Box = "inbox"
    state: State | None = None
    unit_id: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class BoxItem:
    """A branch and the held position it lies with."""

    branch: Branch
    held: HeldPosition


async def list_box(context: Context, caller: Principal, query: BoxQuery) -> tuple[list[BoxItem], str | None]:
    """A page of a box of branches, newest first, and the cursor of the next."""
    tabs, further = _standing(caller, query.box, query.unit_id)
    if query.state:
        further["state"] = query.state

    async def look(bounds: Bounds) -> list[Branch]:
        return await context.branches.within(tabs, bounds, further)

    name = f"{query.box} {query.state} {tabs}"
    found = await context.newest_branches.read(name, look, limit=query.limit + 1, before=query.cursor)
    shown = found[: query.limit]
    return [_item(caller, one) for one in shown], (shown[-1].id if len(found) > query.limit else None)


async def list_outbox(
    context: Context, caller: Principal, unit_id: str | None, cursor: str | None, limit: int
) -> tuple[list[ControlRow], str | None]:
    """A page of the letters the caller's units have sent, newest first."""
    tabs = [tab(key, "outbox") for key in keys_of(caller, unit_id)]

    async def look(bounds: Bounds) -> list[ControlRow]:
        return await context.control_list.within("seen_by", tabs, bounds, {})

    found = await context.newest_letters.read(f"outbox {tabs}", look, limit=limit + 1, before=cursor)
    shown = found[:limit]
    return shown, (shown[-1].id if len(found) > limit else None)


async def count_boxes(context: Context, caller: Principal, unit_id: str | None = None) -> dict[Box, int]:
    """How many items each box holds."""

    async def count(box: Box) -> int:
        tabs, further = _standing(caller, box, unit_id)
        if box == "outbox":
            return await context.control_list.count(tabs)
        return await context.branches.count(tabs, further)

    return dict(zip(BOXES, await asyncio.gather(*(count(box) for box in BOXES)), strict=True))


def _standing(caller: Principal, box: Box, unit_id: str | None) -> tuple[list[str], Document]:
    """The index entries of a box, and what further must be true of what stands there."""
    keys = keys_of(caller, unit_id)
    if box == "overdue":
        return [tab(key, "inbox") for key in keys], {"due_at": {"$gte": BEGINNING, "$lt": now()}}
    return [tab(key, box) for key in keys], {}


def _item(caller: Principal, branch: Branch) -> BoxItem:
    named = (held for held in caller.positions if held.position_id in (branch.position_id, *branch.holders))
    entitled = (held for held in caller.positions if is_entitled(held, branch))
    sending = (held for held in caller.positions if held.unit_id == branch.sender_unit_id)
    return BoxItem(branch, next(named, None) or next(entitled, None) or next(sending))
