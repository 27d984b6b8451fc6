"""Measure every letter again, from its history. Invariant: some letters at a time, so it can be done while the house
works, be cut off anywhere, and be begun again.
"""

from collections.abc import Sequence

from services.chassis.clock import now
from services.routing.commands.count_letters import count_letters
from services.routing.commands.count_months import count_months
from services.routing.figure_room import FigureRoom

AT_ONCE = 500


async def count_again(room: FigureRoom, *, fresh: bool = False) -> int:
    """How many letters were measured.

    ``fresh`` throws away first what was kept: then whether a leader was there when a letter came is asked anew too, and
    answered by the absences that are entered now.
    """
    if fresh:
        # In this order: whatever is counted meanwhile is marked again once its rows come back.
        for store in (room.activity, room.months, room.rows):
            await store.clear()
    letters = await room.history.letters()
    for start in range(0, len(letters), AT_ONCE):
        await _count(room, letters[start : start + AT_ONCE])
    while await count_months(room):
        pass
    return len(letters)


async def _count(room: FigureRoom, letter_ids: Sequence[str]) -> None:
    await room.due.mark(letter_ids, now())
    while await count_letters(room):
        pass
