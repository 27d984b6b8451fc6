"""``Upload-Checksum`` (tus 1.0, checksum): a request's bytes, hashed as they come, against what was announced."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Protocol


class Digest(Protocol):
    """A hash under way."""

    def update(self, data: bytes, /) -> None:
        """The next bytes."""
        ...

    def digest(self) -> bytes:
        """The hash of all of them."""
        ...


ALGORITHMS: Mapping[str, Callable[[], Digest]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
}


class Unreadable(ValueError):
    """No algorithm we know, or no hash of it."""


class Checksum:
    """What the bytes of one request must come to."""

    def __init__(self, header: str) -> None:
        algorithm, _, announced = header.strip().partition(" ")
        if algorithm.lower() not in ALGORITHMS:
            raise Unreadable(algorithm[:20])
        self._digest = ALGORITHMS[algorithm.lower()]()
        try:
            self._announced = base64.b64decode(announced.strip(), validate=True)
        except binascii.Error:
            raise Unreadable(algorithm) from None
        if len(self._announced) != len(self._digest.digest()):
            raise Unreadable(algorithm)

    def look(self, data: bytes) -> None:
        """The next bytes."""
        self._digest.update(data)

    @property
    def holds(self) -> bool:
        """Whether what came so far is what was announced."""
        return hmac.compare_digest(self._digest.digest(), self._announced)
