"""The access log. Invariant: no line holds an address of a letter, a query, a token, a cookie or anything of a body.

A line says by which row of the table somebody came, not what they asked for. Lines are gathered for a moment and
written together: a system call a request would cost more than the line.
"""

import asyncio
import atexit
import sys
from collections.abc import Callable

import orjson

GATHER_SECONDS = 0.2
AT_MOST = 1000
"""Lines that are gathered before they are written."""


class AccessLog:
    """JSON lines beside those of the program, of the logger ``gateway.access``."""

    def __init__(self, service: str, write: Callable[[bytes], object] | None = None) -> None:
        same = {"level": "INFO", "logger": "gateway.access", "service": service, "message": "request"}
        self._same = orjson.dumps(same)[:-1] + b","
        self._write = write or _to_stderr
        self._lines: list[bytes] = []
        self._waiting: asyncio.TimerHandle | None = None
        atexit.register(self.flush)

    def write(self, seen: dict[str, object]) -> None:
        """Tell of one request, within a moment."""
        self._lines.append(self._same + orjson.dumps(seen)[1:])
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


def _to_stderr(lines: bytes) -> None:
    sys.stderr.buffer.write(lines)
    sys.stderr.buffer.flush()
