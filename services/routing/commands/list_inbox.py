"""What lies with somebody's units and positions. Invariant: a page is cut from the newest, and none is left out.

An inbox first looks back a month, which is what people look at, and at everything only where that does not fill a page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import instant_of
from services.routing.commands.entitlement import is_entitled, keys_of
from services.routing.context import Context
from services.routing.domain.branch import Branch, State


@dataclass(frozen=True)
class InboxQuery:
    """What is asked for; done branches only with ``state="done"``."""

    state: State | None = None
    unit_id: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class InboxItem:
    """A branch and the held position it lies with."""

    branch: Branch
    held: HeldPosition


async def list_inbox(context: Context, caller: Principal, query: InboxQuery) -> tuple[list[InboxItem], str | None]:
    """A page, newest first, and the cursor of the next."""
    keys = keys_of(caller, query.unit_id)
    newest = instant_of(query.cursor) if query.cursor else now()
    since = first_id_of(newest - timedelta(days=context.settings.inbox_window_days))
    branches = await _look(context, keys, query, since)
    if len(branches) <= query.limit:
        branches = await _look(context, keys, query, None)
    more = len(branches) > query.limit
    shown = branches[: query.limit]
    return [_item(caller, branch) for branch in shown], (shown[-1].id if more else None)


def first_id_of(instant: datetime) -> str:
    """The least UUIDv7 of a millisecond: every id made since sorts after it."""
    milliseconds = max(0, int(instant.timestamp() * 1000))
    text = f"{milliseconds:012x}"
    return f"{text[:8]}-{text[8:]}-7000-8000-000000000000"


async def _look(context: Context, keys: list[str], query: InboxQuery, since: str | None) -> list[Branch]:
    return await context.branches.lying_with(
        keys,
        state=query.state,
        unit_id=query.unit_id,
        before=query.cursor,
        since=since,
        limit=query.limit + 1,
    )


def _item(caller: Principal, branch: Branch) -> InboxItem:
    named = (held for held in caller.positions if held.position_id in (branch.position_id, *branch.holders))
    entitled = (held for held in caller.positions if is_entitled(held, branch))
    return InboxItem(branch, next(named, None) or next(entitled))
