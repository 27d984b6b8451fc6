"""The control list: every letter somebody may read, filtered and sorted. Invariant: nothing is listed that the caller
may not read, and paging to the end shows every letter that fits exactly once, as long as none of them changes.

A page is looked for no longer than ``PATIENCE_SECONDS``: a filter that fits next to nothing answers with what it found
and a cursor to look further from.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import unprocessable
from services.chassis.ids import first_id_of
from services.chassis.mongo import Document
from services.chassis.newest import Bounds
from services.contracts.vocabulary import Category, Confidentiality, Urgency
from services.routing.commands.entitlement import seen_keys
from services.routing.commands.list_box import BEGINNING
from services.routing.context import Context
from services.routing.domain.control import AUDITORS_KEY, LEADERS_KEY, ControlRow
from services.routing.domain.letter import Status

Sort = Literal["newest", "due"]
PATIENCE_SECONDS = 1.0
DUE_SPANS = (-365, -60, -14, -3, 0, 2, 7, 30)
"""Days from now between which letters by deadline are read, a span at a time."""


@dataclass(frozen=True)
class Filters:
    """What is asked for; None does not narrow. Dates are local and inclusive."""

    unit_id: str | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    kind: str | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality | None = None
    status: Status | None = None
    followed_up: bool | None = None
    overdue: bool | None = None
    due_to: date | None = None
    sender_id: str | None = None
    training: bool | None = None


@dataclass(frozen=True)
class Paging:
    """How the list is sorted and where it goes on."""

    sort: Sort = "newest"
    cursor: str | None = None
    limit: int = 50


async def list_letters(
    context: Context, caller: Principal, wanted: Filters, paging: Paging
) -> tuple[list[ControlRow], str | None]:
    """A page and the cursor of the next."""
    zone = ZoneInfo(context.settings.timezone)
    keys = seen_keys(caller)
    if paging.sort == "due":
        return await _by_deadline(context, keys, wanted, paging, zone)
    return await _newest(context, keys, wanted, paging, zone)


async def _newest(
    context: Context, keys: list[str], wanted: Filters, paging: Paging, zone: ZoneInfo
) -> tuple[list[ControlRow], str | None]:
    field, values, conditions = "seen_by", keys, _conditions(wanted, zone)
    if wanted.unit_id and {LEADERS_KEY, AUDITORS_KEY} & set(keys):
        # Who sees everything is served by the unit's own index; what they may not read is taken out by condition.
        field, values = "units", [wanted.unit_id]
        conditions = {**conditions, "seen_by": {"$in": keys}}

    async def look(bounds: Bounds) -> list[ControlRow]:
        return await context.control_list.within(field, values, bounds, conditions)

    since, until = _period(wanted, zone)
    before = min((one for one in (paging.cursor, until) if one), default=None)
    reading = await context.newest_letters.browse(
        f"letters {values} {wanted}",
        look,
        limit=paging.limit + 1,
        before=before,
        since=since,
        patience_seconds=PATIENCE_SECONDS,
    )
    shown = reading.rows[: paging.limit]
    following = shown[-1].id if len(reading.rows) > paging.limit else reading.upto
    return shown, following


async def _by_deadline(
    context: Context, keys: list[str], wanted: Filters, paging: Paging, zone: ZoneInfo
) -> tuple[list[ControlRow], str | None]:
    """Open letters with a deadline, the soonest first. The cursor says where the page ended, whatever becomes of what
    stood there: the deadline in milliseconds, and the id.
    """
    after = _place_of(paging.cursor) if paging.cursor else None
    start, end = _span(wanted, zone)
    since, until = _period(wanted, zone)
    conditions = _conditions(wanted, zone)
    if since or until:
        conditions["_id"] = {name: bound for name, bound in (("$gte", since), ("$lt", until)) if bound}
    found: list[ControlRow] = []
    for bounds in _due_spans(after[0] if after else start, end):
        rows = await context.control_list.due(keys, bounds, conditions)
        found += [row for row in rows if after is None or (row.due_at, row.id) > after]
        if len(found) > paging.limit:
            break
    shown = found[: paging.limit]
    return shown, (_place(shown[-1]) if len(found) > paging.limit else None)


def _place(row: ControlRow) -> str:
    milliseconds = int(row.due_at.timestamp() * 1000) if row.due_at else 0
    return f"{milliseconds}.{row.id}"


def _place_of(cursor: str) -> tuple[datetime, str]:
    milliseconds, _, identifier = cursor.partition(".")
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC), identifier
    except (ValueError, OverflowError, OSError):
        raise unprocessable("bad_cursor", "Penanda halaman tidak dikenal.", field="cursor") from None


def _period(wanted: Filters, zone: ZoneInfo) -> tuple[str | None, str | None]:
    since = first_id_of(_start(wanted.registered_from, zone)) if wanted.registered_from else None
    until = first_id_of(_end(wanted.registered_to, zone)) if wanted.registered_to else None
    return since, until


def _due_spans(start: datetime | None, end: datetime | None) -> list[Document]:
    """Half-open spans of time that together hold every deadline from ``start`` until ``end``."""
    present = now()
    edges = [present + timedelta(days=days) for days in DUE_SPANS]
    inner = [edge for edge in edges if (start is None or edge > start) and (end is None or edge < end)]
    bounds = [start, *inner, end]
    spans: list[Document] = []
    for lower, upper in itertools.pairwise(bounds):
        spans.append({"$gte": lower or BEGINNING, "$lt": upper or present + timedelta(days=36500)})
    return spans


def _span(wanted: Filters, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    ends = [_end(wanted.due_to, zone)] if wanted.due_to else []
    ends += [now()] if wanted.overdue else []
    return (now() if wanted.overdue is False else None), min(ends, default=None)


def _conditions(wanted: Filters, zone: ZoneInfo) -> Document:
    named = {
        "summary.kind": wanted.kind,
        "summary.category": wanted.category,
        "summary.urgency": wanted.urgency,
        "summary.confidentiality": wanted.confidentiality,
        "status": wanted.status,
        "followed_up": wanted.followed_up,
        "summary.sender.id": wanted.sender_id,
        "units": wanted.unit_id,
        "summary.training": _practice(wanted.training),
    }
    found: Document = {name: value for name, value in named.items() if value is not None}
    start, end = _span(wanted, zone)
    if wanted.overdue is not None or wanted.due_to is not None:
        bounds = {"$gte": start, "$lt": end}
        found["due_at"] = {name: bound for name, bound in bounds.items() if bound is not None}
    return found


def _practice(wanted: bool | None) -> object:
    """Letters that were kept before there were any to practise with do not say that they are none."""
    return wanted if wanted is None or wanted else {"$ne": True}


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _end(day: date, zone: ZoneInfo) -> datetime:
    return _start(day + timedelta(days=1), zone)
