"""The whole hostile corpus through the front door. Invariant: each file ends in a letter or a problem; nothing else.

Time, the judges' memory and the service's are measured while it goes on.
"""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.chassis.files import judge_process
from tests.intake.hostile.corpus import INDEX
from tests.intake.world import SMALL_PDF, World

AT_ONCE = 4
AT_LEAST = 500
MEBIBYTE = 1024
"""In the kilobytes that /proc counts in."""
GROWTH = 96 * MEBIBYTE
REFUSALS = {
    "scan_broken",
    "scan_encrypted",
    "scan_empty",
    "scan_too_many_pages",
    "scan_too_many_pixels",
    "scan_active_content",
    "scan_mixed_content",
    "scan_unreadable",
    "unsupported_type",
}


@dataclass
class Watch:
    """What was seen of memory while the block ran, in kilobytes."""

    judges: dict[int, int] = field(default_factory=dict)
    """The most each judge has held."""
    service: int = 0

    def look(self) -> None:
        """Look at this process and the judges under it."""
        self.service = max(self.service, _status(os.getpid(), "VmRSS"))
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _is_judge(entry):
                pid = int(entry.name)
                self.judges[pid] = max(self.judges.get(pid, 0), _status(pid, "VmHWM"))


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """Look again and again."""
    watch = Watch()

    async def keep_looking() -> None:
        while True:
            watch.look()
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(keep_looking())
    try:
        yield watch
    finally:
        looking.cancel()
        watch.look()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each file's name, and where it lies."""
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run([sys.executable, "-m", "tests.intake.hostile.corpus", str(folder)], check=True)
    return {name: folder / str(number) for name, number in json.loads((folder / INDEX).read_text()).items()}


@dataclass
class Outcome:
    """What became of a file."""

    status: int
    code: str
    seconds: float


async def send(world: World, path: Path) -> Outcome:
    """Register a letter with this scan."""
    started = time.perf_counter()
    answer = await world.register(files=[("pindai.pdf", path.read_bytes())])
    code = "" if answer.status == 201 else answer.code
    return Outcome(answer.status, code, time.perf_counter() - started)


class TestHostileCorpus:
    @pytest.mark.slow
    @pytest.mark.timeout(400)  # half a minute on a machine that has nothing else to do
    async def test_each_file_ends_in_a_letter_or_a_problem(
        self, world: World, corpus: dict[str, Path], caplog: pytest.LogCaptureFixture
    ) -> None:
        assert len(corpus) >= AT_LEAST
        await world.registered()
        before, outcomes = _status(os.getpid(), "VmRSS"), {}
        left = iter(corpus.items())

        async def keep_sending() -> None:
            for name, path in left:
                outcomes[name] = await send(world, path)

        with caplog.at_level(logging.WARNING, "services"):
            async with watched() as watch:
                await asyncio.gather(*(keep_sending() for _ in range(AT_ONCE)))

        _report(outcomes, watch, before)
        assert set(outcomes) == set(corpus)
        settings = world.context.settings
        assert {one.status for one in outcomes.values()} <= {201, 415, 422}
        assert {one.code for one in outcomes.values() if one.status != 201} <= REFUSALS
        assert max(one.seconds for one in outcomes.values()) < settings.judge_seconds * judge_process.PATIENCE + 10
        assert max(watch.judges.values()) * 1024 < settings.judge_memory_bytes
        assert watch.service - before < GROWTH
        assert [record for record in caplog.records if record.exc_info] == []
        _assert_named(outcomes, "active/", "scan_active_content")
        _assert_named(outcomes, "mixed/", "scan_mixed_content")
        assert (await world.register(files=[("surat.pdf", SMALL_PDF)])).status == 201


def _assert_named(outcomes: dict[str, Outcome], family: str, code: str) -> None:
    found = {one.code for name, one in outcomes.items() if name.startswith(family)}
    assert found == {code}


def _report(outcomes: dict[str, Outcome], watch: Watch, before: int) -> None:
    """Seen with ``pytest -s``: what the documentation quotes."""
    counted = Counter(one.code or "registered" for one in outcomes.values())
    slowest = max(outcomes, key=lambda name: outcomes[name].seconds)
    sys.stderr.write(
        f"\n{len(outcomes)} files: {dict(counted)}\nslowest: {slowest}, {outcomes[slowest].seconds:.1f} s\n"
        f"judges: {len(watch.judges)}, at most {max(watch.judges.values()) // MEBIBYTE} MB; "
        f"service: {before // MEBIBYTE} MB before, at most {watch.service // MEBIBYTE} MB\n"
    )


def _is_judge(entry: Path) -> bool:
    with suppress(OSError):
        mine = f"\nPPid:\t{os.getpid()}\n" in (entry / "status").read_text()
        return mine and b"services.chassis.files.judge" in (entry / "cmdline").read_bytes()
    return False


def _status(pid: int, row: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(row):
                return int(line.split()[1])
    return 0
