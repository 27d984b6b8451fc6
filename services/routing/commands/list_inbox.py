"""What lies with somebody's units and positions. Invariant: a page is cut from the newest, and none is left out.

It looks back a little first and further only while that does not fill a page: the newest items are what people look at,
and a server that fetches all an index finds before it sorts has then little to fetch, however full the inbox is.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import first_id_of, instant_of
from services.routing.commands.entitlement import is_entitled, keys_of
from services.routing.context import Context
from services.routing.domain.branch import Branch, State

LOOKS_BACK = (
    timedelta(seconds=10),
    timedelta(minutes=5),
    timedelta(hours=2),
    timedelta(days=3),
    timedelta(days=90),
    None,
)


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
    branches: list[Branch] = []
    for back in LOOKS_BACK:
        since = first_id_of(newest - back) if back else None
        branches = await _look(context, keys, query, since)
        if len(branches) > query.limit:
            break
    more = len(branches) > query.limit
    shown = branches[: query.limit]
    return [_item(caller, branch) for branch in shown], (shown[-1].id if more else None)


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
