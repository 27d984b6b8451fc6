"""Files of answers, as documents beside the object store. Invariants: a file is written down before it is put, so what
lies in the store is named here; it belongs to one disposition; and once it was added to an act it stays.

A file is ``ready`` when it was put, and ``loose`` from when it was begun until an act takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.contracts.disposition import Attachment

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any instant that is stored: a span that is bounded on both sides is one an index is read for."""


@dataclass(frozen=True)
class Brought:
    """A file that is in the store: who brought it, and whether an act has taken it since."""

    file: Attachment
    person_id: str
    is_loose: bool


class Attachments:
    """Files by id; those no act has taken by who brought them, and by how long they have waited."""

    COLLECTION = "attachments"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("loose_since", 1)], name="loose", sparse=True),
            IndexModel([("loose_by", 1)], name="loose_by", sparse=True),
        ],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def begin(self, one: Attachment, disposition_id: str, person_id: str, at: datetime) -> None:
        """A file is about to be put."""
        row = one.model_dump() | {
            "disposition_id": disposition_id,
            "person_id": person_id,
            "ready": False,
            "loose_since": at,
            "loose_by": person_id,
        }
        await self._rows.insert_one({"_id": row.pop("attachment_id"), **row})

    async def put(self, attachment_id: str, session: Session | None) -> bool:
        """The file is in the store; False where it was swept meanwhile."""
        result = await self._rows.update_one({"_id": attachment_id}, {"$set": {"ready": True}}, session=session)
        return result.matched_count == 1

    async def get(self, attachment_id: str, disposition_id: str, session: Session | None = None) -> Brought | None:
        """A file in the store that belongs to this disposition, or None."""
        row = await self._rows.find_one({"_id": attachment_id}, session=session)
        if row is None or not row["ready"] or row["disposition_id"] != disposition_id:
            return None
        return Brought(_file(row), row["person_id"], is_loose="loose_since" in row)

    async def take(
        self, attachment_id: str, disposition_id: str, person_id: str, session: Session | None
    ) -> Attachment | None:
        """The file, added from now on; None where this person brought no such file for it, or has added it."""
        found = await self.get(attachment_id, disposition_id, session)
        if found is None or found.person_id != person_id or not found.is_loose:
            return None
        loose = {"loose_since": "", "loose_by": ""}
        await self._rows.update_one({"_id": attachment_id}, {"$unset": loose}, session=session)
        return found.file

    async def loose_of(self, person_id: str) -> int:
        """How many files this person has brought that no act has taken."""
        return await self._rows.count_documents({"loose_by": person_id})

    async def loose_before(self, until: datetime, limit: int) -> list[Attachment]:
        """Some that have waited since before ``until``."""
        waiting = {"loose_since": {"$gt": BEGINNING, "$lte": until}}
        return [_file(row) for row in await self._rows.find(waiting).limit(limit).to_list(limit)]

    async def withdraw(self, attachment_id: str, session: Session | None) -> bool:
        """Let no act take it from now on; False where one has."""
        row = await self._rows.find_one({"_id": attachment_id}, session=session)
        if row is None or "loose_since" not in row:
            return False
        await self._rows.update_one({"_id": attachment_id}, {"$set": {"ready": False}}, session=session)
        return True

    async def forget(self, attachment_id: str) -> None:
        """Nothing of it lies in the store any more."""
        await self._rows.delete_one({"_id": attachment_id})


def _file(row: Document) -> Attachment:
    facts: dict[str, Any] = {name: value for name, value in row.items() if name in Attachment.model_fields}
    return Attachment.read({"attachment_id": row["_id"], **facts})
