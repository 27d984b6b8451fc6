"""Runs the set-up: the Python environment, the broker and what reads scans, side by side, one run at a time."""

import fcntl
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

from deploy.setup import broker, environment, tools
from deploy.setup.journal import LOG, STATE, SetupFailed, say


def main() -> int:
    """Set up what is missing; the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        lock = (STATE / "lock").open("a")
    except OSError as failure:
        sys.stderr.write(f"set-up: {failure}; run it as the owner of this folder, or from a clone of your own\n")
        return 1
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running here; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        return _set_up()


def _set_up() -> int:
    try:
        # apt may be needed for all of them, and has a lock of its own that waits.
        with ThreadPoolExecutor(3) as pool:
            tasks = [pool.submit(environment.ensure), pool.submit(broker.ensure), pool.submit(tools.ensure)]
        done = [task.result() for task in tasks]
    except SetupFailed as failure:
        sys.stderr.write(f"set-up: {failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("set-up: interrupted; run it again to finish\n")
        return 130
    except OSError as failure:
        sys.stderr.write(f"set-up: {failure} (see {LOG})\n")
        return 1
    if any(done):
        say("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
