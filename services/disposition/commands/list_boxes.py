"""What stands in somebody's boxes. Invariant: a box's count is the length of its list, and paging to the end shows
every item exactly once.

A page that is narrowed is looked for no longer than ``PATIENCE_SECONDS``: where next to nothing fits it answers with
what it found and a cursor to look further from.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.chassis.ids import first_id_of, known_id
from services.chassis.newest import Bounds
from services.disposition.context import Context
from services.disposition.domain.boxes import BOXES, Box, tab
from services.disposition.domain.finding import BoxItem, Wanted, conditions, items_of

PATIENCE_SECONDS = 1.0
_LAST = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff").int
"""No id comes after it."""


@dataclass(frozen=True)
class BoxQuery:
    """Which box, what of it, and where to go on. Dates are local and inclusive."""

    box: Box = "received"
    as_position: str | None = None
    wanted: Wanted = field(default_factory=Wanted)
    since: date | None = None
    until: date | None = None
    cursor: str | None = None
    limit: int = 50


async def list_box(context: Context, caller: Principal, query: BoxQuery) -> tuple[list[BoxItem], str | None]:
    """A page of a box, newest first, and the cursor of the next."""
    mine = _positions(caller, query.as_position)
    if not mine:
        return [], None
    tabs, further = [tab(one, query.box) for one in mine], conditions(query.wanted)
    after, rest = _place_of(query.cursor)

    async def look(bounds: Bounds) -> list[BoxItem]:
        found = await context.dispositions.within(tabs, bounds, further)
        items = [item for one in found for item in items_of(one, query.box, frozenset(mine), query.wanted)]
        return [item for item in items if rest is None or _order(item) < rest]

    since, before = _period(context, query)
    reading = await context.newest.browse(
        f"{tabs} {query.wanted}",
        look,
        limit=query.limit + 1,
        before=min((one for one in (after, before) if one), default=None),
        since=since,
        patience_seconds=PATIENCE_SECONDS if query.wanted.narrows else float("inf"),
    )
    shown = reading.rows[: query.limit]
    return shown, (_place(shown[-1]) if len(reading.rows) > query.limit else reading.upto)


async def count_boxes(context: Context, caller: Principal, as_position: str | None = None) -> dict[Box, int]:
    """How many items each box holds."""
    counts = await context.box_counts.of(_positions(caller, as_position))
    return {box: counts[box] for box in BOXES}


def _positions(caller: Principal, as_position: str | None) -> list[str]:
    if as_position is None:
        return list(dict.fromkeys(caller.position_ids))
    if caller.holding(as_position) is None:
        raise forbidden("Anda tidak memegang jabatan ini.")
    return [as_position]


def _order(item: BoxItem) -> tuple[str, str]:
    return item.id, item.part.recipient_id if item.part else ""


def _place(item: BoxItem) -> str:
    """Where a page ends: two parts of one disposition may lie with one person, and the page end between them."""
    return f"{item.id}.{item.part.recipient_id}" if item.part else item.id


def _place_of(cursor: str | None) -> tuple[str | None, tuple[str, str] | None]:
    """Before which id to read on, and the item that was the last."""
    if cursor is None:
        return None, None
    identifier, _, recipient_id = cursor.partition(".")
    if not recipient_id:
        return known_id(identifier), None
    known = known_id(identifier)
    return str(UUID(int=min(UUID(known).int + 1, _LAST))), (known, known_id(recipient_id))


def _period(context: Context, query: BoxQuery) -> tuple[str | None, str | None]:
    def start(day: date) -> str:
        return first_id_of(datetime.combine(day, time.min, context.timezone))

    since = start(query.since) if query.since else None
    return since, start(query.until + timedelta(days=1)) if query.until else None
