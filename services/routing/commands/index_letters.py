"""Tell the search of letters that changed. Invariant: a letter is told of until it was indexed as it is; cut off
anywhere, it is told of again, which changes nothing.
"""

import logging

from services.routing.domain.search_document import search_document
from services.routing.searching import Searching
from services.routing.store.searched_letters import Due

log = logging.getLogger(__name__)
AT_ONCE = 50


async def index_letters(searching: Searching) -> int:
    """The duty: index some letters that are due; how many.

    Where an earlier version has left an index in another form, every letter is made due first.
    """
    if await searching.engine.outgrown():
        await _renew(searching)
    due = await searching.letters.due(AT_ONCE)
    if due:
        await index_those(searching, due)
    return len(due)


async def index_those(searching: Searching, due: list[Due]) -> None:
    """Index these letters with what their scans say now."""
    texts = await searching.texts.several([one.letter.id for one in due])
    documents = [search_document(one.letter, texts.get(one.letter.id, "")) for one in due]
    await searching.engine.index(documents)
    await searching.letters.settle(due)


async def rebuild_search(searching: Searching) -> int:
    """For the operator: forget the index and have every letter indexed anew; how many there are.

    The duty does it, the newest changes first; until it has, searches find what has been indexed so far.
    """
    await searching.engine.clear()
    return await searching.letters.mark_all()


async def _renew(searching: Searching) -> None:
    """Have every letter indexed anew, and only then let go of what tells that it is to be done."""
    log.info("%d letters are to be indexed in the form of this version", await searching.letters.mark_all())
    await searching.engine.drop_outgrown()
