"""What units, positions, people and assignments have in common in the database. Invariant: every entity remembers what
was asked for when it was made (``declared``), so asking for the same again can be told from asking for something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from services.chassis.documents import document, model
from services.chassis.mongo import (
    Collection,
    Database,
    Document,
    IndexModel,
    Session,
    UpdateOne,
    take_document,
)
from services.chassis.pagination import after, page_of
from services.routing.domain.organisation import Entity

E = TypeVar("E", bound=Entity)

BATCH = 500
"""How many documents one command writes: a server is not to be busy with one for long."""
T = TypeVar("T")


def batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut into what one command writes; nothing for nothing."""
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


@dataclass(frozen=True)
class Declared(Generic[E]):
    """An entity with the fingerprint of what it was made from."""

    entity: E
    declared: str


class Entities(Generic[E]):
    """One collection of entities."""

    COLLECTION: ClassVar[str]
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]]
    kind: type[E]

    def __init__(self, database: Database) -> None:
        self._rows: Collection = database[self.COLLECTION]

    async def find(self, identifier: str, session: Session | None) -> E | None:
        """The entity with this id, or None."""
        row = await self._rows.find_one({"_id": identifier}, session=session)
        return model(self.kind, row) if row else None

    async def declared(self, identifier: str, session: Session | None) -> Declared[E] | None:
        """The entity with what it was made from, or None."""
        row = await self._rows.find_one({"_id": identifier}, session=session)
        return Declared(model(self.kind, row), row["declared"]) if row else None

    async def several(self, identifiers: Sequence[str], session: Session | None) -> list[E]:
        """Those with one of these ids."""
        if not identifiers:
            return []
        rows = await self._rows.find({"_id": {"$in": list(identifiers)}}, session=session).to_list(None)
        return [model(self.kind, row) for row in rows]

    async def where(self, query: Document, session: Session | None) -> list[E]:
        """All that match a query an index serves; for parts of the organisation, which is never large."""
        rows = await self._rows.find(query, session=session).to_list(None)
        return [model(self.kind, row) for row in rows]

    async def lacking(self, field: str, limit: int, session: Session | None) -> list[E]:
        """Some whose document has no such field, because an earlier release wrote it."""
        rows = await self._rows.find({field: {"$exists": False}}, session=session).limit(limit).to_list(limit)
        return [model(self.kind, row) for row in rows]

    async def add(self, entity: E, declared: str, session: Session | None) -> None:
        """Keep a new entity."""
        await self.add_all([entity], declared, session)

    async def add_all(self, entities: Sequence[E], declared: str, session: Session | None) -> None:
        """Keep new entities."""
        for batch in batches(entities):
            await self._rows.insert_many([{**self._row(one), "declared": declared} for one in batch], session=session)

    async def change(self, entity: E, session: Session | None) -> None:
        """Keep the entity's new state."""
        await self.change_all([entity], session)

    async def change_all(self, entities: Sequence[E], session: Session | None) -> None:
        """Keep the new states of these."""
        for batch in batches(entities):
            changes = [UpdateOne({"_id": one.id}, {"$set": self._fields(one)}) for one in batch]
            await self._rows.bulk_write(changes, ordered=False, session=session)

    async def take(self, identifier: str, session: Session | None) -> E | None:
        """The entity, held until the transaction ends: a write that any other holder clashes with."""
        row = await take_document(self._rows, identifier, session)
        return model(self.kind, row) if row else None

    async def page(self, query: Document, cursor: str | None, limit: int) -> tuple[list[E], str | None]:
        """A page of those that match, newest id first, and the cursor of the next."""
        found = self._rows.find({**query, **after(cursor)}).sort("_id", -1).limit(limit + 1)
        rows, following = page_of(await found.to_list(limit + 1), limit)
        return [model(self.kind, row) for row in rows], following

    def _row(self, entity: E) -> Document:
        """The document of an entity; a collection may add what its queries need."""
        return document(entity)

    def _fields(self, entity: E) -> Document:
        return {name: value for name, value in self._row(entity).items() if name != "_id"}
