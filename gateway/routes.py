"""Which address belongs to which service. Invariant: the first row that fits decides, and what no row fits is 404.

``*`` stands for one segment, ``**`` for any number, none included. Segments are compared after decoding, and a path
that could be read in two ways (dot segments, an encoded slash) fits no row at all. A row without methods takes every
method, and the service refuses what it does not know; where an address is shared between services, rows name theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

Upstream = Literal["intake", "routing", "disposition", "schedule", "notify"]
Body = Literal["document", "sheet", "attachment", "scan", "upload"]


@dataclass(frozen=True)
class Route:
    """One row. ``body`` names the limit that holds for what is sent to it; an ``open`` one is for everybody.

    ``methods`` are those the row takes, all of them where none is named; whoever takes GET takes HEAD.
    """

    pattern: str
    upstream: Upstream
    body: Body = "document"
    methods: frozenset[str] = frozenset()
    open: bool = False
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.pattern.strip("/").split("/")))
        if "GET" in self.methods:
            object.__setattr__(self, "methods", self.methods | {"HEAD"})

    def takes(self, method: str) -> bool:
        """Whether the row is for this method."""
        return not self.methods or method in self.methods


ROUTES: tuple[Route, ...] = (
    Route("/v1/units/**", "routing"),
    Route("/v1/positions/**", "routing"),
    Route("/v1/people/**", "routing"),
    Route("/v1/assignments/**", "routing"),
    Route("/v1/absences/**", "routing"),
    Route("/v1/organisation/import", "routing", body="sheet"),
    Route("/v1/organisation/**", "routing"),
    Route("/v1/distribution-lists/**", "routing"),
    Route("/v1/routing-rules/**", "routing"),
    Route("/v1/proposals/**", "routing"),
    Route("/v1/calendar/**", "routing"),
    Route("/v1/deadline-rules/**", "routing"),
    Route("/v1/inbox/**", "routing"),
    Route("/v1/boxes/**", "routing"),
    Route("/v1/branches/**", "routing"),
    Route("/v1/search/**", "routing"),
    Route("/v1/figures/**", "routing"),
    Route("/v1/audit/**", "routing"),
    Route("/v1/public/track/**", "routing", open=True),
    Route("/v1/letters/*/track", "routing"),
    Route("/v1/letters/*/history", "routing"),
    Route("/v1/letters/*/proposals", "routing"),
    Route("/v1/letters/*/forward", "routing"),
    Route("/v1/letters/*/links", "routing"),
    Route("/v1/letters/*/receipt.pdf", "routing"),
    Route("/v1/letters/*/dispositions", "disposition"),
    Route("/v1/letters/*/disposition-candidates", "disposition"),
    Route("/v1/dispositions/*/attachments", "disposition", body="attachment"),
    Route("/v1/dispositions/**", "disposition"),
    Route("/v1/disposition-peers/**", "disposition"),
    Route("/v1/disposition-form/**", "disposition"),
    Route("/v1/instructions/**", "disposition"),
    Route("/v1/quick-replies/**", "disposition"),
    Route("/v1/public/dispositions/verify", "disposition", open=True),
    Route("/v1/schedule/**", "schedule"),
    Route("/v1/notifications/**", "notify"),
    Route("/v1/register", "intake"),
    Route("/v1/drafts/**", "intake"),
    Route("/v1/batches/**", "intake"),
    Route("/v1/separator-sheets.pdf", "intake"),
    Route("/v1/books/**", "intake"),
    Route("/v1/dispatches/**", "intake"),
    Route("/v1/number-templates/**", "intake"),
    Route("/v1/letter-kinds/**", "intake"),
    Route("/v1/classifications/import", "intake", body="sheet"),
    Route("/v1/classifications/**", "intake"),
    Route("/v1/training/**", "intake"),
    Route("/v1/storage/**", "intake"),
    Route("/v1/uploads/**", "intake", body="upload"),
    Route("/v1/scans/**", "intake"),
    Route("/v1/letters", "routing", methods=frozenset({"GET"})),
    Route("/v1/letters", "intake", body="scan", methods=frozenset({"POST"})),
    Route("/v1/letters/*/**", "intake"),
)


class RouteTable:
    """Looks a path up; rows are kept by their second segment, so a look-up compares a handful."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._rows: dict[str, list[Route]] = {}
        for route in routes:
            self._rows.setdefault(route.segments[1], []).append(route)

    def match(self, raw_path: bytes, method: str = "GET") -> Route | None:
        """The row for a path as it came over the wire, or None.

        Of the rows the path fits, the first that takes the method; the first of them all where none does.
        """
        rows = self._fitting(raw_path)
        return next((row for row in rows if row.takes(method)), rows[0] if rows else None)

    def methods(self, raw_path: bytes) -> list[str]:
        """What the rows together take that the path fits, for whoever asked with a method that none of them does."""
        return sorted({method for row in self._fitting(raw_path) for method in row.methods})

    def _fitting(self, raw_path: bytes) -> list[Route]:
        segments = segments_of(raw_path)
        if segments is None or len(segments) < 2 or segments[0] != "v1":
            return []
        return [row for row in self._rows.get(segments[1], ()) if _fits(row.segments, segments)]


def segments_of(raw_path: bytes) -> list[str] | None:
    """The decoded segments, or None for a path that different servers may read differently."""
    try:
        parts = raw_path.decode("ascii").split("/")[1:]
        decoded = [unquote(part, errors="strict") if "%" in part else part for part in parts]
    except UnicodeDecodeError:
        return None
    return None if any(map(_ambiguous, decoded)) else decoded


def _ambiguous(segment: str) -> bool:
    return segment in ("", ".", "..") or not segment.isprintable() or any(mark in segment for mark in "/\\;")


def _fits(pattern: tuple[str, ...], segments: list[str]) -> bool:
    open_ended = pattern[-1] == "**"
    fixed = pattern[:-1] if open_ended else pattern
    if len(segments) < len(fixed) or (len(segments) > len(fixed) and not open_ended):
        return False
    return all(want in ("*", got) for want, got in zip(fixed, segments, strict=False))
