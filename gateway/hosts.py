"""The host that was asked for. Invariant: a request names one that this gateway answers to.

A page that a stranger serves cannot make a browser speak to the gateway under the stranger's own name (DNS rebinding),
and no answer is built for a name that is not ours.
"""

import re

from services.chassis.errors import ServiceError
from services.chassis.framing import unreadable

_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")
REMEMBERED = 1024


class Hosts:
    """``allowed``: names with commas, ``*.`` in front for every name below one; empty for any."""

    def __init__(self, allowed: str) -> None:
        names = [name.strip().lower().rstrip(".").strip("[]") for name in allowed.split(",") if name.strip()]
        self._names = frozenset(name for name in names if not name.startswith("*."))
        self._below = tuple(name[1:] for name in names if name.startswith("*."))
        if any("*" in name for name in (*self._names, *self._below)):
            raise ValueError("allowed_hosts: a star stands for whole names in front alone, as in *.example.go.id")
        self._any = not names
        self._good: set[bytes] = set()

    def check(self, asked: bytes | None, http_version: str) -> None:
        """400 for none and for what is no name, 421 for one that is not ours.

        That there are not several, the server in front has seen to (services/chassis/framing.py).
        """
        if asked in self._good:
            return
        if asked is None and http_version == "1.0" and self._any:
            return
        if asked is None or not (matched := _HOST.fullmatch(asked)):
            raise unreadable()
        name = matched[1].decode("ascii").lower().rstrip(".").strip("[]")
        if not (self._any or name in self._names or name.endswith(self._below)):
            raise ServiceError(421, "host_unknown", "Alamat ini tidak dilayani di sini.")
        if len(self._good) >= REMEMBERED:
            self._good.clear()
        self._good.add(asked)
