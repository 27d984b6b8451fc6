"""Which address belongs to which service. Invariant: the first row that fits decides, and what no row fits is 404.

``*`` stands for one segment, ``**`` for any number, none included. Segments are compared after decoding, and a path
that could be read in two ways (dot segments, an encoded slash) fits no row at all. A row without methods takes every
method, and the service refuses what it does not know; where an address is shared between services, rows name theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from gateway.deprecation import Deprecated

Upstream = Literal["gateway", "intake", "routing", "disposition", "schedule", "notify"]
Body = Literal["form", "document", "sheet", "attachment", "scan", "upload"]
FORM_BYTES = 16 * 1024
"""What a form holds that a stranger may fill in: names, a password, a code. Reading it costs next to nothing."""
Pace = Literal["ordinary", "heavy", "stream", "public", "sign_in"]
"""How often one may ask: what costs much, what stays open and what strangers may ask are held tighter."""
Family = Literal[
    "letters",
    "dispositions",
    "schedule",
    "notifications",
    "organisation",
    "reports",
    "administration",
    "session",
    "public",
]
"""What an address is about. An app is given families to read or to write, but none of the last three."""


@dataclass(frozen=True)
class Route:
    """One row. ``body`` names the limit that holds for what is sent to it; an ``open`` one is for everybody.

    ``methods`` are those the row takes, all of them where none is named; whoever takes GET takes HEAD. What the gateway
    answers itself has rows too, so that who may come and how often is said in one table. A ``deprecated`` row tells so
    in its answers.
    """

    pattern: str
    upstream: Upstream
    family: Family
    body: Body = "document"
    pace: Pace = "ordinary"
    methods: frozenset[str] = frozenset()
    open: bool = False
    deprecated: Deprecated | None = None
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.pattern.strip("/").split("/")))
        if "GET" in self.methods:
            object.__setattr__(self, "methods", self.methods | {"HEAD"})

    def takes(self, method: str) -> bool:
        """Whether the row is for this method."""
        return not self.methods or method in self.methods


ROUTES: tuple[Route, ...] = (
    Route("/v1/auth/**", "gateway", "session", body="form", pace="sign_in", open=True),
    Route("/v1/me/**", "gateway", "session", body="form"),
    Route("/v1/accounts/**", "gateway", "administration"),
    Route("/v1/clients/**", "gateway", "administration"),
    Route("/v1/audit/identity/**", "gateway", "administration"),
    Route("/v1/openapi.json", "gateway", "public", body="form", pace="public", open=True),
    Route("/v1/asyncapi.json", "gateway", "public", body="form", pace="public", open=True),
    Route("/v1/status", "gateway", "public", body="form", pace="public", open=True),
    Route("/status", "gateway", "public", body="form", pace="public", open=True),
    Route("/v1/units/**", "routing", "organisation"),
    Route("/v1/positions/**", "routing", "organisation"),
    Route("/v1/people/**", "routing", "organisation"),
    Route("/v1/assignments/**", "routing", "organisation"),
    Route("/v1/absences/**", "routing", "organisation"),
    Route("/v1/organisation/import", "routing", "organisation", body="sheet", pace="heavy"),
    Route("/v1/organisation/**", "routing", "organisation"),
    Route("/v1/distribution-lists/**", "routing", "organisation"),
    Route("/v1/routing-rules/**", "routing", "organisation"),
    Route("/v1/proposals/**", "routing", "letters"),
    Route("/v1/calendar/**", "routing", "organisation"),
    Route("/v1/deadline-rules/**", "routing", "organisation"),
    Route("/v1/inbox/**", "routing", "letters"),
    Route("/v1/boxes/**", "routing", "letters"),
    Route("/v1/branches/**", "routing", "letters"),
    Route("/v1/search/**", "routing", "letters", pace="heavy"),
    Route("/v1/figures/**", "routing", "reports", pace="heavy"),
    Route("/v1/audit/**", "routing", "administration"),
    Route("/v1/public/track/**", "routing", "public", body="form", pace="public", open=True),
    Route("/v1/letters/*/track", "routing", "letters"),
    Route("/v1/letters/*/history", "routing", "letters"),
    Route("/v1/letters/*/proposals", "routing", "letters"),
    Route("/v1/letters/*/forward", "routing", "letters"),
    Route("/v1/letters/*/links", "routing", "letters"),
    Route("/v1/letters/*/receipt.pdf", "routing", "letters"),
    Route("/v1/letters/*/dispositions", "disposition", "dispositions"),
    Route("/v1/letters/*/disposition-candidates", "disposition", "dispositions"),
    Route("/v1/dispositions/*/attachments", "disposition", "dispositions", body="attachment"),
    Route("/v1/dispositions/**", "disposition", "dispositions"),
    Route("/v1/disposition-peers/**", "disposition", "organisation"),
    Route("/v1/disposition-form/**", "disposition", "organisation"),
    Route("/v1/instructions/**", "disposition", "organisation"),
    Route("/v1/quick-replies/**", "disposition", "organisation"),
    Route("/v1/public/dispositions/verify", "disposition", "public", body="form", pace="public", open=True),
    Route("/v1/schedule/**", "schedule", "schedule"),
    Route("/v1/notifications/stream", "notify", "notifications", pace="stream"),
    Route("/v1/notifications/**", "notify", "notifications"),
    Route("/v1/register", "intake", "letters"),
    Route("/v1/drafts/**", "intake", "letters"),
    Route("/v1/batches/**", "intake", "letters"),
    Route("/v1/separator-sheets.pdf", "intake", "letters"),
    Route("/v1/books/**", "intake", "reports", pace="heavy"),
    Route("/v1/dispatches/**", "intake", "reports", pace="heavy"),
    Route("/v1/number-templates/**", "intake", "organisation"),
    Route("/v1/letter-kinds/**", "intake", "organisation"),
    Route("/v1/classifications/import", "intake", "organisation", body="sheet", pace="heavy"),
    Route("/v1/classifications/**", "intake", "organisation"),
    Route("/v1/training/**", "intake", "organisation"),
    Route("/v1/storage/**", "intake", "reports", pace="heavy"),
    Route("/v1/uploads/**", "intake", "letters", body="upload"),
    Route("/v1/scans/**", "intake", "letters"),
    Route("/v1/letters", "routing", "letters", methods=frozenset({"GET"})),
    Route("/v1/letters", "intake", "letters", body="scan", methods=frozenset({"POST"})),
    Route("/v1/letters/*/**", "intake", "letters"),
)


NOWHERE = Route("unmatched", "gateway", "public", open=True)
"""What stands for a row where an address of the API fits none."""
REMEMBERED, REMEMBERED_BYTES = 4096, 128
"""How many addresses a table remembers, and of what length at most."""


class RouteTable:
    """Looks a path up; rows are kept by their first two segments, so a look-up compares a handful.

    Most ask for one of some dozens of addresses again and again, so what was found for short ones is remembered.
    """

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._rows: dict[tuple[str, ...], list[Route]] = {}
        self._found: dict[tuple[bytes, str], Route | None] = {}
        for route in routes:
            self._rows.setdefault(route.segments[:2], []).append(route)

    def match(self, raw_path: bytes, method: str = "GET") -> Route | None:
        """The row for a path as it came over the wire, or None.

        Of the rows the path fits, the first that takes the method; the first of them all where none does.
        """
        key = (raw_path, method)
        if key in self._found:
            return self._found[key]
        rows = self._fitting(raw_path)
        found = next((row for row in rows if row.takes(method)), rows[0] if rows else None)
        if len(raw_path) + len(method) <= REMEMBERED_BYTES:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[key] = found
        return found

    def methods(self, raw_path: bytes) -> list[str]:
        """What the rows together take that the path fits, for whoever asked with a method that none of them does."""
        return sorted({method for row in self._fitting(raw_path) for method in row.methods})

    def _fitting(self, raw_path: bytes) -> list[Route]:
        segments = segments_of(raw_path)
        if segments is None:
            return []
        return [row for row in self._rows.get(tuple(segments[:2]), ()) if _fits(row.segments, segments)]


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
