"""What arrived where in the running house, as its lists tell it, the newest first."""

from collections import Counter
from collections.abc import AsyncIterable
from dataclasses import dataclass

from deploy.demo.client import Json
from services.chassis.bus.parked import ParkedMessage

OLDER = 200
"""Where so many come one after the other that are older than what is looked for, it is not among those that follow."""


@dataclass(frozen=True)
class Census:
    """What arrived: how often each letter lies in the inbox, and how often its arrival was told."""

    inbox: Counter[str]
    told: Counter[str]
    parked: list[ParkedMessage]


async def newest_of(items: AsyncIterable[Json], wanted: set[str]) -> set[str]:
    """Those of the letters ``wanted`` that are in a list; it is read no further than they can stand in it."""
    found, older, oldest = set[str](), 0, min(wanted)
    async for item in items:
        one = letter_of(item)
        found |= {one} & wanted
        older = 0 if one >= oldest else older + bool(one)
        if found == wanted or older == OLDER:
            break
    return found


def letter_of(item: Json) -> str:
    """The letter that lies in an inbox or that a notification is about; "" where it is about something else."""
    links = item.get("links") or item
    return "" if links.get("disposition_id") else links.get("letter_id") or ""
