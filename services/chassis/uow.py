"""The unit of work: the only thing that commits. Invariant: state, events and the inbox mark commit together or not.

``work`` may be rerun, when the database tells of a clash or of a double, so each run collects its events anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from services.chassis.bus.envelope import seal
from services.chassis.clock import now
from services.chassis.inbox import Inbox
from services.chassis.mongo import Database, Document, Session, run_transaction
from services.chassis.outbox import Outbox, entry
from services.chassis.sessions import SessionBook
from services.chassis.telemetry import current_trace
from services.contracts.event import Event

T = TypeVar("T")


class Transaction:
    """One run of a unit of work: its session, its one instant, and the events it will publish if it commits."""

    def __init__(self, session: Session | None, at: datetime) -> None:
        self.session = session
        self.now = at
        self.entries: list[Document] = []

    def publish(self, event: Event, *, seq: int, due_at: datetime | None = None) -> str:
        """Have ``event`` published after the commit; ``seq`` is the stream's version. Returns the event's id."""
        trace = current_trace()
        sealed = seal(event, seq=seq, at=self.now, trace=trace)
        self.entries.append(entry(sealed, trace, due_at or self.now))
        return sealed.id


Work = Callable[[Transaction], Awaitable[T]]


class UnitOfWork(Protocol):
    """What commands and handlers run in."""

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` and commit; anything it raises rolls back all of it."""
        ...

    async def handle(self, event_id: str, handler: str, work: Work[T]) -> T:
        """The same, once for this event and handler; raises AlreadyHandled the second time."""
        ...


class MongoUnitOfWork:
    """The unit of work on MongoDB transactions. ``committed`` is set after a commit with events, to wake the relay."""

    def __init__(self, database: Database, sessions: SessionBook | None = None) -> None:
        self._database = database
        self._note = sessions.note if sessions else None
        self._outbox = Outbox(database)
        self._inbox = Inbox(database)
        self.committed = asyncio.Event()

    async def run(self, work: Work[T]) -> T:
        """See UnitOfWork."""
        return await self._commit(work, None)

    async def handle(self, event_id: str, handler: str, work: Work[T]) -> T:
        """See UnitOfWork."""
        return await self._commit(work, (event_id, handler))

    async def _commit(self, work: Work[T], mark: tuple[str, str] | None) -> T:
        published = False

        async def attempt(session: Session) -> T:
            nonlocal published
            transaction = Transaction(session, now())
            if mark:
                await self._inbox.claim(*mark, session)
            result = await work(transaction)
            if transaction.entries:
                await self._outbox.add(transaction.entries, session)
            published = bool(transaction.entries)
            return result

        result = await run_transaction(self._database, attempt, self._note)
        if published:
            self.committed.set()
        return result
