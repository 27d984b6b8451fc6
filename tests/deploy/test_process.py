"""One supervised child, with real processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic

import pytest

from deploy.embedded.process import Child, ChildSpec, StartFailed, rotate

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
PARENT = (
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('up', p.pid, flush=True); time.sleep(600)"
)
Start = Callable[..., Awaitable[Child]]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
async def start(tmp_path: Path, told: list[str]) -> AsyncIterator[Start]:
    log = tmp_path / "child.log"
    started: list[Child] = []

    async def wrote_up() -> bool:
        return log.exists() and "up" in log.read_text(encoding="utf-8")

    async def run(code: str, *, grace: float = 5.0, patience: float = 60.0) -> Child:
        argv = [sys.executable, "-c", code]
        spec = ChildSpec("anak", argv, log, wrote_up, dict(os.environ), start_timeout=patience, stop_grace=grace)
        child = Child(spec, told.append)
        started.append(child)
        await child.start()
        return child

    yield run
    for child in started:
        await child.stop()


class TestStart:
    async def test_returns_once_the_probe_says_yes(self, start: Start) -> None:
        child = await start(SLEEPER)
        assert child.pid is not None
        assert is_alive(child.pid)
        assert os.getpgid(child.pid) == child.pid

    async def test_child_that_ends_is_told_with_its_last_words(self, start: Start) -> None:
        with pytest.raises(StartFailed, match=r"anak ended while starting: .*pelat nomor hilang"):
            await start("raise SystemExit('pelat nomor hilang')")

    async def test_child_that_never_gets_well_is_stopped(self, start: Start, tmp_path: Path) -> None:
        silent = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
        with pytest.raises(StartFailed, match="was not ready after"):
            await start(silent, patience=3)
        assert not is_alive(int((tmp_path / "pid").read_text(encoding="utf-8")))


class TestWatch:
    async def test_killed_child_is_started_again(self, start: Start, told: list[str]) -> None:
        child = await start(SLEEPER)
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: child.pid not in (None, first) and child.restarts == 1)
        await until(lambda: len(told) == 2)
        assert told == ["anak ended (SIGKILL); starting it again", "anak runs again"]

    async def test_child_killed_for_good_stays_down(self, start: Start, told: list[str]) -> None:
        child = await start(SLEEPER)
        await child.kill(signal.SIGKILL, restart=False)
        await asyncio.sleep(0.4)
        assert child.pid is None
        assert told == []
        await child.start()
        assert child.pid is not None


class TestStop:
    async def test_child_deaf_to_sigterm_is_killed_after_the_grace(self, start: Start) -> None:
        child = await start(DEAF, grace=0.3)
        pid = child.pid
        assert pid is not None
        began = monotonic()
        await child.stop()
        assert 0.3 <= monotonic() - began < 30, "it would have slept for ten minutes"
        assert not is_alive(pid)

    async def test_grandchildren_go_with_it(self, start: Start, tmp_path: Path) -> None:
        child = await start(PARENT)
        grandchild = int((tmp_path / "child.log").read_text(encoding="utf-8").split()[1])
        assert is_alive(grandchild)
        await child.stop()
        await until(lambda: not is_alive(grandchild))

    async def test_stopping_twice_is_no_error(self, start: Start) -> None:
        child = await start(SLEEPER)
        await child.stop()
        await child.stop()
        assert child.pid is None


class TestRotate:
    def test_log_past_the_limit_is_set_aside(self, tmp_path: Path) -> None:
        log = tmp_path / "a.log"
        log.write_bytes(b"x" * 101)
        rotate(log, limit=100)
        assert not log.exists()
        assert (tmp_path / "a.log.1").stat().st_size == 101

    def test_small_log_stays(self, tmp_path: Path) -> None:
        log = tmp_path / "a.log"
        log.write_bytes(b"x" * 100)
        rotate(log, limit=100)
        assert log.exists()
