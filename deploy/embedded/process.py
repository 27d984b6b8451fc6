"""One supervised child process: started, waited for until healthy, watched, restarted with backoff, stopped.

Invariants: a child has a process group of its own and dies when its supervisor dies (PR_SET_PDEATHSIG); a stop is
SIGTERM, then SIGKILL to the whole group after the grace; nothing is restarted once a stop was asked for.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024
STEADY_SECONDS = 30.0
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

Report = Callable[[str], None]
Probe = Callable[[], Awaitable[bool]]

_libc = ctypes.CDLL(None, use_errno=True)


class StartFailed(RuntimeError):
    """A child did not become healthy; the message says which, and where its log is."""


@dataclass(frozen=True)
class ChildSpec:
    """What to run and how to know that it is well."""

    name: str
    argv: list[str]
    log: Path
    probe: Probe
    env: dict[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    start_timeout: float = 60.0
    stop_grace: float = 5.0


class Child:
    """The supervised process made from a spec."""

    def __init__(self, spec: ChildSpec, report: Report) -> None:
        self.spec = spec
        self.restarts = 0
        self._report = report
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._wanted = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start and wait until the probe says yes; raises StartFailed with the last line of the log."""
        if self._wanted:
            return
        self._wanted = True
        rotate(self.spec.log)
        try:
            await self._spawn()
            await self._until_healthy()
        except BaseException:
            await self.stop()
            raise
        self._watcher = asyncio.create_task(self._watch(), name=f"watch {self.spec.name}")

    async def stop(self) -> None:
        """Stop for good, the whole process group with it."""
        self._wanted = False
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        await self._end()

    async def kill(self, sig: signal.Signals = signal.SIGKILL, *, restart: bool = True) -> None:
        """Send ``sig`` to the process alone; with ``restart=False`` it stays down until started again."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if restart:
            process.send_signal(sig)
            return
        if self._watcher is not None:
            self._watcher.cancel()
            self._watcher = None
        self._wanted = False
        process.send_signal(sig)
        await self._end()

    def abandon(self) -> None:
        """Kill the process group now, without waiting; for the impatient second Ctrl-C."""
        self._wanted = False
        if self._watcher is not None:
            self._watcher.cancel()
        if self.pid is not None:
            _kill_group(self.pid)

    async def _spawn(self) -> None:
        self.spec.log.parent.mkdir(parents=True, exist_ok=True)
        with self.spec.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.spec.env,
                cwd=self.spec.cwd,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )

    async def _until_healthy(self) -> None:
        deadline = monotonic() + self.spec.start_timeout
        while monotonic() < deadline:
            if self._process is None or self._process.returncode is not None:
                raise StartFailed(f"{self.spec.name} ended while starting: {last_line(self.spec.log)}")
            if await self.spec.probe():
                return
            await asyncio.sleep(0.05)
        raise StartFailed(
            f"{self.spec.name} was not ready after {self.spec.start_timeout:.0f} s; its log is {self.spec.log}"
        )

    async def _watch(self) -> None:
        failures = 0
        while self._wanted and self._process is not None:
            began = monotonic()
            code = await self._process.wait()
            _kill_group(self._process.pid)
            failures = 0 if monotonic() - began > STEADY_SECONDS else failures
            pause = BACKOFF[min(failures, len(BACKOFF) - 1)]
            failures += 1
            self._report(f"{self.spec.name} ended ({describe_exit(code)}); starting it again")
            await asyncio.sleep(pause)
            self.restarts += 1
            try:
                await self._spawn()
                await self._until_healthy()
                self._report(f"{self.spec.name} runs again")
            except (StartFailed, OSError) as failure:
                self._report(str(failure))
                await self._end()

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(asyncio.shield(process.wait()), self.spec.stop_grace)
            except TimeoutError:
                _kill_group(process.pid)
                await process.wait()
        _kill_group(process.pid)


def describe_exit(code: int) -> str:
    """An exit code in words: the signal's name where a signal ended it."""
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def rotate(log: Path, limit: int = LOG_LIMIT) -> None:
    """Set a log that has grown past ``limit`` aside as ``.1``; the one before it goes."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > limit:
            log.replace(log.with_name(f"{log.name}.1"))


def last_line(log: Path) -> str:
    """The last line with anything on it, for a sentence that says why a start failed."""
    try:
        lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    except FileNotFoundError:
        lines = []
    found = next((line for line in reversed(lines) if line), "it wrote nothing")
    return f"{found[:300]} (log: {log})"


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _die_with(parent: int) -> Callable[[], None]:
    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the supervisor died before the kernel was asked
            os._exit(1)

    return before_exec
