"""Units and positions as they are now, by key. Invariant: what is said of a place is a few seconds old at most."""

import time
from collections.abc import Iterable

from services.chassis.mongo import Session
from services.routing.domain.mention import Key, KnownPlace
from services.routing.domain.organisation import Position, Unit
from services.routing.store.organisation import Positions, Units

REMEMBERED = 4096
AT_ONCE = 50
"""Ids in one query: the embedded server takes long over many."""


class KnownPlaces:
    """Looks places up and remembers them for ``seconds``."""

    def __init__(self, units: Units, positions: Positions, *, seconds: float = 5.0) -> None:
        self._units = units
        self._positions = positions
        self._seconds = seconds
        self._lately: dict[Key, tuple[float, KnownPlace]] = {}

    async def of(self, keys: Iterable[Key], session: Session | None = None) -> dict[Key, KnownPlace]:
        """Those of the places that are known, active or not."""
        wanted = list(dict.fromkeys(keys))
        present = time.monotonic()
        found = {key: known for key in wanted for until, known in [self._lately.get(key, _NOTHING)] if until > present}
        missing = [key for key in wanted if key not in found]
        for one in await self._read(missing, session):
            found[one.kind, one.id] = self._remember(one, present + self._seconds)
        return {key: place for key, place in found.items() if place is not None}

    def forget(self) -> None:
        """Look everything up anew."""
        self._lately.clear()

    def _remember(self, place: KnownPlace, until: float) -> KnownPlace:
        if len(self._lately) >= REMEMBERED:
            self._lately.clear()
        self._lately[place.kind, place.id] = (until, place)
        return place

    async def _read(self, keys: list[Key], session: Session | None) -> list[KnownPlace]:
        found: list[KnownPlace] = []
        for start in range(0, len(keys), AT_ONCE):
            chunk = keys[start : start + AT_ONCE]
            units = await self._units.several([one for kind, one in chunk if kind == "unit"], session)
            positions = await self._positions.several([one for kind, one in chunk if kind == "position"], session)
            found += [*map(_unit, units), *map(_position, positions)]
        return found


_NOTHING: tuple[float, None] = (0.0, None)


def _unit(unit: Unit) -> KnownPlace:
    return KnownPlace("unit", unit.id, unit.name, unit.active, unit.id, unit.kind, unit.parent_id)


def _position(one: Position) -> KnownPlace:
    return KnownPlace("position", one.id, one.title, one.active, one.unit_id, one.unit_kind)
