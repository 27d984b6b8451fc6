"""Where the record is kept. Invariant: an entry is written once, with the next number, and nothing here changes one.

What happens is put down first (``record``), in the transaction of the act itself where it has one, and linked to the
chain afterwards (``link``): acts at the same moment do not wait for one another, and what was done is recorded or was
not done. Every reading links first, so it misses nothing.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from gateway.audit.entries import HOUSE, AuditActor, AuditEntry, Happening, Outcome, bounded, chained
from gateway.audit.origin import Origin
from gateway.audit.quota import Quota
from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.documents import document, model
from services.chassis.ids import new_id
from services.chassis.mongo import (
    BulkWriteError,
    Database,
    Document,
    DuplicateKeyError,
    IndexModel,
    PyMongoError,
    Session,
    clash,
)
from services.chassis.newest import Newest
from services.chassis.uow import Transaction, UnitOfWork

KEEP_SECONDS = 5 * 366 * 24 * 3600
LINKED_AT_ONCE = 200
HEAD = "head"
LOG = "identity"
"""The one value of ``log``: an equality before the range, which the embedded database needs to use an index at all."""
LOWEST, HIGHEST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""Before and after every id; whole ids, because the embedded database misreads a bound that an id begins with."""


class Audit:
    """The record of sign-ins and administration."""

    ENTRIES: ClassVar[str] = "identity_audit"
    WAITING: ClassVar[str] = "identity_audit_waiting"
    HEADS: ClassVar[str] = "identity_audit_head"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        ENTRIES: [
            IndexModel([("seq", 1)], name="seq", unique=True),
            IndexModel([("log", 1), ("_id", -1)], name="all"),
            IndexModel([("group", 1), ("_id", -1)], name="group"),
            IndexModel([("kind", 1), ("_id", -1)], name="kind"),
            IndexModel([("actor.id", 1), ("_id", -1)], name="actor"),
            IndexModel([("subject", 1), ("_id", -1)], name="subject"),
            IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS),
        ]
    }

    def __init__(self, database: Database, uow: UnitOfWork) -> None:
        self._rows = database[self.ENTRIES]
        self._waiting = database[self.WAITING]
        self._heads = database[self.HEADS]
        self._uow = uow
        self._quota = Quota()
        self.newest = Newest()

    async def act(
        self,
        kind: str,
        caller: Principal,
        origin: Origin,
        subject: str,
        *,
        outcome: Outcome = "done",
        details: Mapping[str, str] | None = None,
        session: Session | None = None,
    ) -> None:
        """Put down what somebody who is signed in has done, or was refused; see ``record``."""
        await self.record(
            kind,
            outcome=outcome,
            actor=AuditActor.of(caller),
            subject=subject,
            address=origin.address,
            request_id=origin.request_id,
            details=details,
            session=session,
        )

    async def record(
        self,
        kind: str,
        *,
        outcome: Outcome,
        actor: AuditActor | None,
        subject: str,
        address: str,
        request_id: str,
        details: Mapping[str, str] | None = None,
        session: Session | None = None,
    ) -> None:
        """Put down what happened; with ``session`` together with the act, or not at all.

        What strangers are refused beyond a quota is counted and told later in one entry: a flood of guesses must fill
        neither the database nor the reader's screen.
        """
        if actor is None and outcome == "refused" and not self._quota.take(address, kind):
            return
        happening = Happening(
            id=new_id(),
            at=now(),
            kind=kind,
            outcome=outcome,
            actor=actor,
            subject=subject,
            address=address,
            request_id=request_id,
            details=bounded(details or {}),
        )
        await self._waiting.insert_one(document(happening), session=session)

    async def link(self) -> int:
        """Link what waits to the chain; how many entries that made. Two at once clash, and one begins anew."""
        if await self._waiting.find_one({}, {"_id": 1}) is None:
            return 0
        return await self._uow.run(self._link)

    async def link_all(self) -> None:
        """Link until nothing waits that was there at the beginning."""
        while await self.link() == LINKED_AT_ONCE:
            pass

    async def _link(self, tx: Transaction) -> int:
        cursor = self._waiting.find({}, session=tx.session).sort("_id", 1).limit(LINKED_AT_ONCE)
        rows = await cursor.to_list(None)
        if not rows:
            return 0
        before = await self._last(tx.session)
        entries: list[AuditEntry] = []
        for row in rows:
            entries.append(chained(model(Happening, row), entries[-1] if entries else before))
        try:
            await self._rows.insert_many([_row(entry) for entry in entries], session=tx.session)
            await self._move_head(before, entries[-1], tx.session)
        except (BulkWriteError, DuplicateKeyError):
            raise _grown() from None
        await self._waiting.delete_many({"_id": {"$in": [row["_id"] for row in rows]}}, session=tx.session)
        return len(entries)

    async def _last(self, session: Session | None) -> AuditEntry | None:
        head = await self._heads.find_one({"_id": HEAD}, session=session)
        return AuditEntry.model_validate(head["entry"]) if head else None

    async def _move_head(self, before: AuditEntry | None, last: AuditEntry, session: Session | None) -> None:
        head = {"seq": last.seq, "entry": {**document(last), "id": last.id}}
        if before is None:
            await self._heads.insert_one({"_id": HEAD, **head}, session=session)
            return
        moved = await self._heads.update_one({"_id": HEAD, "seq": before.seq}, {"$set": head}, session=session)
        if not moved.matched_count:
            raise _grown()

    async def tell_suppressed(self, *, leaving: bool = False) -> None:
        """Put down what the quota has kept back since it was asked last; ``leaving``, also what would have waited."""
        for address, count, kinds in self._quota.drain(leaving=leaving):
            await self.record(
                "audit.suppressed",
                outcome="done",
                actor=HOUSE,
                subject="record:identity",
                address=address,
                request_id="",
                details={"count": str(count), "kinds": ", ".join(sorted(kinds))},
            )

    async def waiting(self) -> int:
        """How many are not linked yet."""
        return await self._waiting.count_documents({})

    async def head(self) -> tuple[int, str]:
        """The number and the hash of the last entry; whoever notes them elsewhere can prove the record by them."""
        last = await self._last(None)
        return (last.seq, last.hash) if last else (0, "")

    async def within(self, field: str, value: str, since: str | None, before: str | None) -> list[AuditEntry]:
        """The entries with ``value`` in an indexed ``field`` and ids within bounds, newest first."""
        query: Document = {field: value, "_id": {"$gte": since or LOWEST, "$lt": before or HIGHEST}}
        rows = await self._rows.find(query).to_list(None)
        return [model(AuditEntry, row) for row in sorted(rows, key=lambda row: str(row["_id"]), reverse=True)]

    async def numbered(self, first: int, behind: int) -> list[AuditEntry]:
        """The entries from number ``first`` on to before ``behind``, in their order."""
        rows = await self._rows.find({"seq": {"$gte": first, "$lt": behind}}).to_list(None)
        return [model(AuditEntry, row) for row in sorted(rows, key=lambda row: int(row["seq"]))]


def _grown() -> PyMongoError:
    return clash("the chain has grown meanwhile")


def _row(entry: AuditEntry) -> Document:
    return {**document(entry), "group": entry.group, "log": LOG}
