"""The notifications. Invariant: one for an event and a position; ``unread`` is there exactly while nobody has read it.

Ids are UUIDv7, so newest first is descending id. Two transactions may commit in another order than they made their
ids: whoever follows the collection by id must look back a little (see ``feed``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.chassis.ids import first_id_of, instant_of, new_id
from services.chassis.mongo import BulkWriteError, Database, Document, IndexModel, Session, only_doubles
from services.notify.domain.notification import Message, Notification, Reading
from services.notify.domain.together import belong_together

COLLECTION = "notifications"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("event_id", 1), ("position_id", 1)], name="event_position", unique=True),
        IndexModel([("position_id", 1), ("_id", -1)], name="position_newest"),
        IndexModel([("position_id", 1), ("unread", 1)], name="position_unread"),
        IndexModel([("position_id", 1), ("links.letter_id", 1)], name="position_letter"),
        IndexModel([("links.letter_id", 1)], name="letter", sparse=True),
    ]
}
TAKEN_BACK = frozenset({"letter_recalled", "disposition_recalled"})
HIDDEN_TITLE = "Pemberitahuan (surat rahasia)"
HIDDEN_TEXT = "Isi pemberitahuan ini tidak ditampilkan lagi karena surat ini sekarang bersifat rahasia."
"""What stands in the place of what was told of a letter while it was not secret."""
WINDOW = timedelta(days=30)
"""A page is looked for here first, so that a position's whole past is not sorted for its newest items."""


class Notifications:
    """Everything anybody was told."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, event_id: str, messages: Sequence[Message], at: datetime) -> None:
        """Store the event's messages; positions that have been told of it already are passed over.

        The unique index does the passing over, so no look beforehand and no transaction is needed to tell nobody twice.
        """
        wanted = {message.position_id: message for message in messages}
        rows = [_row(event_id, message, at) for message in wanted.values()]
        if not rows:
            return
        try:
            await self._rows.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise

    async def join(self, event_id: str, message: Message) -> bool:
        """Add the event to what the position was told of the same moment and has not read; False where it cannot be.

        True as well where the position has been told of the event already, in whichever way.
        """
        query = {"position_id": message.position_id, "links.letter_id": message.links.letter_id}
        rows = await self._rows.find(query).sort("_id", -1).to_list(None)
        if any(event_id == row["event_id"] or event_id in row.get("also", {}) for row in rows):
            return True
        for row in rows:
            if message.moment and _belongs(message, row):
                unread = {"_id": row["_id"], "unread": True}
                change = {"$set": {f"also.{event_id}": message.moment.briefly}}
                if (await self._rows.update_one(unread, change)).matched_count:
                    return True
        return False

    async def holding(self, letter_id: str) -> list[str]:
        """Every position that was told anything of the letter, but those who were told last that it was taken back."""
        rows = await self._rows.find({"links.letter_id": letter_id}, {"position_id": 1, "reason": 1}).to_list(None)
        last = {row["position_id"]: row["reason"] for row in sorted(rows, key=lambda row: str(row["_id"]))}
        return [position_id for position_id, reason in last.items() if reason not in TAKEN_BACK]

    async def hide(self, letter_id: str) -> None:
        """Take out of everything that was told of the letter what it said."""
        for row in await self._rows.find({"links.letter_id": letter_id}, {"also": 1}).to_list(None):
            hidden: Document = {"title": HIDDEN_TITLE, "text": HIDDEN_TEXT}
            hidden |= {f"also.{event_id}": "" for event_id in row.get("also", {})}
            await self._rows.update_one({"_id": row["_id"]}, {"$set": hidden})

    async def page(
        self, positions: Sequence[str], *, cursor: str | None, limit: int, unread: bool, at: datetime
    ) -> list[Document]:
        """``limit + 1`` of these positions' notifications, newest first."""
        query: Document = {"position_id": {"$in": list(positions)}, "_id": {}}
        if unread:
            query["unread"] = True
        if cursor:
            query["_id"]["$lt"] = cursor
        newest = instant_of(cursor) if cursor else at
        query["_id"]["$gte"] = first_id_of(newest - WINDOW)
        rows = await self._newest(query, limit)
        if len(rows) <= limit:
            query["_id"]["$gte"] = ""
            rows = await self._newest(query, limit)
        return rows

    async def _newest(self, query: Document, limit: int) -> list[Document]:
        return await self._rows.find(query).sort("_id", -1).limit(limit + 1).to_list(limit + 1)

    async def unread(self, positions: Sequence[str]) -> int:
        """How many of these positions' notifications nobody has read."""
        return await self._rows.count_documents({"position_id": {"$in": list(positions)}, "unread": True})

    async def get(self, identifier: str, positions: Sequence[str], session: Session | None) -> Document | None:
        """The notification, where it belongs to one of these positions."""
        query = {"_id": identifier, "position_id": {"$in": list(positions)}}
        return await self._rows.find_one(query, session=session)

    async def mark_read(self, identifier: str, reading: Reading, session: Session | None) -> None:
        """Keep who read it."""
        change = {"$set": {"read": reading.model_dump()}, "$unset": {"unread": ""}}
        await self._rows.update_one({"_id": identifier}, change, session=session)

    async def made_since(self, identifier: str) -> list[tuple[str, str]]:
        """Id and position of every notification after ``identifier``, in order."""
        query = {"_id": {"$gt": identifier}}
        rows = await self._rows.find(query, {"position_id": 1}).sort("_id", 1).to_list(None)
        return [(row["_id"], row["position_id"]) for row in rows]

    async def these(self, identifiers: Sequence[str]) -> list[Document]:
        """These notifications, in the order asked for."""
        rows = await self._rows.find({"_id": {"$in": list(identifiers)}}).to_list(None)
        found = {row["_id"]: row for row in rows}
        return [found[one] for one in identifiers if one in found]

    async def following(self, positions: Sequence[str], identifier: str, limit: int) -> list[Document]:
        """The next ``limit`` of these positions' notifications after ``identifier``, oldest first."""
        query = {"position_id": {"$in": list(positions)}, "_id": {"$gt": identifier}}
        return await self._rows.find(query).sort("_id", 1).limit(limit).to_list(limit)


def _row(event_id: str, message: Message, at: datetime) -> Document:
    row = {"_id": new_id(), "event_id": event_id, **message.model_dump(exclude={"moment"})}
    when = {"happened_at": message.moment.at} if message.moment else {}
    return row | when | {"created_at": at, "unread": True}


def _belongs(message: Message, row: Document) -> bool:
    then: datetime | None = row.get("happened_at")
    if message.moment is None or then is None:
        return False
    return belong_together(message.reason, to_millisecond(message.moment.at), row["reason"], then)


def to_millisecond(at: datetime) -> datetime:
    """As the database keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def view(row: Document) -> Notification:
    """A stored notification as people see it, with what was added to it in the order it happened."""
    added = [sentence for _, sentence in sorted(row.get("also", {}).items()) if sentence]
    return Notification(
        id=row["_id"],
        position_id=row["position_id"],
        reason=row["reason"],
        title=row["title"],
        text=" ".join([row["text"], *added]),
        links=row["links"],
        created_at=row["created_at"],
        read=row.get("read"),
    )
