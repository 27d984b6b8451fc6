"""Registered letters. Invariant: a letter is written whole, in the transaction that numbered it, and is changed after
that only by the version that follows the one it was read at.

What is noted beside it afterwards, of the reading of its scans, is kept by ``texts`` and is no part of the letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.newest import Bounds, Newest
from services.chassis.pagination import page_of
from services.contracts.vocabulary import Confidentiality
from services.intake.domain.agenda import AgendaBook
from services.intake.domain.correction import CORRECTABLE
from services.intake.domain.letter import Letter
from services.intake.domain.likeness import Likeness
from services.intake.store import copied_letters, likenesses, texts

COLLECTION = texts.COLLECTION
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("unit_id", 1), ("_id", -1)], name="register"),
        IndexModel([("tracking_code", 1)], name="tracking_code", unique=True),
        IndexModel([("unit_id", 1), ("book", 1), ("year", 1), ("agenda_number", 1)], name="agenda", unique=True),
        # What the house has given is given once; there are only those letters in it that were numbered so.
        IndexModel([("own_number", 1)], name="own_number", unique=True, sparse=True),
        *likenesses.INDEX_MODELS,
        IndexModel([("text_due", 1)], name=texts.DUE_INDEX, sparse=True),
        IndexModel([("copies_due", 1)], name=copied_letters.DUE_INDEX, sparse=True),
    ]
}

CHANGING = CORRECTABLE | {"voided", "version"}
"""The fields that later versions may change."""


@dataclass(frozen=True)
class _Kept:
    """Which of a unit's letters are wanted."""

    levels: frozenset[Confidentiality]
    training: bool

    def holds(self, row: Document) -> bool:
        """Whether this is one of them."""
        return row["confidentiality"] in self.levels and row.get("training", False) == self.training

    @property
    def name(self) -> tuple[str, ...]:
        """What tells these from others."""
        return (*sorted(self.levels), *(["practice"] if self.training else []))


class Letters:
    """The letters of this service."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]
        self._newest = Newest(itemgetter("_id"))

    async def add(self, letter: Letter, likeness: Likeness, written: Sequence[str], session: Session | None) -> None:
        """Write a new letter; the files that are ``written`` are to be read."""
        marks = texts.to_be_read(written, letter.registered_at) | copied_letters.to_be_copied(letter.registered_at)
        await self._letters.insert_one(_document(letter, likeness) | marks, session=session)

    async def replace(self, letter: Letter, session: Session | None) -> bool:
        """Write the next version of a letter; False where another has changed it since it was read."""
        facts = {name: value for name, value in _facts(letter).items() if name in CHANGING}
        before = {"_id": letter.letter_id, "version": letter.version - 1}
        return (await self._letters.update_one(before, {"$set": facts}, session=session)).matched_count == 1

    async def get(self, letter_id: str, session: Session | None = None) -> Letter | None:
        """The letter with this id, or None."""
        row = await self._letters.find_one({"_id": letter_id}, session=session)
        return _letter(row) if row else None

    async def numbered(self, book: AgendaBook, first: int, last: int) -> list[Letter]:
        """The letters with these numbers in a book, both included."""
        numbers = {"agenda_number": {"$gte": first, "$lte": last}}
        query = {"unit_id": book.unit_id, "book": book.name, "year": book.year, **numbers}
        return [_letter(row) for row in await self._letters.find(query).to_list(None)]

    async def known(self, letter_ids: Sequence[str], session: Session | None = None) -> set[str]:
        """Those of these ids that are letters."""
        rows = self._letters.find({"_id": {"$in": list(letter_ids)}}, {"_id": 1}, session=session)
        return {str(row["_id"]) async for row in rows}

    async def register(
        self,
        readable: Mapping[str, Sequence[Confidentiality]],
        before: str | None,
        limit: int,
        *,
        training: bool = False,
    ) -> tuple[list[Letter], str | None]:
        """A page of these units' registers, or of what they practised, newest first; of each unit only letters this
        confidential."""
        wanted = [(unit, _Kept(frozenset(levels), training)) for unit, levels in readable.items()]
        books = [await self._book(unit, kept, before, limit + 1) for unit, kept in wanted]
        rows = sorted((row for book in books for row in book), key=itemgetter("_id"), reverse=True)
        page, following = page_of(rows[: limit + 1], limit)
        return [_letter(row) for row in page], following

    async def _book(self, unit_id: str, kept: "_Kept", before: str | None, limit: int) -> list[Document]:
        """At least ``limit`` letters of a unit, where there are that many."""

        async def look(bounds: Bounds) -> list[Document]:
            # By what the index holds alone: asked for anything more, the embedded server looks through all there is.
            query = {"unit_id": unit_id, **bounds.condition}
            rows = await self._letters.find(query).sort("_id", -1).to_list(None)
            return [row for row in rows if kept.holds(row)]

        name = "/".join((unit_id, *kept.name))
        return await self._newest.read(name, look, limit=limit, before=before)


def _facts(letter: Letter) -> Document:
    facts: Document = letter.model_dump(mode="json", exclude={"letter_id"})
    facts["registered_at"] = letter.registered_at
    if letter.occasion:
        facts["occasion"] |= {"starts_at": letter.occasion.starts_at, "ends_at": letter.occasion.ends_at}
    if letter.voided:
        facts["voided"]["at"] = letter.voided.at
    return facts


def _document(letter: Letter, likeness: Likeness) -> Document:
    document = _facts(letter) | {"_id": letter.letter_id, "unit_id": letter.unit_id}
    document |= likenesses.fields_of(likeness)
    if letter.house_number:
        document["own_number"] = letter.house_number.key(letter.unit_id)
    return document


def _letter(row: Document) -> Letter:
    return Letter.model_validate({**row, "letter_id": row["_id"]})
