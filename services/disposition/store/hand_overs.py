"""Hand-overs as documents, and the open work of a position. Invariant: a hand-over is ``pending`` until nothing is left
to move, so one that was cut off is gone on with.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.disposition.domain.boxes import Box, tab
from services.disposition.domain.hand_over import HandOver
from services.disposition.store.dispositions import Dispositions

OPEN_BOXES: tuple[Box, ...] = ("new", "to_do", "coordinating", "waiting", "answered", "returned")
"""Where everything stands that a position has to do or waits for; each of them in exactly one."""

_SIDES = {"owner": 1} | {
    f"recipients.{name}": 1 for name in ("position_id", "issued_at", "since", "declined_at", "recalled_at")
}


class HandOvers:
    """By id, and those that are not finished."""

    COLLECTION = "hand_overs"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("pending", 1)], name="pending", sparse=True)],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._dispositions = database[Dispositions.COLLECTION]

    async def add(self, one: HandOver, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(_row(one), session=session)

    async def get(self, hand_over_id: str, session: Session | None = None) -> HandOver | None:
        """The hand-over, or None."""
        row = await self._rows.find_one({"_id": hand_over_id}, session=session)
        return model(HandOver, row) if row else None

    async def save(self, one: HandOver, session: Session | None) -> None:
        """Keep how far it is."""
        await self._rows.replace_one({"_id": one.id}, _row(one), session=session)

    async def pending(self, limit: int) -> list[HandOver]:
        """Some that are not finished."""
        rows = await self._rows.find({"pending": True}).limit(limit).to_list(limit)
        return [model(HandOver, row) for row in rows]

    async def open_work(self, position_id: str, until: datetime | None = None) -> list[str]:
        """The dispositions in which something is open for this position, the first given first; of those, where
        ``until`` is said, the ones in which it lay there by then.
        """
        found: set[str] = set()
        for box in OPEN_BOXES:
            rows = await self._dispositions.find({"tabs": tab(position_id, box)}, _SIDES).to_list(None)
            found.update(row["_id"] for row in rows if until is None or _lay_there(row, position_id, until))
        return sorted(found)


def _lay_there(row: Document, position_id: str, until: datetime) -> bool:
    gone = ("declined_at", "recalled_at")
    sides = [row["owner"], *(one for one in row["recipients"] if not any(one.get(name) for name in gone))]
    return any((one.get("since") or one["issued_at"]) <= until for one in sides if one["position_id"] == position_id)


def _row(one: HandOver) -> Document:
    return document(one) | ({} if one.done_at else {"pending": True})
