"""Which address belongs to which service. Invariant: the first row that fits decides, and what no row fits is 404.

``*`` stands for one segment, ``**`` for any number, none included. Segments are compared after decoding, and a path
that could be read in two ways (dot segments, an encoded slash) fits no row at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

Upstream = Literal["intake", "routing", "disposition", "schedule", "notify"]
Body = Literal["document", "scan"]


@dataclass(frozen=True)
class Route:
    """One row. ``body`` names the limit that holds for what is sent to it."""

    pattern: str
    upstream: Upstream
    body: Body = "document"
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.pattern.strip("/").split("/")))


ROUTES: tuple[Route, ...] = (
    Route("/v1/units/**", "routing"),
    Route("/v1/positions/**", "routing"),
    Route("/v1/people/**", "routing"),
    Route("/v1/assignments/**", "routing"),
    Route("/v1/inbox/**", "routing"),
    Route("/v1/branches/**", "routing"),
    Route("/v1/letters/*/track", "routing"),
    Route("/v1/letters/*/dispositions", "disposition"),
    Route("/v1/dispositions/**", "disposition"),
    Route("/v1/instructions/**", "disposition"),
    Route("/v1/schedule/**", "schedule"),
    Route("/v1/notifications/**", "notify"),
    Route("/v1/letters", "intake", body="scan"),
    Route("/v1/letters/**", "intake"),
)


class RouteTable:
    """Looks a path up; rows are kept by their second segment, so a look-up compares a handful."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._rows: dict[str, list[Route]] = {}
        for route in routes:
            self._rows.setdefault(route.segments[1], []).append(route)

    def match(self, raw_path: bytes) -> Route | None:
        """The row for a path as it came over the wire, or None."""
        segments = segments_of(raw_path)
        if segments is None or len(segments) < 2 or segments[0] != "v1":
            return None
        return next((row for row in self._rows.get(segments[1], ()) if _fits(row.segments, segments)), None)


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
