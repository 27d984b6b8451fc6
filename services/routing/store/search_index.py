"""The search's index as one process knows it. Invariant: after ``refresh`` it knows everything that was indexed before.

What was indexed lately is in the journal, and read from there into memory once; the rest lies in blocks. When the
journal is of many letters, or long, one writer seals it: puts it into blocks and lets it count no more. Sealing can be
cut off anywhere and be done twice, and who reads meanwhile finds the same letters.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence

from services.chassis.mongo import Database
from services.routing.domain.search_lexicon import Heard, Lexicon
from services.routing.domain.search_postings import Fresh, Postings, joined, within
from services.routing.domain.search_weighing import Span
from services.routing.store.search_blocks import Blocks
from services.routing.store.search_journal import AT_ONCE, Batch, Journal, State

log = logging.getLogger(__name__)
MOST_LETTERS = 8192
MOST_BATCHES = 3000
MOST_POSTINGS = 4_000_000
"""As letters that were indexed before may bring further ones."""
SEALED_AT_ONCE = 500


class Index:
    """Postings by key, and the words that occur."""

    def __init__(self, database: Database) -> None:
        self._journal = Journal(database)
        self._blocks = Blocks(database)
        self._state = State()
        self._seq = 0
        self._fresh = Fresh()
        self._loading = asyncio.Lock()
        self.lexicon = Lexicon()

    @property
    def top(self) -> int:
        """One more than the highest number of any letter that was indexed."""
        return max(self._state.top, self._fresh.top)

    @property
    def base(self) -> int:
        """The lowest number a letter can have."""
        return self._state.base

    @property
    def epoch(self) -> int:
        """Another one whenever the journal was sealed."""
        return self._state.epoch

    @property
    def has_room(self) -> bool:
        """Whether more may be read ahead."""
        return self._blocks.has_room

    async def refresh(self) -> None:
        """Take up what was indexed since."""
        while True:
            state, batches = await self._journal.after(self._seq)
            if state != self._state:
                await self._turn()
                continue
            for seq, batch in sorted(batches.items()):
                if seq == self._seq + 1:  # else another reader of this process was faster
                    self._fresh.add(batch.postings)
                    self.lexicon.hear(batch.heard)
                    self._seq = seq
            if len(batches) < AT_ONCE:
                return

    async def look(self, keys: Sequence[str], span: Span) -> dict[str, Postings]:
        """The postings of these keys, of the letters in this span."""
        fresh = self._fresh
        sealed = await self._blocks.of(set(keys), span.low, min(span.high, self._state.top))
        return {key: joined((some, within(fresh.of(key), span.low, span.high))) for key, some in sealed.items()}

    async def read_ahead(self, keys: Iterable[str]) -> None:
        """Read what is in blocks of these keys and of the newest letters, before it is asked for."""
        await self._blocks.read_ahead(keys, self.base, self._state.top)

    async def take_numbers(self, count: int) -> int:
        """The first of ``count`` numbers for new letters."""
        return await self._journal.take_numbers(count) if count else 0

    async def append(self, postings: Mapping[str, Postings], heard: Heard) -> None:
        """Keep these postings and words."""
        await self.refresh()
        while not await self._journal.append(self._seq + 1, Batch(postings, heard)):
            await self.refresh()
        await self.refresh()

    async def seal_if_due(self) -> None:
        """Put the journal into blocks where it is of many letters, or long."""
        letters, batches = self._fresh.top - self._state.top, self._seq - self._state.floor
        if letters >= MOST_LETTERS or batches >= MOST_BATCHES or self._fresh.count >= MOST_POSTINGS:
            await self.seal()

    async def seal(self) -> None:
        """Put the journal into blocks."""
        state, upto, fresh, started = self._state, self._seq, self._fresh, time.monotonic()
        keys = sorted(fresh)
        for start in range(0, len(keys), SEALED_AT_ONCE):
            await self._blocks.keep({key: fresh.of(key) for key in keys[start : start + SEALED_AT_ONCE]})
        await self._journal.seal(state, upto, self.top, self.lexicon.kept())
        took = time.monotonic() - started
        log.info("sealed %d postings of %d words in the search's index in %.1f s", fresh.count, len(keys), took)
        await self.refresh()

    async def clear(self) -> None:
        """Forget everything."""
        await self.refresh()
        await self._journal.forget(self._state, self._seq)
        await self._blocks.drop()
        await self.refresh()

    async def _turn(self) -> None:
        """Follow a sealing, a new era, or a database that was put back to what it was."""
        async with self._loading:
            before, state = self._state, await self._journal.state()
            if state == before:
                return
            sealed = (state.era, state.epoch) == (before.era, before.epoch + 1)
            followed = sealed and self._seq == state.floor - 1
            if not followed:
                self.lexicon = Lexicon(await self._journal.words())
            self._blocks.changed(list(self._fresh) if followed else None)
            self._fresh = Fresh()
            self._state, self._seq = state, state.floor - 1
