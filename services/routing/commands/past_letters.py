"""Ordinary letters that were delivered, for learning and for trying rules out. Invariant: no letter that is more than
ordinarily confidential is ever read here, and none that was entered to practise or is void.
"""

from collections.abc import AsyncIterator, Sequence

from services.chassis.newest import Bounds
from services.routing.domain.control import AUDITORS_KEY, ControlRow
from services.routing.guidance import Guidance

AT_ONCE = 200
ORDINARY = {
    "summary.confidentiality": "ordinary",
    "summary.training": {"$ne": True},
    "summary.voided": {"$ne": True},
}


async def past_letters(guidance: Guidance, most: int) -> AsyncIterator[Sequence[ControlRow]]:
    """The newest ``most`` ordinary letters, a few at a time, the newest first."""

    async def look(bounds: Bounds) -> Sequence[ControlRow]:
        return await guidance.control_list.within("seen_by", [AUDITORS_KEY], bounds, ORDINARY)

    before: str | None = None
    left = most
    while left > 0:
        wanted = min(AT_ONCE, left)
        rows = (await guidance.newest.read("ordinary", look, limit=wanted, before=before))[:wanted]
        if rows:
            yield rows
        if len(rows) < wanted:
            return
        left -= len(rows)
        before = rows[-1].id


async def letters_since(guidance: Guidance, letter_id: str | None, most: int) -> int:
    """How many ordinary letters are newer than this one; no further than ``most`` is counted."""
    count = 0
    async for rows in past_letters(guidance, most):
        newer = sum(letter_id is None or row.id > letter_id for row in rows)
        count += newer
        if newer < len(rows):
            break
    return count
