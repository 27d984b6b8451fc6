"""Answers kept for everybody. Invariant: only what its service calls public is kept, and nobody gets it unadmitted.

A shared cache after RFC 9111, behind the look at who comes and how often: ``Cache-Control: public`` is asked for in
every case (section 3.5), ``s-maxage`` goes before ``max-age``, ``Vary`` is honoured, what is stale is asked for again
with its ETag and never handed out as it is. Of many who ask for the same at once, one goes to the service.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gateway.headers import Fields, first

LARGEST_SHARE = 16
"""One answer may take this part of all the room."""
_AGE = {name: re.compile(rf"(?:^|[\s,]){name}\s*=\s*\"?(\d{{1,9}})") for name in ("s-maxage", "max-age")}
Key = tuple[str, bytes]
Clock = Callable[[], float]


@dataclass(slots=True)
class Stored:
    """One answer."""

    headers: Fields
    body: bytes
    vary: tuple[tuple[bytes, str], ...]
    mark: bytes | None
    fresh_until: float
    born: float
    size: int
    """What it takes, roughly, with the address it is kept under and what of the request it was chosen by."""

    def fits(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Whether it answers a request with these fields."""
        return all(_joined(headers, name) == value for name, value in self.vary)

    def same(self, asked: str) -> bool:
        """Whether the client has it already: If-None-Match compares weakly (RFC 9110, section 13.1.2)."""
        if self.mark is None:
            return False
        mine = self.mark.decode("latin-1").removeprefix("W/")
        return asked.strip() == "*" or mine in (one.strip().removeprefix("W/") for one in asked.split(","))


@dataclass
class Cache:
    """What is kept in this process, the least lately asked for let go of first."""

    most_bytes: int
    clock: Clock = time.monotonic
    taken: int = 0
    _kept: OrderedDict[Key, list[Stored]] = field(default_factory=OrderedDict)
    _flights: dict[Key, asyncio.Future[None]] = field(default_factory=dict)

    def find(self, key: Key, headers: Sequence[tuple[bytes, bytes]]) -> Stored | None:
        """What is kept for this request, fresh or stale."""
        variants = self._kept.get(key)
        if variants is None:
            return None
        self._kept.move_to_end(key)
        return next((one for one in variants if one.fits(headers)), None)

    def knows(self, key: Key) -> bool:
        """Whether there is something of it, or about to be."""
        return key in self._kept or key in self._flights

    def fresh(self, stored: Stored) -> bool:
        """Whether it may be handed out without asking."""
        return self.clock() < stored.fresh_until

    def keep(self, key: Key, headers: Sequence[tuple[bytes, bytes]], answer: Fields, body: bytes) -> None:
        """Keep an answer that ``lifetime`` allows to."""
        life = lifetime(answer) or 0.0
        moment = self.clock()
        age = float(first(answer, b"age") or 0) if (first(answer, b"age") or "0").isdecimal() else 0.0
        names = [name.strip().lower().encode() for name in (_joined(answer, b"vary") or "").split(",") if name.strip()]
        mark = first(answer, b"etag")
        kept = [(name, value) for name, value in answer if name not in (b"age", b"content-length")]
        vary = tuple((name, _joined(headers, name)) for name in names)
        stored = Stored(
            headers=kept,
            body=body,
            vary=vary,
            mark=mark.encode("latin-1") if mark else None,
            fresh_until=moment + life - age,
            born=moment - age,
            size=len(key[1]) + len(body) + sum(len(name) + len(value) for name, value in (*kept, *vary)) + 256,
        )
        others = [one for one in self._kept.get(key, ()) if not one.fits(headers)][-7:]
        self.forget(key)
        self._kept[key] = [*others, stored]
        self.taken += sum(one.size for one in self._kept[key])
        while self.taken > self.most_bytes and self._kept:
            self.forget(next(iter(self._kept)))

    def confirm(self, stored: Stored, answer: Fields) -> None:
        """The service says that it is still so (304); it says anew for how long."""
        said = dict(answer)
        stored.headers = [(name, said.get(name, value)) for name, value in stored.headers]
        stored.born = self.clock()
        stored.fresh_until = stored.born + (lifetime(stored.headers) or 0.0)

    def forget(self, key: Key) -> None:
        """It was changed, or there is no room."""
        self.taken -= sum(one.size for one in self._kept.pop(key, ()))

    def fields(self, stored: Stored) -> Fields:
        """Its header fields as they go out now."""
        age = str(max(0, int(self.clock() - stored.born))).encode("ascii")
        return [*stored.headers, (b"age", age)]

    @property
    def largest(self) -> int:
        """How long an answer may be to be kept."""
        return self.most_bytes // LARGEST_SHARE

    async def wait_for_another(self, key: Key, seconds: float) -> bool:
        """Whether somebody else was just asking for it, and now has."""
        flight = self._flights.get(key)
        if flight is None:
            return False
        await asyncio.wait({flight}, timeout=seconds)
        return True

    def takes_off(self, key: Key) -> asyncio.Future[None]:
        """One is asking for it; whoever comes meanwhile waits for ``landed``."""
        flight: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        return flight

    def landed(self, key: Key, flight: asyncio.Future[None]) -> None:
        """It has an answer, or none; the others look, and ask themselves if there is nothing."""
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.done():
            flight.set_result(None)


def lifetime(answer: Fields) -> float | None:
    """For how long an answer stays fresh, in seconds; None for one that may not be kept for everybody."""
    if not any(name == b"cache-control" and b"public" in value.lower() for name, value in answer):
        return None
    said = _joined(answer, b"cache-control").lower()
    words = {word.partition("=")[0].strip() for word in said.split(",")}
    if "public" not in words or words & {"private", "no-store"} or _joined(answer, b"vary").strip() == "*":
        return None
    if "no-cache" in words:
        return 0.0 if first(answer, b"etag") else None
    for pattern in _AGE.values():
        if found := pattern.search(said):
            return float(found[1])
    return 0.0 if first(answer, b"etag") else None


def bypassed(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether the client wants it from the service itself, or only a part of it."""
    for name, value in headers:
        if name == b"range" or (name == b"cache-control" and (b"no-cache" in value or b"no-store" in value)):
            return True
    return False


def _joined(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str:
    return ", ".join(value.decode("latin-1") for key, value in headers if key == name)
