"""System calls a process gives up (seccomp, Linux 3.5 and later, for any user). Invariant: there is no way back.

What is left out of the list is needed by an interpreter that reads what it was handed; what is in it reaches others: a
network, a new program, another process, the kernel's own configuration. They fail with EPERM. On an architecture that
is not in the table nothing is taken away.
"""

import ctypes
import platform
import struct

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
"""Where in struct seccomp_data they stand."""
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1
_OTHER_ABI = 0x40000000
"""From here on x86-64 has the same calls once more, under other numbers."""

_CALLS: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "socketpair": 53,
            "clone": 56,
            "fork": 57,
            "vfork": 58,
            "execve": 59,
            "kill": 62,
            "ptrace": 101,
            "setpgid": 109,
            "setsid": 112,
            "mount": 165,
            "reboot": 169,
            "init_module": 175,
            "unshare": 272,
            "perf_event_open": 298,
            "open_by_handle_at": 304,
            "setns": 308,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "finit_module": 313,
            "memfd_create": 319,
            "bpf": 321,
            "execveat": 322,
            "userfaultfd": 323,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "mount": 40,
            "unshare": 97,
            "init_module": 105,
            "ptrace": 117,
            "kill": 129,
            "reboot": 142,
            "setpgid": 154,
            "setsid": 157,
            "socket": 198,
            "socketpair": 199,
            "connect": 203,
            "clone": 220,
            "execve": 221,
            "perf_event_open": 241,
            "open_by_handle_at": 265,
            "setns": 268,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "finit_module": 273,
            "memfd_create": 279,
            "bpf": 280,
            "execveat": 281,
            "userfaultfd": 282,
        },
    ),
}
_EVERYWHERE = {"io_uring_setup": 425, "pidfd_open": 434, "clone3": 435, "pidfd_getfd": 438}
"""Calls that came after the numbers were made the same."""
FOR_PROGRAMS = frozenset(
    {"clone", "clone3", "fork", "vfork", "execve", "execveat", "kill", "memfd_create", "pidfd_open"}
)
"""What a program needs that starts others and waits for them."""


class _Program(ctypes.Structure):
    """The kernel's ``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def give_up_calls(but: frozenset[str] = frozenset()) -> bool:
    """Call none of these from here on, ``but`` those; whether the kernel sees to it."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    architecture, calls = known
    given_up = {number for name, number in (calls | _EVERYWHERE).items() if name not in but}
    code = _instructions(architecture, sorted(given_up))
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def _instructions(architecture: int, numbers: list[int]) -> bytes:
    """Each a ``struct sock_filter``: what to do, how far to jump when it holds and when not, and with what."""
    count = len(numbers)
    checks = [(_EQUAL, count - place, 0, number) for place, number in enumerate(numbers)]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, count + 1, 0, _OTHER_ABI),
        *checks,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *one) for one in program)
