"""Search letters. Invariant: nothing of a letter is answered that the caller may not read at this moment, neither a
word of its text nor that it exists; the engine's word on who may read what is never enough.
"""

from dataclasses import dataclass, replace

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import unprocessable
from services.projections.letter_access import may_read
from services.routing.commands.entitlement import seen_keys
from services.routing.domain.search_document import Narrowing
from services.routing.domain.search_engine import Asking, Found, Hit, UnknownCursor
from services.routing.domain.search_query import Unanswerable, question
from services.routing.domain.summary import LetterSummary
from services.routing.searching import Searching

MOST_LOOKS = 3
"""How often an engine is asked again whose hits the caller may no longer read, for one page."""


@dataclass(frozen=True)
class SearchQuery:
    """What is asked for."""

    text: str
    narrowing: Narrowing
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True)
class ShownHit:
    """A letter that was found, and what is shown of it."""

    hit: Hit
    summary: LetterSummary


@dataclass(frozen=True)
class SearchPage:
    """A page of hits. ``corrected``: what was taken for words as they were typed, in letters on this page."""

    hits: list[ShownHit]
    next: str | None
    relaxed: bool
    corrected: dict[str, str]


async def search_letters(searching: Searching, caller: Principal, query: SearchQuery) -> SearchPage:
    """A page of the letters the caller may read, the best first; 422 for what cannot be searched for."""
    asking = _asking(searching, caller, query)
    found = await _ask(searching, asking)
    shown = await _readable(searching, caller, query.narrowing, found)
    for _ in range(MOST_LOOKS - 1):
        if shown or found.next is None:
            break
        found = await _ask(searching, replace(asking, cursor=found.next))
        shown = await _readable(searching, caller, query.narrowing, found)
    corrected = {match.typed: match.instead for one in shown for match in one.hit.matches if match.instead}
    return SearchPage(shown, found.next, found.relaxed and bool(shown), corrected)


def _asking(searching: Searching, caller: Principal, query: SearchQuery) -> Asking:
    try:
        asked = question(query.text)
    except Unanswerable as error:
        raise unprocessable(error.code, error.detail, field="q") from None
    return Asking(
        question=asked,
        keys=tuple(seen_keys(caller)),
        today=now().astimezone(searching.zone).date(),
        narrowing=query.narrowing,
        limit=query.limit,
        cursor=query.cursor,
    )


async def _ask(searching: Searching, asking: Asking) -> Found:
    try:
        return await searching.engine.search(asking)
    except UnknownCursor:
        raise unprocessable("cursor_unknown", "Penunjuk halaman tidak dikenal.", field="cursor") from None


async def _readable(searching: Searching, caller: Principal, wanted: Narrowing, found: Found) -> list[ShownHit]:
    letters = await searching.letters.shown([hit.letter_id for hit in found.hits])
    return [
        ShownHit(hit, letter.summary)
        for hit in found.hits
        if (letter := letters.get(hit.letter_id)) and may_read(caller, letter.access) and wanted.fits(letter.summary)
    ]
