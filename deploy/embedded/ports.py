"""Free loopback ports, the same ones as last time where nobody has taken them.

Invariant: a port handed out was free when asked, differs from every other one handed out by this book, and lies
below the kernel's ephemeral range, so no outgoing connection takes it between the question and the bind. Nor does
another stack that starts at the same moment: a port handed out is spoken for until this process ends. A port claimed
with a twin also has port + 10000 free, which SeaweedFS opens for gRPC without asking.
"""

import json
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.embedded.layout import write_private

TWIN_OFFSET = 10_000
FIRST, LAST = 15_000, 32_000
LAST_WITH_TWIN = 22_500
TRIES = 2_000


class NoFreePort(RuntimeError):
    """Thousands of ports were asked for and none was free."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on ``port`` now (a port in TIME_WAIT counts as free, as it does for servers)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


_spoken_for: dict[int, socket.socket] = {}


def speak_for(port: int) -> bool:
    """Whether no other process has been handed this port: told by a name in the kernel, which goes with its owner."""
    if port in _spoken_for or sys.platform != "linux":
        return True
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        name.bind(f"\0lontar/port/{port}")
    except OSError:
        name.close()
        return False
    _spoken_for[port] = name
    return True


class PortBook:
    """Remembers in a file which part had which port."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._remembered = _read(file)
        self._claimed: dict[str, tuple[int, bool]] = {}

    def claim(self, name: str, *, twin: bool = False, preferred: int | None = None) -> int:
        """A free port for ``name``: the preferred one, else last time's, else any."""
        for port in self._candidates(name, twin=twin, preferred=preferred):
            if self._available(port, twin=twin):
                self._claimed[name] = (port, twin)
                self._save()
                return port
        raise NoFreePort(f"No free port was found on 127.0.0.1 for {name}.")

    def _candidates(self, name: str, *, twin: bool, preferred: int | None) -> Iterator[int]:
        if preferred is not None:
            yield preferred
        if name in self._remembered:
            yield self._remembered[name]
        last = LAST_WITH_TWIN if twin else LAST
        for _ in range(TRIES):
            yield FIRST + secrets.randbelow(last - FIRST)

    def _available(self, port: int, *, twin: bool) -> bool:
        taken = {p for p, _ in self._claimed.values()}
        taken |= {p + TWIN_OFFSET for p, has_twin in self._claimed.values() if has_twin}
        wanted = [port, port + TWIN_OFFSET] if twin else [port]
        return all(0 < p <= 65_535 and p not in taken and is_free(p) and speak_for(p) for p in wanted)

    def _save(self) -> None:
        book = {**self._remembered, **{name: port for name, (port, _) in self._claimed.items()}}
        write_private(self._file, json.dumps(book, indent=1, sort_keys=True) + "\n")


def _read(file: Path) -> dict[str, int]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {k: v for k, v in content.items() if isinstance(v, int)} if isinstance(content, dict) else {}
