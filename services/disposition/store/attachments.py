"""Files of answers, as documents beside the object store. Invariant: a file belongs to one disposition, and once it was
added to an act it stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel, Session
from services.contracts.disposition import Attachment


class Attachments:
    """Files by id; those that were brought and not added yet are ``loose``."""

    COLLECTION = "attachments"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("loose_since", 1)], name="loose", sparse=True)],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, one: Attachment, disposition_id: str, person_id: str, at: datetime) -> None:
        """Keep a file that was just brought."""
        row = one.model_dump() | {"disposition_id": disposition_id, "person_id": person_id, "loose_since": at}
        await self._rows.insert_one({"_id": row.pop("attachment_id"), **row})

    async def take(
        self, attachment_id: str, disposition_id: str, person_id: str, session: Session | None
    ) -> Attachment | None:
        """The file, added from now on; None where this person brought no such file for it, or has added it."""
        row = await self._rows.find_one({"_id": attachment_id}, session=session)
        wanted = {"disposition_id": disposition_id, "person_id": person_id}
        if row is None or "loose_since" not in row or any(row[name] != value for name, value in wanted.items()):
            return None
        await self._rows.update_one({"_id": attachment_id}, {"$unset": {"loose_since": ""}}, session=session)
        return Attachment.read({"attachment_id": attachment_id, **_facts(row)})


def _facts(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name in Attachment.model_fields}
