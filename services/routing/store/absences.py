"""Absences in the database. Invariant: what is over is never read to know who is there today."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from services.chassis.mongo import Document, IndexModel, Session
from services.routing.domain.absence import Absence
from services.routing.store.entities import Entities

ENDLESS = "9999-12-31"


class Absences(Entities[Absence]):
    """Who was, is and will be away."""

    COLLECTION = "absences"
    kind = Absence
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("person_id", 1), ("last_day", 1)], name="person_last_day"),
            IndexModel([("person_id", 1), ("_id", -1)], name="person"),
        ]
    }

    async def of_person(self, person_id: str, since: date, session: Session | None) -> list[Absence]:
        """The person's absences that are not over on ``since``, cancelled ones too."""
        return await self.where({"person_id": person_id, "last_day": {"$gte": since.isoformat()}}, session)

    def _row(self, entity: Absence) -> Document:
        row = super()._row(entity)
        return {**row, "last_day": row["ends_on"] or ENDLESS}
