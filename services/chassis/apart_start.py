"""The first lines of a program run apart. Invariant: it is bounded before it reads anything, and there is no way back.

``apart_start.py <seconds> <memory> <file bytes> <parent> <program> <arguments...>`` is run by its path and imports
nothing of this package. It becomes the program, which finds its own arguments in ``sys.argv``.
"""

import ctypes
import os
import resource
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def confine(seconds: int, memory: int, file_bytes: int) -> None:
    """Bound what this process, and each it starts, may use; stand back behind everybody else."""
    os.nice(15)  # and no idle class: on a machine that is never idle it would get nothing at all
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def die_with(parent: int) -> None:
    """Be killed when the process that started this one is; at once where that has happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    die_with(int(sys.argv[4]))
    confine(*map(int, sys.argv[1:4]))
    sys.argv = sys.argv[5:]
    runpy.run_path(sys.argv[0], run_name="__main__")
