"""The access log. Invariant: no line holds an address of a letter, a query, a token, a cookie or anything of a body.

A line says by which row of the table somebody came, not what they asked for. Lines are gathered for a moment and
written together: a system call a request would cost more than the line.
"""

import asyncio
import atexit
import sys
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from services.chassis.clock import now

GATHER_SECONDS = 0.2
AT_MOST = 1000
"""Lines that are gathered before they are written."""


@dataclass(slots=True)
class Seen:
    """One request, as it is told. ``nth`` of its connection; ``cut`` is an answer that did not come to its end."""

    method: str
    route: str
    status: int
    size: int
    seconds: float
    request_id: str
    who: str | None
    via: str | None
    network: str
    trace_id: str | None
    nth: int
    cut: bool


class AccessLog:
    """JSON lines beside those of the program, of the logger ``gateway.access``."""

    def __init__(self, service: str, write: Callable[[bytes], object] | None = None) -> None:
        self._service = service
        self._write = write or _to_stderr
        self._lines: list[bytes] = []
        self._waiting: asyncio.TimerHandle | None = None
        atexit.register(self.flush)

    def write(self, seen: Seen) -> None:
        """Tell of one request, within a moment."""
        self._lines.append(orjson.dumps(self._line(seen)))
        if len(self._lines) >= AT_MOST:
            self.flush()
        elif self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(GATHER_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what was gathered."""
        self._waiting = None
        if self._lines:
            lines, self._lines = self._lines, []
            self._write(b"\n".join(lines) + b"\n")

    def _line(self, seen: Seen) -> dict[str, object]:
        line: dict[str, object] = {
            "time": now(),
            "level": "INFO",
            "logger": "gateway.access",
            "service": self._service,
            "message": "request",
            "method": seen.method,
            "route": seen.route,
            "status": seen.status,
            "bytes": seen.size,
            "ms": round(seen.seconds * 1000, 2),
            "network": seen.network,
            "nth": seen.nth,
            "request_id": seen.request_id,
            "trace_id": seen.trace_id,
        }
        if seen.who:
            line |= {"who": seen.who, "via": seen.via}
        if seen.cut:
            line["cut"] = True
        return line


def _to_stderr(lines: bytes) -> None:
    sys.stderr.buffer.write(lines)
    sys.stderr.buffer.flush()
