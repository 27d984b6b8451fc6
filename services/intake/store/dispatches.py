"""What each unit has sent on, and what became of it there. Invariant: it is the same in whatever order news of it came.

A row is a branch of routing's, under its id, which tells when it was opened. Each event sets fields that no other
event sets, so nothing has to be compared: a repetition changes nothing, and what is early waits here for the sending.
A row whose sending was not told yet names no unit, and is in no book.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from services.chassis.ids import first_id_of
from services.chassis.mongo import (
    BulkWriteError,
    Database,
    Document,
    DuplicateKeyError,
    IndexModel,
    Session,
    only_doubles,
)
from services.chassis.newest import Bounds, Newest
from services.intake.domain.books.dispatch import Dispatch, Sending, Span


class Dispatches:
    """The ways of letters, by the unit that sent them."""

    COLLECTION = "dispatches"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("unit_id", 1), ("_id", 1)], name="book")]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._newest: Newest = Newest()

    async def begin(self, sendings: Iterable[Sending]) -> None:
        """These were sent, by news that is mostly the first of them."""
        wanted = {one.branch_id: one.fields() for one in sendings}
        if not wanted:
            return
        try:
            await self._rows.insert_many([{"_id": one, **facts} for one, facts in wanted.items()], ordered=False)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
            for branch_id, facts in wanted.items():
                await self._set(branch_id, facts, None)

    async def send(self, sendings: Iterable[Sending], session: Session | None) -> None:
        """These were sent."""
        for sending in sendings:
            await self._set(sending.branch_id, sending.fields(), session)

    async def note(self, branch_id: str, facts: Document, session: Session | None) -> None:
        """This became of what was sent."""
        await self._set(branch_id, facts, session)

    async def newest(self, unit_id: str, span: Span, before: str | None, limit: int) -> list[Dispatch]:
        """At least ``limit`` of what the unit has sent in ``span``, newest first, where there is that much."""

        async def look(bounds: Bounds) -> list[Dispatch]:
            rows = await self._rows.find({"unit_id": unit_id, **bounds.condition}).sort("_id", -1).to_list(None)
            return [one for one in map(_dispatch, rows) if span.takes(one)]

        since = first_id_of(span.since) if span.since else None
        upto = first_id_of(span.until) if span.until else None
        edge = min((one for one in (before, upto) if one), default=None)
        found = await self._newest.browse(f"{unit_id}/{span.name}", look, limit=limit, before=edge, since=since)
        return found.rows

    async def between(self, unit_id: str, since: str, before: str, session: Session | None = None) -> list[Dispatch]:
        """All the unit has sent between two ids, oldest first."""
        query = {"unit_id": unit_id, "_id": {"$gte": since, "$lt": before}}
        rows = await self._rows.find(query, session=session).sort("_id", 1).to_list(None)
        return [_dispatch(row) for row in rows]

    async def _set(self, branch_id: str, facts: Document, session: Session | None) -> None:
        change = {"$set": facts}
        try:
            await self._rows.update_one({"_id": branch_id}, change, upsert=True, session=session)
        except DuplicateKeyError:
            # Another worker made the row in this very moment.
            await self._rows.update_one({"_id": branch_id}, change, session=session)


def _dispatch(row: Document) -> Dispatch:
    return Dispatch.model_validate({**row, "id": row["_id"]})
