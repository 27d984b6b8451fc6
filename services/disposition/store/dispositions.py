"""Dispositions as documents. Invariant: a row is only replaced by the version that follows the one it was read at."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import after, page_of
from services.disposition.domain.disposition import Disposition

COLLECTION = "dispositions"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("letter_id", 1), ("_id", -1)], name="letter"),
        IndexModel([("issuer.position_id", 1), ("_id", -1)], name="given"),
        IndexModel([("recipients.position_id", 1), ("_id", -1)], name="received"),
    ]
}
Box = Literal["given", "received"]
StateFilter = Literal["open", "done", "sent", "read", "replied", "in_progress"]
RECEIVED_AT_MOST = 50
"""How many dispositions about one letter a person's positions are looked up in; the newest count."""


class Dispositions:
    """Dispositions by id, by letter and by the positions they are between."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, disposition: Disposition, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(_row(disposition), session=session)

    async def get(self, disposition_id: str, session: Session | None = None) -> Disposition | None:
        """The disposition, or None."""
        row = await self._rows.find_one({"_id": disposition_id}, session=session)
        return _read(row) if row else None

    async def save(self, disposition: Disposition, version: int, session: Session | None) -> bool:
        """Keep what has changed since it was read at ``version``; False where it has moved on since."""
        row = _row(disposition)
        change = {name: row[name] for name in ("recipients", "state", "version")}
        known = {"_id": disposition.id, "version": version}
        result = await self._rows.update_one(known, {"$set": change}, session=session)
        return result.matched_count == 1

    async def received(
        self, letter_id: str, position_ids: Sequence[str], session: Session | None = None
    ) -> list[Disposition]:
        """What these positions were instructed about this letter, newest first."""
        query = {"letter_id": letter_id, "recipients.position_id": {"$in": list(position_ids)}}
        rows = self._rows.find(query, session=session).sort("_id", -1).limit(RECEIVED_AT_MOST)
        return [_read(row) async for row in rows]

    async def of_letter(self, letter_id: str, cursor: str | None, limit: int) -> tuple[list[Disposition], str | None]:
        """A page of what was instructed about this letter, newest first."""
        return await self._page({"letter_id": letter_id}, cursor, limit)

    async def in_box(
        self, box: Box, position_ids: Sequence[str], state: StateFilter | None, cursor: str | None, limit: int
    ) -> tuple[list[Disposition], str | None]:
        """A page of what these positions gave or received, newest first.

        ``state`` speaks of the whole disposition in the box of what was given, where ``sent`` to ``in_progress`` mean
        that any recipient is there; in the box of what was received it speaks of one's own part.
        """
        mine = {"$in": list(position_ids)}
        query = _given(mine, state) if box == "given" else _received(mine, state)
        return await self._page(query, cursor, limit)

    async def _page(self, query: Document, cursor: str | None, limit: int) -> tuple[list[Disposition], str | None]:
        found = self._rows.find(query | after(cursor)).sort("_id", -1).limit(limit + 1)
        rows, following = page_of(await found.to_list(limit + 1), limit)
        return [_read(row) for row in rows], following


def _given(mine: Document, state: StateFilter | None) -> Document:
    query: Document = {"issuer.position_id": mine}
    if state in ("open", "done"):
        return query | {"state": state}
    return query | ({"recipients.state": state} if state else {})


def _received(mine: Document, state: StateFilter | None) -> Document:
    if state is None:
        return {"recipients.position_id": mine}
    wanted: Any = {"$ne": "done"} if state == "open" else state
    return {"recipients": {"$elemMatch": {"position_id": mine, "state": wanted}}}


def _row(disposition: Disposition) -> Document:
    row = disposition.model_dump()
    row["_id"] = row.pop("id")
    for recipient in row["recipients"]:
        due: date | None = recipient["due_on"]
        recipient["due_on"] = due.isoformat() if due else None
    return row


def _read(row: Document) -> Disposition:
    return Disposition.model_validate(row | {"id": row["_id"]}, extra="ignore")
