"""What the search is given. Invariant: made once, at the composition root; nothing else knows which engine it is."""

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
LEASE_SECONDS = 30.0
"""Sealing a chunk of the index takes seconds."""


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


async def searching(request: Request) -> Searching:
    """FastAPI dependency: the search of the service's context."""
    return cast(Searching, request.app.state.context.searching)


Search = Annotated[Searching, Depends(searching)]
