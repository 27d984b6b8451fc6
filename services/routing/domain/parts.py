"""Cutting a change too large for one transaction. Invariant: a part never needs one that comes after it.

So whatever was kept when a machine stopped in between is a sound organisation, only not yet all of what was wanted:
what others hang on is there before them, and is taken out of use after them.
"""

from collections.abc import Iterator

from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.picture import Changes, climb

AT_ONCE = 1000
"""How many entities one transaction changes. The embedded server holds what is not yet committed in memory, and comes
to a halt where that fills its cache; this is far below."""


def parts_of(changes: Changes, size: int = AT_ONCE) -> Iterator[Changes]:
    """The changes in the order they can be made in, cut into parts."""
    units = {one.id: one for one in (*changes.made, *changes.changed) if isinstance(one, Unit)}

    def parent(identifier: str) -> str | None:
        above = units[identifier].parent_id
        return above if above in units else None

    def rank(entry: tuple[bool, Entity]) -> tuple[int, int]:
        new, one = entry
        if isinstance(one, Unit):
            depth = len(climb(one.id, parent)[0])
            return (0, depth) if one.active else (6, -depth)
        if isinstance(one, Position):
            return (1, len(one.superiors)) if one.active else (5, -len(one.superiors))
        if isinstance(one, Person):
            return 2, 0
        return (3, int(new)) if isinstance(one, Assignment) else (4, 0)

    entries = sorted([*((True, one) for one in changes.made), *((False, one) for one in changes.changed)], key=rank)
    for start in range(0, len(entries), size):
        part = entries[start : start + size]
        yield Changes(tuple(one for new, one in part if new), tuple(one for new, one in part if not new))
