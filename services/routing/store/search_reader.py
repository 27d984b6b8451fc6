"""Answering from the search's index. Invariant: what a page costs is bounded, however many letters there are.

Newest letters first, a part at a time, until a pool of them answers; the best of the pool make the page. So a page is
read from few blocks where words are common, and from all of a few short lists where one is rare.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from services.routing.domain.search_cursor import Cursor
from services.routing.domain.search_document import ACROSS
from services.routing.domain.search_engine import Asking, Found, Hit
from services.routing.domain.search_hits import Kept, Shower
from services.routing.domain.search_plan import forgiving, planned
from services.routing.domain.search_postings import PART
from services.routing.domain.search_ranking import Ranked, Strictness, is_enough, ranked, strictness
from services.routing.domain.search_weighing import Sight, Span, Weighed, weighed
from services.routing.store.search_cursors import Cursors
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

    def __init__(self, index: Index, letters: SearchLetters, cursors: Cursors) -> None:
        self._index = index
        self._letters = letters
        self._cursors = cursors

    async def answer(self, asking: Asking) -> Found:
        """A page of what was found; raises UnknownCursor."""
        if not asking.keys:
            return Found(())
        await self._index.refresh()
        top = self._index.top
        cursor = await self._cursors.opened(asking.cursor, asking) if asking.cursor else Cursor(top, top)
        page = _Page(self._index, self._letters, asking, cursor)
        following = await page.turned()
        handed_out = await self._cursors.sealed(following, asking) if following else None
        return Found(tuple(page.hits), handed_out, page.is_relaxed)


class _Page:
    """One page on its way."""

    def __init__(self, index: Index, letters: SearchLetters, asking: Asking, cursor: Cursor) -> None:
        self._index, self._letters, self._asking = index, letters, asking
        plan = planned(asking.question, index.lexicon)
        self._plan = forgiving(plan, index.lexicon, cursor.forgiven)
        self._shower = Shower(self._plan)
        self._sight = _sight(asking)
        self._cursor = cursor
        self._examined = 0
        self.hits: list[Hit] = []

    @property
    def is_relaxed(self) -> bool:
        """Whether the hits have most of the words, because no letter has all."""
        return bool(self.hits) and not self._cursor.sure and self._cursor.words < len(self._plan)

    async def turned(self) -> Cursor | None:
        """Fill the page from as many pools as it takes; where to go on."""
        while True:
            if await self._take(await self._pool()):
                return self._cursor
            if (self._cursor.low or 0) <= self._index.base:
                return None
            self._cursor = self._cursor.older()
            if self._is_done:
                return self._cursor

    @property
    def _is_done(self) -> bool:
        return len(self.hits) >= self._asking.limit or self._examined >= MOST_EXAMINED

    async def _pool(self) -> Ranked:
        """The letters of the pool that are still to be shown, in their order."""
        found = await self._begun() if self._cursor.low is None else await self._again(self._cursor.low)
        order = ranked(found, self._cursor.rarities, self._cursor.top)
        return order.after(self._cursor.score, self._cursor.number) if self._cursor.score else order

    async def _again(self, low: int) -> Weighed:
        """The pool that was begun on the page before."""
        found, _ = await self._gathered(low, self._cursor.strictness)
        return found.where(self._cursor.strictness.holds(found))

    async def _begun(self) -> Weighed:
        """A new pool."""
        if self._cursor.is_first:
            found, low = await self._first()
        else:
            found, low = await self._gathered(None, self._cursor.strictness)
        found = found.where(self._cursor.strictness.holds(found))
        if len(found.numbers) > POOL:
            found = found.where(np.argsort(-found.numbers)[:POOL])
            low = int(found.numbers[-1])
        self._cursor = replace(self._cursor, low=low)
        return found

    async def _first(self) -> tuple[Weighed, int]:
        """What the first pool is made of; it decides how strictly and by which rarities all are ranked."""
        found, low = await self._gathered(None, None)
        if not is_enough(found) and found.few:
            self._plan = forgiving(self._plan, self._index.lexicon, found.few)
            self._shower = Shower(self._plan)
            self._cursor = replace(self._cursor, forgiven=found.few)
            if any(word.maybe for word in self._plan):
                found, low = await self._gathered(None, None)
        strict = strictness(found, len(self._plan))
        self._cursor = replace(self._cursor, sure=strict.sure, words=strict.words, rarities=found.rarities)
        return found, low

    async def _gathered(self, low: int | None, strict: Strictness | None) -> tuple[Weighed, int]:
        """The letters that answer below the cursor's bound, until a pool of them is found or ``low`` is reached."""
        found = Weighed.nothing(len(self._plan))
        reached = self._cursor.high
        keys = [*(key for word in self._plan for key in word.keys), *self._sight.all_keys]
        for span in _spans(self._cursor.high, self._index.base if low is None else low):
            sure = strict.sure if strict else is_enough(found)
            found += weighed(span, self._plan, self._sight, await self._index.look(keys, span), sure_alone=sure)
            reached = span.low
            enough = np.count_nonzero(strict.holds(found) if strict else found.sure) >= POOL
            if low is None and (enough or self._cursor.high - reached >= MOST_PARTS * PART):
                break
        return found, reached

    async def _take(self, pool: Ranked) -> bool:
        """Fill the page from the pool; whether something of it is left."""
        size = self._asking.limit
        for start in range(0, len(pool.numbers), size):
            numbers = [int(one) for one in pool.numbers[start : start + size]]
            kept = await self._letters.numbered(numbers)
            for number, score in zip(numbers, pool.scores[start : start + size], strict=True):
                self._cursor = self._cursor.after(float(score), number)
                self._examine(kept.get(number), float(score))
                if self._is_done and number != int(pool.numbers[-1]):
                    return True
        return False

    def _examine(self, kept: Kept | None, score: float) -> None:
        """Take the letter as a hit, unless it does not answer after all."""
        self._examined += 1
        if kept is None or not self._asking.narrowing.admits(kept.received_on):
            return
        if not all(kept.has(phrase) for phrase in self._asking.question.phrases):
            return
        hit = self._shower.hit(kept, score)
        if hit and len(hit.matches) >= self._cursor.words:
            self.hits.append(hit)


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
