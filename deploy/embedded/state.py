"""What other terminals may know of a running stack, and the lock that keeps two stacks off one var folder.

Invariants: the lock is the kernel's (flock), so it is gone with its holder however that ended; ``stack.json`` is 0600
because it carries the operator's URLs and what routing, intake and the gateway are told, for commands that run as one
of them; it is believed only while the lock is held.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from deploy.embedded.layout import Layout, write_private


class AlreadyRunning(RuntimeError):
    """Another stack holds this var folder."""


@dataclass(frozen=True)
class PartState:
    """One part as it was when last written."""

    name: str
    software: str
    port: int
    pids: list[int]
    restarts: int
    log: str
    program: bool
    health_port: int | None = None


@dataclass(frozen=True)
class StackState:
    """The whole stack, as other commands find it."""

    pid: int
    started_at: str
    base_url: str
    operator: dict[str, str]
    routing: dict[str, str] = field(default_factory=dict)
    parts: list[PartState] = field(default_factory=list)
    external: list[str] = field(default_factory=list)
    intake: dict[str, str] = field(default_factory=dict)
    gateway: dict[str, str] = field(default_factory=dict)


class Lock:
    """The holder of a var folder."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.run / "lock"
        self._file: TextIO | None = None

    def take(self) -> None:
        """Take it or raise AlreadyRunning with the holder's process id."""
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise AlreadyRunning(
                f"A stack already runs on {self._path.parent.parent} (process {holder}); stop it first, "
                "or set LONTAR_VAR to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it up."""
        if self._file is not None:
            self._file.close()
            self._file = None


def write_state(layout: Layout, state: StackState) -> None:
    """Put the state where other terminals look."""
    write_private(layout.run / "stack.json", json.dumps(asdict(state), indent=1) + "\n")


def forget_state(layout: Layout) -> None:
    """The stack is down: nobody shall believe the old state."""
    (layout.run / "stack.json").unlink(missing_ok=True)


def read_state(var: Path) -> StackState | None:
    """The state of the stack that runs on ``var`` now, or None; what a dead one left is not believed."""
    layout = Layout(var)
    try:
        with _shared(layout.run / "lock") as is_held:
            if not is_held:
                return None
        return _parse(json.loads((layout.run / "stack.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def _shared(path: Path) -> Iterator[bool]:
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
            return
        yield False


def _parse(content: dict[str, Any]) -> StackState:
    parts = [PartState(**part) for part in content.pop("parts")]
    return StackState(parts=parts, **content)
