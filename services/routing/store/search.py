"""The search engine on MongoDB: postings in blocks, a journal of what is new, and what is kept of each letter.

Invariant: indexing again what was indexed changes nothing. docs/decisions/0013-search.md says why it is built so, and
what would take its place for ten million letters. The collections' names tell in which form things lie there: where it
changes they change, and nothing is ever read in a form it is not in.
"""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel
from services.routing.domain.search_document import SearchDocument
from services.routing.domain.search_engine import Asking, Found
from services.routing.store.search_ahead import ReadAhead
from services.routing.store.search_blocks import Blocks
from services.routing.store.search_cursors import Cursors
from services.routing.store.search_index import Index
from services.routing.store.search_journal import NUMBERS, Journal
from services.routing.store.search_letters import SearchLetters
from services.routing.store.search_reader import SearchReader
from services.routing.store.search_writer import SearchWriter

EARLIER = ("search_blocks", "search_letters", "search_journal")
"""Where things lay in the form before. The last of them, which tells of it, is dropped last."""


class MongoSearch:
    """A SearchEngine. One per process: it remembers what it has read."""

    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = Journal.INDEXES | Blocks.INDEXES | SearchLetters.INDEXES

    def __init__(self, database: Database) -> None:
        self._earlier = [database[name] for name in EARLIER]
        self._outgrown = True
        self._letters = SearchLetters(database)
        self._index = Index(database)
        self._ahead = ReadAhead(self._index, self._letters)
        self._writer = SearchWriter(self._index, self._letters)
        self._reader = SearchReader(self._index, self._letters, Cursors(database))

    async def index(self, documents: Sequence[SearchDocument]) -> None:
        """See SearchEngine."""
        await self._writer.write(documents)

    async def remove(self, letter_ids: Sequence[str]) -> None:
        """See SearchEngine; what stands in the index under their numbers leads nowhere from now on."""
        await self._letters.remove(letter_ids)

    async def clear(self) -> None:
        """See SearchEngine."""
        await self._index.clear()
        await self._letters.drop()

    async def seal(self) -> None:
        """Write blocks of what is new now, as happens by itself when there is enough of it."""
        await self._index.refresh()
        await self._index.seal()

    async def read_ahead(self) -> int:
        """See SearchEngine."""
        return await self._ahead.some()

    async def outgrown(self) -> bool:
        """See SearchEngine."""
        self._outgrown = self._outgrown and await self._earlier[-1].find_one({"_id": NUMBERS}) is not None
        return self._outgrown

    async def drop_outgrown(self) -> None:
        """See SearchEngine."""
        for rows in self._earlier:
            await rows.drop()

    async def search(self, asking: Asking) -> Found:
        """See SearchEngine."""
        return await self._reader.answer(asking)
