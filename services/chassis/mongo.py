"""The only place that builds a database client. Invariant: writes are acknowledged by a majority and journaled.

The driver is motor, as given. Whether writes are retried by the driver is said in the URL, not here, because it is a
property of the server (see docs/decisions/0004-database-driver.md).
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, TypeAlias, TypeVar

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import IndexModel, ReturnDocument, UpdateOne
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
)

log = logging.getLogger(__name__)

Document: TypeAlias = dict[str, Any]
Client: TypeAlias = "AsyncIOMotorClient[Document]"
Database: TypeAlias = "AsyncIOMotorDatabase[Document]"
Collection: TypeAlias = "AsyncIOMotorCollection[Document]"
Session: TypeAlias = AsyncIOMotorClientSession
T = TypeVar("T")

__all__ = [
    "BulkWriteError",
    "Client",
    "Collection",
    "Database",
    "Document",
    "DuplicateKeyError",
    "IndexModel",
    "PyMongoError",
    "ReturnDocument",
    "Session",
    "UpdateOne",
    "clash",
    "connect",
    "ensure_indexes",
    "is_outage",
    "only_doubles",
    "ping",
    "run_transaction",
    "surely_rolled_back",
    "take_document",
]

CLASH = "TransientTransactionError"
UNKNOWN = "UnknownTransactionCommitResult"
TRANSACTION_SECONDS = 15.0
"""How long a transaction that clashes is run again, and how long a commit without an answer is asked about."""
COMMIT_PAUSE_SECONDS = 0.1
_ending: "set[asyncio.Future[None]]" = set()
_NOT_PRIMARY = frozenset({10107, 13435, 11600, 11602, 189, 91})
"""Server codes that say 'not now, no primary': NotWritablePrimary, NotPrimaryNoSecondaryOk, shutdown and step-down."""


def connect(url: str, database: str, *, pool: int = 32) -> Database:
    """A database handle; does not touch the network until first used. One per process."""
    client: Client = AsyncIOMotorClient(
        url,
        maxPoolSize=pool,
        serverSelectionTimeoutMS=5000,
        connectTimeoutMS=5000,
        socketTimeoutMS=30000,
        waitQueueTimeoutMS=10000,
        w="majority",
        appname=database,
    )
    return client.get_database(database, codec_options=CodecOptions(document_class=dict, tz_aware=True, tzinfo=UTC))


async def ping(database: Database) -> bool:
    """Whether the server answers within two seconds."""
    async with asyncio.timeout(2):
        await database.command("ping")
    return True


def is_outage(error: BaseException) -> bool:
    """Whether the database cannot do it now, as against having refused this very write."""
    return _is_away(error) or (isinstance(error, PyMongoError) and error.has_error_label(CLASH))


def surely_rolled_back(error: BaseException) -> bool:
    """Whether the database has refused it for good. After an outage the commit may have happened all the same."""
    return isinstance(error, PyMongoError) and not (
        is_outage(error) or error.has_error_label("UnknownTransactionCommitResult")
    )


def _is_away(error: BaseException) -> bool:
    if isinstance(error, ConnectionFailure | AutoReconnect | ExecutionTimeout):
        return True
    return isinstance(error, OperationFailure) and error.code in _NOT_PRIMARY


def clash(reason: str) -> PyMongoError:
    """What a transaction raises to be run again: it met another that was sooner."""
    return PyMongoError(reason, error_labels=[CLASH])


def only_doubles(error: BulkWriteError) -> bool:
    """Whether an unordered bulk write met nothing worse than documents that were there already."""
    details = error.details
    return not details.get("writeConcernErrors") and all(one["code"] == 11000 for one in details["writeErrors"])


async def ensure_indexes(database: Database, indexes: Mapping[str, Sequence[IndexModel]]) -> None:
    """Create what is missing; an index that exists with other options raises, it is never silently replaced."""
    for collection, models in indexes.items():
        if models:
            await database[collection].create_indexes(list(models))


async def take_document(rows: Collection, identifier: str, session: Session | None) -> Document | None:
    """The document with this id, held until the transaction ends by a write that any other holder clashes with.

    A write and a read, not one command for both: the embedded server looks through the whole collection for that.
    """
    taken = await rows.update_one({"_id": identifier}, {"$inc": {"taken": 1}}, session=session)
    return await rows.find_one({"_id": identifier}, session=session) if taken.matched_count else None


async def run_transaction(
    database: Database,
    work: Callable[[Session], Awaitable[T]],
    note: Callable[[Session], Awaitable[None]] | None = None,
) -> T:
    """Run ``work`` in a transaction, rerun from the start when the server calls the clash transient.

    ``note`` is told of the session before the transaction begins.

    ``work`` may run several times, so it does no I/O but this database's (MongoDB manual, "Transactions in
    Applications"). The driver's own loop is not used: it waits two minutes for a server that is away, and reruns the
    work after a commit whose outcome it does not know, which does it twice where the server forgets a transaction it
    has committed.

    A double that ``work`` does not deal with itself is believed when it is met twice on end: of two that make the same
    thing in the same moment, the second finds it when it looks again. SecantusDB besides tells a write of a double
    where another transaction that held the document gave up between its look at a unique index and its write, though
    neither changed what is indexed.
    """
    deadline = time.monotonic() + TRANSACTION_SECONDS
    async with _session(database) as session:
        if note:
            await note(session)
        clashes, doubled = 0, False
        while True:
            try:
                return await _attempt(session, work, deadline)
            except DuplicateKeyError:
                if doubled:
                    raise
                doubled = True
            except PyMongoError as error:
                if _is_away(error) or not error.has_error_label(CLASH) or time.monotonic() > deadline:
                    raise
                doubled = False
            await asyncio.sleep(random.uniform(0, min(0.25, 0.002 * 2 ** min(clashes, 10))))  # noqa: S311 - no secret
            clashes += 1


async def _attempt(session: Session, work: Callable[[Session], Awaitable[T]], deadline: float) -> T:
    session.start_transaction()
    try:
        result = await work(session)
    except Exception as error:
        if not _is_away(error):
            await session.abort_transaction()
        raise
    await _commit(session, deadline)
    return result


async def _commit(session: Session, deadline: float) -> None:
    """Commit; while the answer is lost, ask again, which is safe: the server commits a transaction once."""
    lost = False
    while True:
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            if error.has_error_label(UNKNOWN) and time.monotonic() < deadline:
                lost = True
            elif lost:
                raise AutoReconnect("it is not known whether the transaction was committed") from error
            else:
                raise
        await asyncio.sleep(COMMIT_PAUSE_SECONDS)


@asynccontextmanager
async def _session(database: Database) -> AsyncIterator[Session]:
    """A session that is ended without holding anybody up: one left in a transaction has to ask a server for it that
    may not answer, and motor would do that on the event loop's own thread."""
    session = await database.client.start_session()
    try:
        yield session
    finally:
        if session.delegate.in_transaction:
            task = asyncio.ensure_future(session.end_session())
            _ending.add(task)
            task.add_done_callback(_ending.discard)
        else:
            await session.__aexit__(None, None, None)
