"""A process that reads what comes from outside gives up what it does not need. Invariant: there is no way back.

A judge gives up all (``shut_in``). A program run apart, which loads libraries and starts others, keeps what it was
installed with, to be read, and one folder, to be written (``fence_in``): neither settings nor data of the service.

Landlock (Linux 5.13 and later, for any user) takes away every file by its name, every TCP connection, every signal and
every look into another process; files that are open already, or are handed over, stay. A filter of system calls takes
away the rest of what reaches others. Where the kernel has neither, the limits on open files and processes stand alone.
"""

import contextlib
import ctypes
import os
import resource
import stat
from collections.abc import Iterable
from pathlib import Path

from services.chassis.seccomp import FOR_PROGRAMS, give_up_calls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls; the same on every architecture."""
_VERSION = 1
_NO_NEW_PRIVILEGES = 38
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""From which version of Landlock on so many rights to files are known."""
_CONNECTIONS_SINCE, _NEIGHBOURS_SINCE = 4, 6
_PATH_BENEATH = 1
_RUN, _WRITE, _READ, _LIST, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_REMOVE, _MAKE, _MOVE = 0b11 << 4, 0b11 << 7, 1 << 13
"""Of what can be made, folders and plain files: no link leads out of a folder, no pipe makes its reader wait."""
_LOOK_INTO = _RUN | _READ | _LIST
_WORK_IN = _READ | _LIST | _WRITE | _TRUNCATE | _REMOVE | _MAKE | _MOVE
_TO_FILES = _RUN | _WRITE | _READ | _TRUNCATE
_FIRST_TO_GO = "700"


class _Ruleset(ctypes.Structure):
    """The kernel's ``struct landlock_ruleset_attr``."""

    _fields_ = (("files", ctypes.c_uint64), ("connections", ctypes.c_uint64), ("neighbours", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """The kernel's ``struct landlock_path_beneath_attr``."""

    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("place", ctypes.c_int32))


def fence_in(looked_into: Iterable[Path], listed: Iterable[Path], worked_in: Iterable[Path]) -> bool:
    """Read and run what lies in the first, see names in the second, write in the last; whether the kernel sees to it.

    No connection either, and no way out of the session. What does not exist is left out.
    """
    _go_first()
    rules = [(_LOOK_INTO, looked_into), (_LIST, listed), (_WORK_IN, worked_in)]
    allowed = [(path, rights) for rights, paths in rules for path in paths]
    return all((_wall_off(allowed), give_up_calls(but=FOR_PROGRAMS)))


def shut_in(open_files: int) -> bool:
    """No file by name, connection or process from here on, and ``open_files`` at once; whether the kernel has both."""
    _go_first()
    walled = all((_wall_off(), give_up_calls()))
    for limit, most in ((resource.RLIMIT_NPROC, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    return walled


def _go_first() -> None:
    """Where memory runs out, the service itself should be the last to go."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)


def _wall_off(allowed: Iterable[tuple[Path, int]] = ()) -> bool:
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
        for path, rights in allowed:
            _allow(libc, ruleset, path, rights & rules.files)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        whole = stat.S_ISDIR(os.fstat(place).st_mode)
        rule = _Beneath(rights if whole else rights & _TO_FILES, place)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)
