"""The only place that builds a database client. Invariant: writes are acknowledged by a majority and journaled.

The driver is motor, as given. Whether writes are retried by the driver is said in the URL, not here, because it is a
property of the server (see docs/decisions/0004-database-driver.md).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, TypeAlias, TypeVar

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import (
    AutoReconnect,
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
    "Client",
    "Collection",
    "Database",
    "Document",
    "DuplicateKeyError",
    "IndexModel",
    "PyMongoError",
    "ReturnDocument",
    "Session",
    "connect",
    "ensure_indexes",
    "is_outage",
    "ping",
    "run_transaction",
]

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
    """Whether the database is away, as against having refused this very write."""
    if isinstance(error, ConnectionFailure | AutoReconnect | ExecutionTimeout):
        return True
    return isinstance(error, OperationFailure) and error.code in _NOT_PRIMARY


async def ensure_indexes(database: Database, indexes: Mapping[str, Sequence[IndexModel]]) -> None:
    """Create what is missing; an index that exists with other options raises, it is never silently replaced."""
    for collection, models in indexes.items():
        if models:
            await database[collection].create_indexes(list(models))


async def run_transaction(database: Database, work: Callable[[Session], Awaitable[T]]) -> T:
    """Run ``work`` in a transaction, rerun from the start when the server calls the clash transient.

    ``work`` may run several times, so it does no I/O but this database's (MongoDB manual, "Transactions in
    Applications").
    """
    async with await database.client.start_session() as session:

        async def attempt(running: Session) -> T:
            return await work(running)

        result: T = await session.with_transaction(attempt)
        return result
