"""Uploads that may be continued. Invariant: only who holds an upload changes it, and every change asks whether he does.

The hold is a lease: who died with it is succeeded when it runs out. A successor says so by ``wanted``, which the living
holder looks at, saves what has come, and gives way. What a holder writes who was asleep past its lease finds another
holder's name, and is not written.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.chassis.clock import now
from services.chassis.documents import document, model, plain
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.intake.domain.uploads.upload import Reason, State, Upload

COLLECTION = "uploads"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        # Both are there while they say something, so that sparse indexes hold the pending alone.
        IndexModel([("open_for", 1)], name="open_for", sparse=True),
        IndexModel([("check_at", 1)], name="check_at", sparse=True),
        IndexModel([("expires_at", 1)], name="expires_at"),
    ]
}


class Uploads:
    """What arrives in pieces."""

    def __init__(self, database: Database) -> None:
        self._uploads = database[COLLECTION]

    async def add(self, upload: Upload, session: Session | None = None) -> None:
        """Begin an upload."""
        row = document(upload) | {"open_for": upload.person_id, "holder": None}
        await self._uploads.insert_one(row, session=session)

    async def get(self, upload_id: str, session: Session | None = None) -> Upload | None:
        """The upload with this id, or None."""
        row = await self._uploads.find_one({"_id": upload_id}, session=session)
        return model(Upload, row) if row else None

    async def open_lengths(self, person_id: str, session: Session | None = None) -> list[int]:
        """How long the uploads are that this person has begun and that are not whole."""
        rows = self._uploads.find({"open_for": person_id}, {"length": 1}, session=session)
        return [int(row["length"]) async for row in rows]

    async def hold(self, upload_id: str, holder: str, seconds: float) -> bool:
        """Hold the upload, if nobody alive does."""
        at = now()
        free: Document = {"_id": upload_id, "$or": [{"holder": None}, {"held_until": {"$lte": at}}]}
        change = {"$set": {"holder": holder, "held_until": at + timedelta(seconds=seconds)}, "$unset": {"wanted": ""}}
        return (await self._uploads.update_one(free, change)).matched_count == 1

    async def want(self, upload_id: str, holder: str) -> None:
        """Ask whoever holds it to give way."""
        await self._uploads.update_one({"_id": upload_id}, {"$set": {"wanted": holder}})

    async def keep_hold(self, upload_id: str, holder: str, seconds: float) -> bool:
        """Hold it on; False where somebody else wants it or has it. Asked each second of each upload: one command.

        Whoever is wanted holds on all the same, until what has come is saved.
        """
        mine = {"_id": upload_id, "holder": holder}
        change = {"$set": {"held_until": now() + timedelta(seconds=seconds)}}
        unwanted = mine | {"wanted": {"$exists": False}}
        if (await self._uploads.update_one(unwanted, change)).matched_count:
            return True
        await self._uploads.update_one(mine, change)
        return False

    async def let_go(self, upload_id: str, holder: str) -> None:
        """Hold it no longer."""
        await self._uploads.update_one({"_id": upload_id, "holder": holder}, {"$set": {"holder": None}})

    async def take_number(self, before: Upload, holder: str) -> bool:
        """Take the next part number, so that nobody else ever puts a part under it; False for who holds nothing."""
        held = {"_id": before.id, "holder": holder, "numbers": before.numbers}
        return (await self._uploads.update_one(held, {"$inc": {"numbers": 1}})).matched_count == 1

    async def advance(self, before: Upload, after: Upload, holder: str, check_at: datetime | None) -> bool:
        """Count what has come, all of it kept in the store; ``check_at`` where it is to be judged now."""
        held = {"_id": before.id, "holder": holder, "offset": before.offset, "state": before.state}
        fields = {"parts", "pieces", "begun", "offset", "joined", "state", "expires_at"}
        change: Document = {name: value for name, value in plain(after).items() if name in fields}
        if check_at:
            change["check_at"] = check_at
        return (await self._uploads.update_one(held, {"$set": change})).matched_count == 1

    async def to_check(self, at: datetime, limit: int) -> list[str]:
        """Those that should have been judged by now."""
        due = {"check_at": {"$gte": LONG_AGO, "$lte": at}}
        rows = await self._uploads.find(due, {"_id": 1}).sort("check_at", 1).to_list(limit)
        return [str(row["_id"]) for row in rows]

    async def attempt(self, upload: Upload, holder: str, again_at: datetime) -> bool:
        """Count an attempt to judge it; should this one die, the next is due at ``again_at``."""
        change = {"$inc": {"attempts": 1}, "$set": {"check_at": again_at}}
        held = {"_id": upload.id, "holder": holder, "state": "checking"}
        return (await self._uploads.update_one(held, change)).matched_count == 1

    async def note(self, upload_id: str, holder: str, reason: Reason) -> None:
        """Say why it is not judged yet."""
        change = {"$set": {"reason": plain(reason)}}
        await self._uploads.update_one({"_id": upload_id, "holder": holder, "state": "checking"}, change)

    async def close(
        self, upload_id: str, state: State, reason: Reason | None = None, session: Session | None = None
    ) -> bool:
        """It is ready, refused or ended: nothing comes to it any more. False where that was said before.

        Judged it is once: who was asleep past his hold does not undo what another found.
        """
        change: Document = {"state": state, "reason": plain(reason) if reason else None}
        if state == "ended":
            change["expires_at"] = LONG_AGO
        done = await self._uploads.update_one(
            {"_id": upload_id, "state": {"$ne": "ended"} if state == "ended" else "checking"},
            {"$set": change, "$unset": {"open_for": "", "check_at": ""}},
            session=session,
        )
        return done.matched_count == 1

    async def expired(self, at: datetime, limit: int) -> list[Upload]:
        """Those whose time is over."""
        over = {"expires_at": {"$gte": LONG_AGO, "$lt": at}}
        rows = await self._uploads.find(over).sort("expires_at", 1).to_list(limit)
        return [model(Upload, row) for row in rows]

    async def postpone(self, upload_id: str, until: datetime) -> None:
        """Let its time be over later."""
        await self._uploads.update_one({"_id": upload_id}, {"$set": {"expires_at": until}})

    async def forget(self, upload_id: str) -> None:
        """Nothing is left of it."""
        await self._uploads.delete_one({"_id": upload_id})
