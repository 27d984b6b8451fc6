"""Requests as documents. Invariant: a disposition opens at most one request."""

from collections.abc import Sequence

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import after, page_of
from services.schedule.domain.request import RequestState, ScheduleRequest

COLLECTION = "schedule_requests"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("requester.position_id", 1), ("_id", -1)], name="requester"),
        IndexModel([("leader_position_id", 1), ("_id", -1)], name="leader"),
        IndexModel([("leader_unit_id", 1), ("_id", -1)], name="office"),
        IndexModel([("disposition_id", 1)], name="disposition", unique=True, sparse=True),
        IndexModel([("letter_id", 1)], name="letter", sparse=True),
    ]
}


class Requests:
    """Requests by id, by who asked and by whose time they ask for."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, request: ScheduleRequest, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(_row(request), session=session)

    async def get(self, request_id: str, session: Session | None = None) -> ScheduleRequest | None:
        """The request, or None."""
        row = await self._rows.find_one({"_id": request_id}, session=session)
        return _read(row) if row else None

    async def is_opened_by(self, disposition_id: str, session: Session | None) -> bool:
        """Whether this disposition has opened a request."""
        found = await self._rows.find_one({"disposition_id": disposition_id}, {"_id": 1}, session=session)
        return found is not None

    async def of_letter(self, letter_id: str, session: Session | None) -> list[ScheduleRequest]:
        """Everything that was asked for because of this letter, the first of it first."""
        rows = await self._rows.find({"letter_id": letter_id}, session=session).to_list(None)
        return sorted((_read(row) for row in rows), key=lambda one: one.id)

    async def note(self, request: ScheduleRequest, session: Session | None) -> None:
        """Keep what became of its letter; its version, and so what was told of it, stays."""
        await self._rows.replace_one({"_id": request.id}, _row(request), session=session)

    async def decide(self, request: ScheduleRequest, session: Session | None) -> bool:
        """Keep a decision; False where another was faster."""
        row = _row(request)
        change = {name: row[name] for name in ("state", "event_id", "history", "version") if name in row}
        undecided = {"_id": request.id, "version": request.version - 1}
        result = await self._rows.update_one(undecided, {"$set": change}, session=session)
        return result.matched_count == 1

    async def concerning(
        self,
        position_ids: Sequence[str],
        office_unit_ids: Sequence[str],
        leader_position_id: str | None,
        state: RequestState | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[ScheduleRequest], str | None]:
        """A page of what these positions asked for or lead, and of what the offices in these units work on."""
        mine = {"$in": list(position_ids)}
        ways: list[Document] = [{"requester.position_id": mine}, {"leader_position_id": mine}]
        if office_unit_ids:
            ways.append({"leader_unit_id": {"$in": list(office_unit_ids)}})
        query: Document = {"$or": ways} | after(cursor)
        if leader_position_id:
            query["leader_position_id"] = leader_position_id
        if state:
            query["state"] = state
        rows = await self._rows.find(query).sort("_id", -1).limit(limit + 1).to_list(limit + 1)
        found, following = page_of(rows, limit)
        return [_read(row) for row in found], following


def _row(request: ScheduleRequest) -> Document:
    """What is not known is left out: the unique index speaks of requests that have a disposition."""
    row = request.model_dump(exclude_none=True)
    row["_id"] = row.pop("id")
    return row


def _read(row: Document) -> ScheduleRequest:
    return ScheduleRequest.model_validate(row | {"id": row["_id"]}, extra="ignore")
