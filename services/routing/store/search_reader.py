"""Answering from the search's index. Invariant: what a page costs is bounded, however many letters there are.

Newest letters first, a span at a time, until a pool of them answers; the best of the pool make the page. So a page is
read from few blocks where words are common, and from all of a few short lists where one is rare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from services.routing.domain.search_cursor import Cursor, read_cursor
from services.routing.domain.search_document import ACROSS
from services.routing.domain.search_engine import Asking, Found, Hit
from services.routing.domain.search_hits import Kept, Shower
from services.routing.domain.search_plan import PlannedWord, planned
from services.routing.domain.search_postings import PART
from services.routing.domain.search_ranking import Sight, Span, Strictness, Weighed, ranked, strictness, weighed
from services.routing.store.search_index import Index
from services.routing.store.search_letters import SearchLetters
from services.routing.store.search_writer import missing

POOL = 1000
"""How many letters that answer are ranked against each other."""
MOST_PARTS = 4
"""Half a million letters: further back is looked for the next page."""
MOST_EXAMINED = 200
"""Letters that are looked at for one page, where phrases or days of receipt turn many down."""


class SearchReader:
    """Answers questions."""

    def __init__(self, index: Index, letters: SearchLetters) -> None:
        self._index = index
        self._letters = letters

    async def answer(self, asking: Asking) -> Found:
        """A page of what was found; raises UnknownCursor."""
        if not asking.keys:
            return Found(())
        await self._index.refresh()
        words = len(asking.question.words)
        cursor = read_cursor(asking.cursor, words, self._index.top) if asking.cursor else None
        letters = self._index.top - self._index.base
        plan = planned(asking.question, self._index.lexicon, letters, cursor.rarities if cursor else ())
        if cursor is None:
            top = self._index.top
            cursor = Cursor(top, top, tuple(one.rarity for one in plan), sure=True, words=0)
        return await _Page(self._index, self._letters, asking, plan, cursor).turned()


class _Page:
    """One page on its way."""

    def __init__(
        self, index: Index, letters: SearchLetters, asking: Asking, plan: Sequence[PlannedWord], cursor: Cursor
    ) -> None:
        self._index, self._letters = index, letters
        self._asking, self._plan = asking, plan
        self._shower = Shower(plan)
        self._cursor = cursor
        self._sight = _sight(asking)
        self._hits: list[Hit] = []
        self._examined = 0

    async def turned(self) -> Found:
        """The page, from as many pools as it takes."""
        following: str | None = None
        while True:
            more = await self._take(await self._pool())
            if more:
                following = self._cursor.written()
                break
            low = self._cursor.low or 0
            if low <= self._index.base:
                break
            self._cursor = replace(self._cursor, high=low, low=None, score=0.0, number=0)
            if len(self._hits) >= self._asking.limit or self._examined >= MOST_EXAMINED:
                following = self._cursor.written()
                break
        relaxed = not self._cursor.sure and self._cursor.words < len(self._plan)
        return Found(tuple(self._hits), following, relaxed and bool(self._hits))

    async def _pool(self) -> Weighed:
        """The letters of the pool that are still to be shown, the best first."""
        cursor = self._cursor
        if cursor.low is None:
            found = await self._gathered()
        else:
            found, _ = await self._weighed(cursor.low, cursor.strictness)
        if cursor.score:
            behind = (found.scores < cursor.score) | ((found.scores == cursor.score) & (found.numbers < cursor.number))
            found = found.where(behind)
        return ranked(found)

    async def _gathered(self) -> Weighed:
        """A new pool."""
        first = self._cursor.words == 0
        found, low = await self._weighed(None, None if first else self._cursor.strictness)
        if first:
            strict = strictness(found, len(self._plan))
            self._cursor = replace(self._cursor, sure=strict.sure, words=strict.words)
        found = found.where(self._cursor.strictness.holds(found))
        if len(found.numbers) > POOL:
            newest = np.argsort(-found.numbers)[:POOL]
            found = found.where(newest)
            low = int(found.numbers[-1])
        self._cursor = replace(self._cursor, low=low)
        return found

    async def _weighed(self, low: int | None, strict: Strictness | None) -> tuple[Weighed, int]:
        """The letters that answer below the cursor's bound, until a pool of them is found or ``low`` is reached."""
        found = Weighed()
        reached = self._cursor.high
        keys = [*(key for word in self._plan for key in word.keys), *self._sight.all_keys]
        for span in _spans(self._cursor.high, self._index.base if low is None else low):
            postings = await self._index.look(keys, span)
            found += weighed(span, self._cursor.top, self._plan, self._sight, postings)
            reached = span.low
            enough = np.count_nonzero(strict.holds(found) if strict else found.sure) >= POOL
            if low is None and (enough or self._cursor.high - reached >= MOST_PARTS * PART):
                break
        return found.where(strict.holds(found)) if strict else found, reached

    async def _take(self, pool: Weighed) -> bool:
        """Fill the page from the pool; whether something of it is left."""
        size = self._asking.limit
        for start in range(0, len(pool.numbers), size):
            numbers = [int(one) for one in pool.numbers[start : start + size]]
            kept = await self._letters.numbered(numbers)
            for number, score in zip(numbers, pool.scores[start : start + size], strict=True):
                self._cursor = self._cursor.after(float(score), number)
                self._examined += 1
                hit = self._hit(kept.get(number), float(score))
                if hit:
                    self._hits.append(hit)
                done = len(self._hits) >= size or self._examined >= MOST_EXAMINED
                if done and number != int(pool.numbers[-1]):
                    return True
        return False

    def _hit(self, kept: Kept | None, score: float) -> Hit | None:
        """The letter as a hit; None where it does not answer after all."""
        if kept is None or not self._asking.narrowing.admits(kept.received_on):
            return None
        if not all(kept.has(phrase) for phrase in self._asking.question.phrases):
            return None
        hit = self._shower.hit(kept, score)
        return hit if hit and len(hit.matches) >= self._cursor.words else None


def _sight(asking: Asking) -> Sight:
    across = [key for key in asking.keys if key in ACROSS]
    narrow = tuple(key for key in asking.keys if key not in ACROSS)
    # Who holds several of them reads what one of them allows: the widest is enough, and comes first.
    lacking = (missing(across[0]),) if across else None
    return Sight(narrow, lacking, asking.narrowing.marks(asking.today))


def _spans(high: int, low: int) -> Iterator[Span]:
    """The numbers from ``low`` until before ``high``, from the newest part back."""
    while high > low:
        start = max(low, (high - 1) // PART * PART)
        yield Span(start, high)
        high = start
