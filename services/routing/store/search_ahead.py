"""Reading ahead: what people will ask for is read before they do. Invariant: it fills no more than its share of what
can be remembered, so that what was asked for is not forgotten for it.

First the keys under which the newest letters are read, which are part of every question, then the commonest words.
"""

from collections.abc import Iterator
from itertools import islice

from services.routing.domain.search_stems import stem
from services.routing.store.search_index import Index
from services.routing.store.search_letters import SearchLetters

AT_ONCE = 5
NEWEST_LETTERS = 200
WORDS = 8_000


class ReadAhead:
    """One per process. It begins anew whenever the journal was sealed: what was remembered of its keys is forgotten."""

    def __init__(self, index: Index, letters: SearchLetters) -> None:
        self._index = index
        self._letters = letters
        self._epoch: int | None = None
        self._keys: list[str] = []
        self._words: Iterator[str] = iter(())

    async def some(self) -> int:
        """Read what is in blocks of the next few keys; of how many, 0 when there is nothing left to do."""
        await self._index.refresh()
        epoch, top = self._index.epoch, self._index.top
        if epoch != self._epoch:
            self._keys = sorted(await self._letters.keys_of(range(top - NEWEST_LETTERS, top)))
            self._words = iter(self._index.lexicon.commonest(WORDS))
            self._epoch = epoch
        if not self._index.has_room:
            return 0
        if not self._keys:
            self._keys = [stem(word) for word in islice(self._words, AT_ONCE)]
        keys = self._keys[:AT_ONCE]
        await self._index.read_ahead(keys)
        self._keys = self._keys[len(keys) :]
        return len(keys)
