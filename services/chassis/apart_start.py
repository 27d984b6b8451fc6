"""The first lines of a program run apart. Invariant: it is bounded before it reads anything, and there is no way back.

``apart_start.py <seconds> <memory> <file bytes> <niceness> <parent> <program> <arguments...>`` is run by its path. It
becomes the program, which finds its own arguments in ``sys.argv`` and may write in the folder it runs in, unless that
is the root.
"""

import ctypes
import os
import resource
import runpy
import signal
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from services.chassis.confinement import fence_in

_PR_SET_PDEATHSIG = 1
_SESSION = Path("/proc/self/autogroup")
_PACKAGE = Path(__file__).resolve().parents[1]
_ROOT, _NOWHERE = Path(os.sep), Path(os.devnull)
_MACHINE = (
    *("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/urandom"),
)
_NAMED = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
"""Where else the machine keeps its programs and their data, as the service was told."""
_BESIDE_PROGRAMS = ("lib", "lib64", "libexec", "dist", "share/tessdata", "share/tesseract-ocr")
"""What belongs to the programs of a folder of PATH, beside it: ``dist`` where set-up unpacks what is not installed."""


def stand_back(niceness: int) -> None:
    """Leave the processor to others. No idle class: on a machine that is never idle it would get nothing at all.

    Where the kernel gives every session an equal share, niceness counts within it alone, and is said of the session.
    """
    os.nice(niceness)
    with suppress(OSError):
        _SESSION.write_text(str(niceness))


def confine(seconds: int, memory: int, file_bytes: int) -> None:
    """Bound what this process, and each it starts, may use."""
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


def keep_to(folder: Path, program: Path) -> None:
    """See what is installed and the program, write in ``folder``, and reach nothing else of the machine.

    Settings of services and what they keep lie elsewhere; so does the environment of the process that started this.
    """
    installed = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *sys.path}
    named = {place for name in _NAMED for place in os.environ.get(name, "").split(":")}
    programs = [Path(place).parent for place in os.environ.get("PATH", "").split(":")]
    belonging = {str(prefix / name) for prefix in programs for name in _BESIDE_PROGRAMS}
    # The folder the package lies in may hold anything else beside it: its names are enough to find the package.
    beside = _PACKAGE.parent
    places = [Path(one) for one in installed | named | belonging | {*_MACHINE}]
    looked_into = [one for one in places if one.is_absolute() and one not in (beside, _ROOT)]
    fence_in([*looked_into, _PACKAGE, program], [beside], [_NOWHERE, *([] if folder == _ROOT else [folder])])


if __name__ == "__main__":
    die_with(int(sys.argv[5]))
    confine(*map(int, sys.argv[1:4]))
    stand_back(int(sys.argv[4]))
    sys.argv = sys.argv[6:]
    keep_to(Path.cwd(), Path(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
