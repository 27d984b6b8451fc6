"""What the search is given. Invariant: made once, at the composition root; nothing else knows which engine it is."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.mongo import Database
from services.routing.domain.search_engine import SearchEngine
from services.routing.store.scan_texts import ScanTexts
from services.routing.store.search import MongoSearch
from services.routing.store.searched_letters import SearchedLetters

STORES = (ScanTexts, MongoSearch)
"""Whose indexes have to be made."""
PAUSE_SECONDS = 0.3
LEASE_SECONDS = 60.0
"""Sealing takes seconds, and more of them the fuller a part is."""
AHEAD_PAUSE_SECONDS = 20.0
"""After it is looked whether there is anything new to read ahead."""
AHEAD_REST_SECONDS = 0.02
"""Between a few words and the next: questions go first."""


@dataclass(frozen=True)
class Searching:
    """The engine, the letters it is told of, what their scans say, and the time zone days are meant in."""

    engine: SearchEngine
    letters: SearchedLetters
    texts: ScanTexts
    zone: ZoneInfo

    @classmethod
    def on(cls, database: Database, timezone: str) -> "Searching":
        """Build it on routing's database."""
        return cls(MongoSearch(database), SearchedLetters(database), ScanTexts(database), ZoneInfo(timezone))


async def read_ahead(searching: Searching) -> int:
    """An attendant's sweep: see SearchEngine. It leaves others time."""
    done = await searching.engine.read_ahead()
    await asyncio.sleep(AHEAD_REST_SECONDS)
    return done


async def searching(request: Request) -> Searching:
    """FastAPI dependency: the search of the service's context."""
    return cast(Searching, request.app.state.context.searching)


Search = Annotated[Searching, Depends(searching)]
