"""A service put together. Invariant: everything a service owns is reachable from here, so starting it is one call.

``Foundation`` is what every service needs before it has any routes; ``Service`` is the whole, ready to run.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from pymongo import IndexModel
from starlette.types import ASGIApp

from services.chassis import idempotency, inbox, lease, outbox, sessions
from services.chassis import vitals as vital_signs
from services.chassis.auth import KeySource, TokenVerifier, keys_from_url
from services.chassis.bus.consumer import Consumer, Dispatcher, Subscriptions
from services.chassis.health import Health
from services.chassis.http import NOWHERE, create_app
from services.chassis.idempotency import IdempotentActs
from services.chassis.lease import Lease
from services.chassis.mongo import Database, connect, ensure_indexes, is_outage, ping
from services.chassis.outbox import Outbox
from services.chassis.relay import Relay
from services.chassis.sessions import SessionBook
from services.chassis.settings import Settings
from services.chassis.uow import MongoUnitOfWork
from services.chassis.vitals import VitalSigns

log = logging.getLogger(__name__)
Duty = Callable[[], Coroutine[Any, Any, None]]
PLUMBING = outbox.INDEXES | inbox.INDEXES | idempotency.INDEXES | sessions.INDEXES
OURS = frozenset({*PLUMBING, lease.COLLECTION, vital_signs.COLLECTION})
"""The plumbing's collections in every service's database: no service has one by such a name."""


@dataclass(frozen=True)
class Foundation:
    """Database, unit of work, health and token verification of one service."""

    settings: Settings
    database: Database
    uow: MongoUnitOfWork
    acts: IdempotentActs
    health: Health
    verifier: TokenVerifier
    sessions: SessionBook

    @classmethod
    def lay(cls, settings: Settings, keys: KeySource | None = None) -> "Foundation":
        """Build it from settings; touches no network. ``keys`` stands in for the JWKS address where one is given."""
        database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
        book = SessionBook(database, settings.port)
        uow = MongoUnitOfWork(database, book)
        health = Health()
        health.probe("database", lambda: ping(database))
        verifier = TokenVerifier(
            keys or keys_from_url(settings.jwks_url),
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            refetch_seconds=0 if keys else 10,  # keys of this very process cost nothing to ask for
        )
        return cls(settings, database, uow, IdempotentActs(database, uow), health, verifier, book)


@dataclass(frozen=True)
class Apart:
    """Where health and metrics are told, for a program whose own port is open to strangers."""

    host: str
    port: int


@dataclass
class Service:
    """A service ready to run in any role.

    ``front`` stands before the app and leads to it, where a service has one.
    ``duties`` are a worker's. ``attendants`` run beside the answering of requests, in every process that answers.
    ``mends`` put right what an earlier version has left, in every process before it counts as ready; any number of
    times, and beside one another.
    """

    foundation: Foundation
    app: FastAPI
    subscriptions: Subscriptions
    relay: Relay | None
    consumer: Consumer | None
    indexes: dict[str, Sequence[IndexModel]]
    vitals: VitalSigns
    duties: Sequence[Duty] = field(default_factory=tuple)
    attendants: Sequence[Duty] = field(default_factory=tuple)
    operations: Apart | None = None
    front: ASGIApp | None = None
    mends: Sequence[Duty] = field(default_factory=tuple)

    @property
    def served(self) -> ASGIApp:
        """What answers: the app, or what stands before it."""
        return self.front or self.app

    @property
    def name(self) -> str:
        """The service's name, as in `services/<name>`."""
        return self.foundation.settings.service

    async def prepare(self) -> None:
        """Create the indexes, end what a killed predecessor left open and mend; waits for the database to come up."""
        while True:
            try:
                await self.foundation.sessions.end_predecessors()
                await ensure_indexes(self.foundation.database, self.indexes)
                for mend in self.mends:
                    await mend()
                return
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("%s waits for the database: %s", self.name, type(error).__name__)
                await asyncio.sleep(0.5)


def assemble(
    foundation: Foundation,
    *,
    title: str,
    context: Any,
    routers: Iterable[APIRouter],
    subscriptions: Subscriptions,
    indexes: dict[str, Sequence[IndexModel]],
    duties: Sequence[Duty] = (),
    attendants: Sequence[Duty] = (),
    publishes: bool = True,
    operations: Apart | None = None,
    limits: Mapping[str, int] = NOWHERE,
) -> Service:
    """Put a service together. ``context`` is what its doors and commands are given (``request.app.state.context``).

    A service that ``publishes`` nothing has no relay; see create_app for ``limits``, Service for the rest.
    """
    settings = foundation.settings
    if taken := OURS & indexes.keys():
        raise RuntimeError(f"{settings.service}: the chassis has collections called {sorted(taken)} itself")
    vitals = VitalSigns(settings.service, foundation.database, foundation.health, publishes=publishes)
    app = create_app(
        service=settings.service,
        title=title,
        health=foundation.health,
        verifier=foundation.verifier,
        routers=routers,
        max_body_bytes=settings.max_body_bytes,
        limits=limits,
        vitals=vitals,
        tells_operators=operations is None,
    )
    app.state.context = context
    relay = _relay(foundation) if publishes else None
    consumer = None
    if subscriptions:
        dispatcher = Dispatcher(settings.service, subscriptions, foundation.uow)
        consumer = Consumer(
            settings.service,
            dispatcher,
            foundation.health,
            concurrency=settings.consumer_concurrency,
            verify_publishers=settings.verify_publishers,
        )
    return Service(
        foundation, app, subscriptions, relay, consumer, PLUMBING | indexes, vitals, duties, attendants, operations
    )


def _relay(foundation: Foundation) -> Relay:
    settings = foundation.settings
    return Relay(
        settings.service,
        Outbox(foundation.database),
        Lease(foundation.database, "relay"),
        foundation.uow.committed,
        foundation.health,
        batch=settings.relay_batch,
        poll_seconds=settings.relay_poll_seconds,
    )
