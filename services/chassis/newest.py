"""Reading a long list newest first, a span of time at a time. Invariant: every entry is read once, none is passed over.

A limit does not bound what a server reads: the embedded one fetches all that an index holds between a query's bounds and
cuts afterwards. So the bounds are kept narrow: a page is looked for in the span that held one lately, then in the spans
before it. What a page costs then follows from the page, not from how long the list has grown.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

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


class Newest:
    """Reads lists newest first and remembers for each how long a span holds a page. One per process and collection."""

    def __init__(self) -> None:
        self._spans: dict[str, timedelta] = {}

    async def read(
        self,
        name: str,
        look: Callable[[Bounds], Awaitable[Sequence[Row]]],
        *,
        limit: int,
        before: str | None = None,
        since: str | None = None,
    ) -> list[Row]:
        """At least ``limit`` rows where there are that many, and perhaps more: the caller cuts.

        ``look`` gives all rows within bounds, newest first; ids tell the time (UUIDv7). ``name`` tells lists apart.
        ``before`` and ``since`` bound the whole reading.
        """
        start = instant_of(before) if before else now()
        found: list[Row] = []
        span, edge, upper = self._spans.get(name, FIRST_SPAN), start, before
        while True:
            edge -= span
            lower = self._lower(edge, start, since)
            found += await look(Bounds(lower, upper))
            if len(found) >= limit or lower == since:
                self._learn(name, start - edge, len(found), limit)
                return found
            upper = lower
            span = self._next_span(start - edge, len(found), limit)

    def _lower(self, edge: datetime, start: datetime, since: str | None) -> str | None:
        if start - edge > HORIZON:
            return since
        lower = first_id_of(edge)
        return since if since is not None and lower <= since else lower

    @staticmethod
    def _next_span(elapsed: timedelta, found: int, limit: int) -> timedelta:
        if found == 0:
            return elapsed * GROWTH
        missing = elapsed / found * (limit - found) * MARGIN
        return min(max(missing, elapsed / 2), elapsed * GROWTH)

    def _learn(self, name: str, elapsed: timedelta, found: int, limit: int) -> None:
        if len(self._spans) >= REMEMBERED:
            self._spans.clear()
        span = elapsed / found * limit * MARGIN if found >= limit else max(elapsed, HORIZON * 2)
        self._spans[name] = max(SHORTEST_SPAN, min(span, HORIZON * 2))
