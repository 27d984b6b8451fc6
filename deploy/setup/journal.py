"""How set-up speaks: short lines to the person, everything else to var/log/setup.log."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "var" / "setup"
LOG = ROOT / "var" / "log" / "setup.log"

_writing = Lock()


class SetupFailed(RuntimeError):
    """The sentence a person reads before the exit."""


def say(line: str) -> None:
    """One line of progress."""
    with _writing:
        sys.stdout.write(f"set-up: {line}\n")
        sys.stdout.flush()


def run(
    argv: Sequence[str],
    failure: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> str:
    """Run a command, keep its output in the log and hand it back; ``failure`` is what is said when it fails."""
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupFailed(f"{failure} ({error})") from error
    _keep(argv, done.stdout)
    if done.returncode:
        raise SetupFailed(f"{failure} ({_reason(done.stdout)}; all of it is in {LOG})")
    return done.stdout


def succeeds(argv: Sequence[str]) -> bool:
    """Whether a command can be run and exits with 0."""
    try:
        return subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _keep(argv: Sequence[str], output: str) -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with _writing, LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(argv)}\n{output}")


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if line.startswith(("E:", "ERROR", "error", "Error"))]
    return (marked or lines or ["it said nothing"])[-1][:300]
