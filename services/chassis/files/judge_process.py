"""One judge, from the side of the service. Invariant: it answers in time or is gone, and leaves nothing behind."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from services.chassis.errors import unavailable
from services.chassis.files import office
from services.chassis.files.inspection import ScanType
from services.chassis.files.judge import MESSAGE_BYTES, READY
from services.chassis.files.refusal import Fault

log = logging.getLogger(__name__)

PATIENCE = 3
"""By the clock a file may take so many times its processor time: the machine has other work too."""
START_SECONDS = 30


_KNOWN = frozenset({*get_args(ScanType), *office.MEDIA_TYPES})


def _known(media_type: str) -> str:
    if media_type not in _KNOWN:
        raise ValueError("no such type")
    return media_type


class Verdict(BaseModel):
    """What a judge says of a file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    media_type: Annotated[str, AfterValidator(_known)] = ""
    pages: int = Field(default=1, ge=1)
    fault: Fault | None = None
    sentence: str = Field(default="", max_length=400)
    worn: bool = False
    used: float = Field(default=0, ge=0)
    """Processor time of all its files so far."""


class JudgeGone(Exception):
    """The judge ended, or no longer makes sense; ``exhausted`` where it had used up its time for the file."""

    def __init__(self, *, exhausted: bool) -> None:
        super().__init__()
        self.exhausted = exhausted


class JudgeLate(Exception):
    """The judge did not answer in time; ``starved`` where it hardly got the processor."""

    def __init__(self, *, starved: bool) -> None:
        super().__init__()
        self.starved = starved


class JudgeProcess:
    """One of them, from this side."""

    def __init__(self, process: "subprocess.Popen[bytes]", door: socket.socket) -> None:
        self._process, self._door = process, door
        self.pid = process.pid
        self.files = 0
        self._used = 0.0

    @classmethod
    async def start(cls) -> "JudgeProcess":
        """A fresh one, ready; 503 where none can be had."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                process = await asyncio.to_thread(_started, theirs)
            except OSError as error:
                ours.close()
                log.warning("no judge can be started: %s", error)
                raise unavailable() from error
        ours.setblocking(False)
        judge = cls(process, ours)
        try:
            async with asyncio.timeout(START_SECONDS):
                if await asyncio.get_running_loop().sock_recv(ours, MESSAGE_BYTES) != READY:
                    raise TimeoutError
        except (OSError, TimeoutError):
            await judge.end()
            log.warning("a judge did not start")
            raise unavailable() from None
        except BaseException:
            await judge.end()
            raise
        return judge

    async def ask(self, question: bytes, handed: int, seconds: float) -> Verdict:
        """Its verdict on the file ``handed``."""
        self.files += 1
        try:
            socket.send_fds(self._door, [question], [handed])
            async with asyncio.timeout(seconds * PATIENCE):
                said = await asyncio.get_running_loop().sock_recv(self._door, MESSAGE_BYTES)
            verdict = Verdict.model_validate_json(said)
        except TimeoutError:
            raise JudgeLate(starved=self._processor_seconds() - self._used < seconds / 2) from None
        except (OSError, ValidationError):
            await self.end()
            raise JudgeGone(exhausted=self._process.returncode == -signal.SIGXCPU) from None
        self._used = verdict.used
        return verdict

    async def end(self) -> None:
        """Kill it, and wait for it: none is left behind."""
        self._door.close()
        self._process.kill()
        await asyncio.shield(asyncio.to_thread(self._process.wait))

    def _processor_seconds(self) -> float:
        with contextlib.suppress(OSError, ValueError, IndexError):
            said = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
            user, system = said.rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        return 0


def _started(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-m", "services.chassis.files.judge"],
        stdin=theirs.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={},
        cwd=os.sep,
        start_new_session=True,
    )
