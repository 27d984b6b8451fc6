"""Reading a long list newest first, a span of time at a time. Invariant: every entry is read once, none is passed over.

A limit does not bound what a server reads: the embedded one fetches all that an index holds between a query's bounds
and cuts afterwards. So the bounds are kept narrow: a page is looked for in the span that held one lately, then in the
spans before it. What a page costs then follows from the page, not from how long the list has grown.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, TypeVar

from services.chassis.clock import now
from services.chassis.ids import first_id_of, instant_of
from services.chassis.mongo import Document

Row = TypeVar("Row")
FIRST_SPAN = timedelta(hours=1)
SHORTEST_SPAN = timedelta(seconds=1)
GROWTH = 8
"""By how much a span grows that held too little to tell how thick the list is."""
HORIZON = timedelta(days=500)
"""Further back than this all the rest is read at once: a list that fills no page in this time is a short one."""
MARGIN = 1.25
LOOK_SECONDS = 0.2
"""What one look should take at most: where conditions reject nearly everything, spans grow no further than this."""
REMEMBERED = 4096


@dataclass(frozen=True)
class Bounds:
    """From the id ``since`` (included) until the id ``before`` (not included); None is no bound."""

    since: str | None
    before: str | None

    @property
    def condition(self) -> Document:
        """The query condition on ``_id``; empty without bounds."""
        named = {"$gte": self.since, "$lt": self.before}
        inside = {name: bound for name, bound in named.items() if bound is not None}
        return {"_id": inside} if inside else {}


@dataclass(frozen=True)
class Reading(Generic[Row]):
    """What was found, and how far back was looked: to go on, read ``before`` the id ``upto``; None is the beginning."""

    rows: list[Row]
    upto: str | None


@dataclass(frozen=True)
class _Known:
    """Of a list: when its newest row was made, and in how long a span before that a page lay."""

    newest: datetime
    span: timedelta


class Newest:
    """Reads lists newest first and remembers for each how long a span holds a page. One per process and collection.

    ``id_of`` gives the id of a row.
    """

    def __init__(self, id_of: Callable[[Any], str] = attrgetter("id")) -> None:
        self._id_of = id_of
        self._known: dict[str, _Known] = {}

    async def read(
        self,
        name: str,
        look: Callable[[Bounds], Awaitable[Sequence[Row]]],
        *,
        limit: int,
        before: str | None = None,
    ) -> list[Row]:
        """At least ``limit`` rows where there are that many, and perhaps more: the caller cuts.

        ``look`` gives all rows within bounds, newest first; ids tell the time (UUIDv7). ``name`` tells lists apart.
        """
        return (await self.browse(name, look, limit=limit, before=before)).rows

    async def browse(
        self,
        name: str,
        look: Callable[[Bounds], Awaitable[Sequence[Row]]],
        *,
        limit: int,
        before: str | None = None,
        since: str | None = None,
        patience_seconds: float = float("inf"),
    ) -> Reading[Row]:
        """The same from ``since`` on, looking for no longer than ``patience_seconds``: it may find less and say so."""
        start, started = (instant_of(before) if before else now()), time.monotonic()
        patient = patience_seconds == float("inf")
        found: list[Row] = []
        known = self._known.get(name, _Known(start, FIRST_SPAN))
        # A list may have had nothing new for long: its first page lies before its newest row, not before this moment.
        start = min(start, known.newest) if before is None else start
        span, edge, upper, heavy, cheapest = known.span, start, before, False, float("inf")
        while True:
            edge -= span
            lower = self._lower(edge, start, since, heavy)
            asked = time.monotonic()
            found += await look(Bounds(lower, upper))
            took = time.monotonic() - asked
            if len(found) >= limit or lower == since:
                self._learn(name, start, found, limit, newest=before is None)
                return Reading(found, None if lower == since else lower)
            if time.monotonic() - started > patience_seconds:
                return Reading(found, lower)
            upper, cheapest = lower, min(cheapest, took)
            # What every look costs, of whatever span, says nothing of the span: a slow server must not make it shrink.
            excess = 0.0 if patient else took - cheapest
            heavy = excess > LOOK_SECONDS / GROWTH
            if excess > LOOK_SECONDS:
                span = max(SHORTEST_SPAN, span * (LOOK_SECONDS / took))
            elif not heavy:
                span = self._next_span(start - edge, len(found), limit)

    @staticmethod
    def _lower(edge: datetime, start: datetime, since: str | None, heavy: bool) -> str | None:
        if start - edge > HORIZON * (10 if heavy else 1):
            return since
        lower = first_id_of(edge)
        return since if since is not None and lower <= since else lower

    @staticmethod
    def _next_span(elapsed: timedelta, found: int, limit: int) -> timedelta:
        if found == 0:
            return elapsed * GROWTH
        missing = elapsed / found * (limit - found) * MARGIN
        return min(max(missing, elapsed / 2), elapsed * GROWTH)

    def _learn(self, name: str, start: datetime, found: Sequence[Any], limit: int, *, newest: bool) -> None:
        """Remember in what span this page lay; of a list that fills none, that it can be read at once."""
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        if len(found) < limit:
            self._known[name] = _Known(start, HORIZON * 2)
            return
        first, last = (instant_of(self._id_of(found[place])) for place in (0, limit - 1))
        before = self._known.get(name)
        span = max(SHORTEST_SPAN, min((first - last) * MARGIN, HORIZON * 2))
        self._known[name] = _Known(first if newest or before is None else before.newest, span)
