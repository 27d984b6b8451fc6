"""Every state the organisation ever had. Invariant: a row is added with each change, in its transaction, and stays.

A row is one version of one entity: the whole state after the change, what was done, who did it and when. ``keys`` says
in whose history it is told: an assignment stands in that of its position and its person too. An absence stands in its
own alone, for it is nobody else's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.documents import model
from services.chassis.ids import first_id_of, new_id
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import after, page_of
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity, EntityKind
from services.routing.store.entities import batches

COLLECTION = "organisation_history"
Act = Literal["made", "changed", "imported", "from_template", "ended", "cancelled", "fed", "known"]
"""``known``: it was there when history began to be kept."""


class Author(BaseModel):
    """Who changed it."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    name: str


class HistoryRow(BaseModel):
    """One version of one entity."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    entity: EntityKind
    entity_id: str
    version: int
    act: Act
    state: dict[str, Any]
    by: Author
    at: datetime


@dataclass(frozen=True)
class Deed:
    """What is being done, by whom, at what instant."""

    act: Act
    by: Author
    at: datetime


class OrganisationHistory:
    """The rows."""

    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("keys", 1), ("_id", -1)], name="keys"),
            IndexModel([("entity_id", 1), ("version", 1)], name="once", unique=True),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, entities: Sequence[Entity], deed: Deed, session: Session | None) -> None:
        """Write down these new states."""
        for batch in batches(entities):
            await self._rows.insert_many([_row(one, deed) for one in batch], session=session)

    async def page(
        self, kind: EntityKind, entity_id: str, cursor: str | None, limit: int
    ) -> tuple[list[HistoryRow], str | None]:
        """A page of what is told in its history, newest first, and the cursor of the next."""
        query = {"keys": key_of(kind, entity_id), **after(cursor)}
        rows, following = page_of(
            await self._rows.find(query).sort("_id", -1).limit(limit + 1).to_list(limit + 1), limit
        )
        return [model(HistoryRow, row) for row in rows], following

    async def before(self, kind: EntityKind, entity_id: str, instant: datetime) -> HistoryRow | None:
        """The last of its own states before an instant, or None where it was not there yet."""
        query: Document = {"keys": key_of(kind, entity_id), "_id": {"$lt": first_id_of(instant)}}
        rows = await self._rows.find(query).sort("_id", -1).to_list(None)
        return next((model(HistoryRow, row) for row in rows if row["entity_id"] == entity_id), None)

    async def version(self, entity_id: str, version: int, session: Session | None = None) -> HistoryRow | None:
        """One version of it, or None."""
        row = await self._rows.find_one({"entity_id": entity_id, "version": version}, session=session)
        return model(HistoryRow, row) if row else None


def key_of(kind: EntityKind, entity_id: str) -> str:
    """The history of an entity."""
    return f"{kind}/{entity_id}"


def _row(entity: Entity, deed: Deed) -> Document:
    keys = [key_of(entity.entity_kind, entity.id)]
    if isinstance(entity, Assignment):
        keys += [key_of("position", entity.position_id), key_of("person", entity.person_id)]
    return {
        "_id": new_id(),
        "entity": entity.entity_kind,
        "entity_id": entity.id,
        "version": entity.version,
        "act": deed.act,
        "state": entity.model_dump(mode="json", exclude={"id", "version"}),
        "by": deed.by.model_dump(),
        "at": deed.at,
        "keys": keys,
    }
