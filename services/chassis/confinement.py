"""A process that reads what comes from outside gives up what it does not need. Invariant: there is no way back.

Landlock (Linux 5.13 and later, for any user) takes away every file by its name, every TCP connection, every signal and
every look into another process; files that are open already, or are handed over, stay. A filter of system calls takes
away the rest of what reaches others. Where the kernel has neither, the limits on open files and processes stand alone.
"""

import contextlib
import ctypes
import os
import resource
from pathlib import Path

from services.chassis.seccomp import give_up_calls

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
"""System calls; the same on every architecture."""
_VERSION = 1
_NO_NEW_PRIVILEGES = 38
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""From which version of Landlock on so many rights to files are known."""
_CONNECTIONS_SINCE, _NEIGHBOURS_SINCE = 4, 6
_FIRST_TO_GO = "700"


class _Ruleset(ctypes.Structure):
    """The kernel's ``struct landlock_ruleset_attr``."""

    _fields_ = (("files", ctypes.c_uint64), ("connections", ctypes.c_uint64), ("neighbours", ctypes.c_uint64))


def shut_in(open_files: int) -> bool:
    """No file by name, connection or process from here on, and ``open_files`` at once; whether the kernel has both."""
    with contextlib.suppress(OSError):
        # Where memory runs out, the service itself should be the last to go.
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    walled = all((_wall_off(), give_up_calls()))
    for limit, most in ((resource.RLIMIT_NPROC, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    return walled


def _wall_off() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    known = max(bits for since, bits in _FILE_RIGHTS.items() if version >= since)
    rules = _Ruleset(
        files=(1 << known) - 1,
        connections=3 if version >= _CONNECTIONS_SINCE else 0,
        neighbours=3 if version >= _NEIGHBOURS_SINCE else 0,
    )
    size = 24 if version >= _NEIGHBOURS_SINCE else 16 if version >= _CONNECTIONS_SINCE else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return False
    try:
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
