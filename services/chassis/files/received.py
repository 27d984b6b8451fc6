"""Files on their way in. Invariant: hashed and counted while they come, and never longer than they may be."""

import hashlib
import unicodedata
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from services.chassis.errors import ServiceError

LONGEST_NAME = 150
NAMELESS = "berkas"


@dataclass(frozen=True)
class Received:
    """Received bytes, not yet known to be anything."""

    name: str
    content: BinaryIO
    size: int
    sha256: str


@dataclass(frozen=True)
class SpoolLimits:
    """How long a file may be, and from how many bytes on it is kept on disk."""

    file_bytes: int
    in_memory: int


class Spool:
    """One file while it comes in; whoever made it closes it."""

    def __init__(self, name: str, limits: SpoolLimits) -> None:
        self.name = name
        self._limits = limits
        self._content = SpooledTemporaryFile(max_size=limits.in_memory)  # noqa: SIM115 - closed by its maker
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: memoryview) -> None:
        """The next bytes; 413 where they are too many."""
        self.size += len(data)
        if self.size > self._limits.file_bytes:
            megabytes = self._limits.file_bytes / (1024 * 1024)
            detail = f"Berkas “{self.name}” terlalu besar. Batasnya {megabytes:g} MB per berkas."
            raise ServiceError(413, "file_too_large", detail, extra={"file": self.name})
        self._hash.update(data)
        self._content.write(data)

    def end(self) -> None:
        """Nothing is left to do: the hash is of all that came."""

    @property
    def on_disk(self) -> bool:
        """Whether writing may keep the caller waiting."""
        return self.size > self._limits.in_memory

    @property
    def content(self) -> BinaryIO:
        """What came."""
        return cast(BinaryIO, self._content)

    @property
    def sha256(self) -> str:
        """Its hash, in hexadecimal."""
        return self._hash.hexdigest()

    def received(self) -> Received:
        """The file, when it is here."""
        return Received(self.name, self.content, self.size, self.sha256)

    def close(self) -> None:
        """Forget it."""
        self._content.close()


def clean_name(given: str, nameless: str = NAMELESS) -> str:
    """The last part of a path as a client may send it, without control characters, at most LONGEST_NAME long."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(" " if unicodedata.category(symbol)[0] in "CZ" else symbol for symbol in last)
    name = " ".join(printable.split()).strip(". ")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem or name)[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return name or nameless
