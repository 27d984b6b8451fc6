"""The judges of a process: whoever keeps files has them looked at here. Invariant: every file gets an answer in time.

What comes from outside is parsed by native code, so it is parsed apart: a judge is a process that can do nothing but
look at the file it is handed (see ``judge``). It lives on from file to file, so that a small one costs a millisecond.
A judge that does not answer within the file's time, or dies of it, is replaced, and the file is refused as unreadable;
one that dies by accident is replaced too, and the file is looked at once more. Nothing a judge says is believed beyond
its form. Where no judge can be had the answer is 503: never is a file taken unseen.
"""

import asyncio
import contextlib
import io
import logging
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache
from typing import Literal

import orjson
from prometheus_client import Histogram
from pydantic import TypeAdapter

from services.chassis.errors import unavailable
from services.chassis.files import office
from services.chassis.files.inspection import ScanFinding, ScanType
from services.chassis.files.judge_process import JudgeGone, JudgeLate, JudgeProcess, Verdict
from services.chassis.files.limits import FileLimits
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable, unreadable

log = logging.getLogger(__name__)

JUDGED_SECONDS = Histogram(
    "lontar_file_judged_seconds", "Time to judge a file, by what it was found to be", ["finding"]
)
FILES_OF_ONE_JUDGE = 2000
"""Then a fresh one takes its place, whatever the libraries may have left lying."""
SMALL = 1024 * 1024
"""Up to here a file is copied into memory that is the judge's own; a larger one is on disk and is handed over open."""
Wanted = Literal["scan", "document"]


@dataclass(frozen=True)
class JudgeBounds:
    """How many judges there are at most, and what one may take for a file.

    ``memory_bytes`` is without the file itself, which some readers hold whole.
    """

    judges: int = 2
    seconds: float = 10
    memory_bytes: int = 512 * 1024 * 1024


_SCAN_TYPE: TypeAdapter[ScanType] = TypeAdapter(ScanType)


@cache
def judges_of(bounds: JudgeBounds) -> "Judges":
    """The judges of this process with these bounds: they are shared by all that runs in it."""
    return Judges(bounds)


class Judges:
    """A few processes, started when they are needed."""

    def __init__(self, bounds: JudgeBounds) -> None:
        self._bounds = bounds
        self._places = asyncio.Semaphore(bounds.judges)
        self._idle: list[JudgeProcess] = []

    async def scan(self, file: Received, limits: FileLimits) -> ScanFinding:
        """What the scan is and how many pages it has; raises Unacceptable."""
        verdict = await self._verdict("scan", file, limits)
        return ScanFinding(_SCAN_TYPE.validate_python(verdict.media_type), verdict.pages)

    async def document(self, file: Received, limits: FileLimits) -> str:
        """The media type of a scan or of an office program's document; raises Unacceptable."""
        verdict = await self._verdict("document", file, limits)
        if verdict.media_type in office.MEDIA_TYPES:
            return verdict.media_type
        return _SCAN_TYPE.validate_python(verdict.media_type)

    @property
    def processes(self) -> list[int]:
        """The process ids of judges that are waiting for a file."""
        return [judge.pid for judge in self._idle]

    async def close(self) -> None:
        """End those that wait. Whatever ends this process ends them too."""
        while self._idle:
            await self._idle.pop().end()

    async def _verdict(self, wanted: Wanted, file: Received, limits: FileLimits) -> Verdict:
        started = time.perf_counter()
        finding = "none"
        try:
            async with self._places:
                with _handed(file) as handed:
                    verdict = await self._ask(self._question(wanted, file, limits), handed)
            finding = verdict.fault or verdict.media_type
        except Unacceptable as refusal:
            finding = refusal.fault
            raise
        finally:
            JUDGED_SECONDS.labels(finding).observe(time.perf_counter() - started)
            file.content.seek(0)
        if verdict.fault is not None:
            raise Unacceptable(verdict.fault, verdict.sentence)
        return verdict

    def _question(self, wanted: Wanted, file: Received, limits: FileLimits) -> bytes:
        bounds = self._bounds
        question = {
            "wanted": wanted,
            "size": file.size,
            "limits": astuple(limits),
            "seconds": bounds.seconds,
            "memory": bounds.memory_bytes + 2 * file.size,
        }
        return orjson.dumps(question)

    async def _ask(self, question: bytes, handed: int) -> Verdict:
        """The verdict of a judge that waits or, where there is none or it is gone, of a fresh one."""
        former, fresh = bool(self._idle), JudgeProcess.start
        try:
            return await self._ask_one(self._idle.pop() if former else await fresh(), question, handed)
        except JudgeGone as gone:
            if not former or gone.exhausted:
                raise _died() from None
        try:
            return await self._ask_one(await fresh(), question, handed)
        except JudgeGone:
            raise _died() from None

    async def _ask_one(self, judge: JudgeProcess, question: bytes, handed: int) -> Verdict:
        verdict: Verdict | None = None
        try:
            verdict = await judge.ask(question, handed, self._bounds.seconds)
        except JudgeLate as late:
            log.warning("a judge did not answer in time%s", ": the machine is overloaded" if late.starved else "")
            raise (unavailable() if late.starved else unreadable()) from None
        finally:
            if verdict is None or verdict.worn or judge.files >= FILES_OF_ONE_JUDGE:
                await judge.end()
            else:
                self._idle.append(judge)
        return verdict


def _died() -> Unacceptable:
    log.warning("a judge died of a file, which is refused")
    return unreadable()


@contextlib.contextmanager
def _handed(file: Received) -> Iterator[int]:
    """The file, open to be read."""
    handed = _copied(file) if file.size <= SMALL else _opened_again(file)
    try:
        yield handed
    finally:
        os.close(handed)


def _copied(file: Received) -> int:
    """A copy that lies in memory and is nobody's but the judge's."""
    copy = os.memfd_create("judged")
    try:
        with open(copy, "wb", closefd=False) as target:
            file.content.seek(0)
            shutil.copyfileobj(file.content, target)
    except BaseException:
        os.close(copy)
        raise
    return copy


def _opened_again(file: Received) -> int:
    """The very file, but with a place of its own in it, and to be read alone."""
    try:
        number = file.content.fileno()
        file.content.flush()
    except io.UnsupportedOperation:
        return _copied(file)
    return os.open(f"/proc/self/fd/{number}", os.O_RDONLY | os.O_CLOEXEC)
