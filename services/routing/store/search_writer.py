"""Writing into the search's index. Invariant: repeated it changes nothing, and what has not changed is not written.

First into the journal, then what is kept of the letter: cut off between the two, the letter is indexed again under
another number, and what stands under the first leads nowhere.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.routing.domain.search_analysis import Analysed, analysed
from services.routing.domain.search_document import ACROSS, SearchDocument
from services.routing.domain.search_lexicon import Heard
from services.routing.domain.search_postings import posting, postings
from services.routing.store.search_index import Index
from services.routing.store.search_letters import Indexed, SearchLetters, search_row

AT_ONCE = 200


@dataclass(frozen=True)
class Draft:
    """A document on its way into the index: under which number and further keys, and what it says if that is new."""

    document: SearchDocument
    said: bytes
    number: int
    known: Indexed | None
    keys: tuple[str, ...]
    found: Analysed | None

    @property
    def postings(self) -> Iterator[tuple[str, int]]:
        """What is to be written of it."""
        if self.found:
            for stem, entry in self.found.entries.items():
                yield stem, posting(self.number, entry.mask)
        for key in self.keys:
            yield key, posting(self.number)


def index_keys(document: SearchDocument) -> list[str]:
    """What a document is found by beside its words. Of keys that nearly all letters have, it says which it lacks."""
    narrow = [key for key in document.readers if key not in ACROSS]
    return [*narrow, *(missing(key) for key in sorted(ACROSS - set(document.readers))), *document.marks]


def missing(key: str) -> str:
    """The key of letters that cannot be read under this one."""
    return f"-{key}"


class SearchWriter:
    """Writes documents, a batch at a time."""

    def __init__(self, index: Index, letters: SearchLetters) -> None:
        self._index = index
        self._letters = letters
        self._writing = asyncio.Lock()

    async def write(self, documents: Sequence[SearchDocument]) -> None:
        """Index these documents."""
        latest = sorted({one.letter_id: one for one in documents}.values(), key=lambda one: one.letter_id)
        async with self._writing:
            for start in range(0, len(latest), AT_ONCE):
                await self._write(latest[start : start + AT_ONCE])

    async def _write(self, documents: Sequence[SearchDocument]) -> None:
        await self._index.refresh()
        known = await self._letters.indexed([one.letter_id for one in documents])
        number = await self._index.take_numbers(sum(one.letter_id not in known for one in documents))
        drafts: list[Draft] = []
        for document in documents:
            before = known.get(document.letter_id)
            drafts.append(self._draft(document, before, before.number if before else number))
            number += before is None
            await asyncio.sleep(0)  # reading a letter's text takes a millisecond; others are served in between
        await self._keep(drafts)

    def _draft(self, document: SearchDocument, known: Indexed | None, number: int) -> Draft:
        said = _digest(document)
        keys = tuple(key for key in index_keys(document) if known is None or key not in known.keys)
        new = known is None or known.said != said
        found = analysed(document, self._index.lexicon.meant_by) if new else None
        return Draft(document, said, number, known, keys, found)

    async def _keep(self, drafts: Sequence[Draft]) -> None:
        changed = [draft for draft in drafts if draft.keys or draft.found]
        if not changed:
            return
        gathered: dict[str, list[int]] = {}
        for draft in changed:
            for key, one in draft.postings:
                gathered.setdefault(key, []).append(one)
        heard = _heard(draft.found.heard for draft in changed if draft.found)
        await self._index.append({key: postings(some) for key, some in gathered.items()}, heard)
        taken = await self._letters.add([_row(draft) for draft in changed if draft.known is None])
        for draft in changed:
            if draft.known is not None and draft.found is not None:
                await self._letters.put(_row(draft))
            elif draft.known is not None:
                await self._letters.widen(draft.document.letter_id, draft.keys)
        if taken:  # another process was faster: where it was told otherwise of the letter, this is the change
            await self._write([draft.document for draft in drafts if draft.document.letter_id in taken])
        await self._index.seal_if_due()


def _row(draft: Draft) -> dict[str, object]:
    assert draft.found is not None  # noqa: S101 - only of what was read
    before = sorted(draft.known.keys) if draft.known else []
    return search_row(draft.document, draft.number, draft.said, [*before, *draft.keys], draft.found)


def _digest(document: SearchDocument) -> bytes:
    """What tells whether a document says the same as before; who may read it is not part of it."""
    said = [*(content for _, content in document.written), document.text, document.received_on.isoformat()]
    return hashlib.blake2b("\0".join(said).encode(), digest_size=12).digest()


def _heard(parts: Iterable[Heard]) -> Heard:
    total: dict[str, tuple[int, bool]] = {}
    for part in parts:
        for form, (count, typed) in part.items():
            before, was_typed = total.get(form, (0, False))
            total[form] = (before + count, was_typed or typed)
    return total
