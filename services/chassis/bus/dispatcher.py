"""From an envelope to an outcome. Invariant: each handler of an event runs in its own unit of work, at most once.

``Subscription`` is one row of a service's subscription table; ``Dispatcher`` runs the rows that fit an event.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import ValidationError

from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done, Duplicate, Outcome, Park, ParkMessage, Retry, RetryLater
from services.chassis.clock import now
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import is_outage
from services.chassis.telemetry import HANDLER_SECONDS
from services.chassis.uow import Transaction, UnitOfWork
from services.contracts.event import TYPE_PATTERN, Event

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Received:
    """An event as a handler gets it, with what the envelope says of it."""

    id: str
    seq: int
    stream: str
    envelope: Envelope


E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Subscription(Generic[E]):
    """One row of a service's subscription table. ``name`` is the inbox key: never change it once released.

    ``guarded`` is for a handler whose writes carry their own guard (a version that must be newer, an id made from the
    event's): repeated or torn apart by a crash they come to the same, so it is run without inbox and transaction,
    which would cost three round trips to promise the same again. A guarded handler may not publish.
    """

    event: type[E]
    name: str
    handler: Callable[[E, Received, Transaction], Awaitable[None]]
    guarded: bool = False


Subscriptions: TypeAlias = Sequence[Subscription[Any]]


class Dispatcher:
    """Decides a message's outcome: decode, find the handlers, run each once in its own unit of work."""

    def __init__(self, service: str, subscriptions: Subscriptions, uow: UnitOfWork) -> None:
        self._service = service
        self._uow = uow
        self._by_type: dict[str, list[Subscription[Any]]] = {}
        for subscription in subscriptions:
            self._by_type.setdefault(subscription.event.event_type, []).append(subscription)

    @property
    def event_types(self) -> list[str]:
        """Every type this service wants."""
        return list(self._by_type)

    async def dispatch(self, envelope: Envelope) -> Outcome:
        """Run every handler of the event's type. Outages of the database are raised, all else is an outcome."""
        subscriptions = self._by_type.get(envelope.type)
        if not subscriptions:
            return Park(self._why_unknown(envelope.type))
        try:
            event = subscriptions[0].event.read(envelope.data)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, part["loc"])) for part in error.errors())
            return Park(f"data does not fit {envelope.type}: {fields}")
        return _foremost([await self._run(one, event, envelope) for one in subscriptions])

    def _why_unknown(self, event_type: str) -> str:
        family = event_type.rsplit(".v", 1)[0]
        majors = [known for known in self._by_type if known.rsplit(".v", 1)[0] == family]
        match = TYPE_PATTERN.match(event_type)
        if majors and match:
            return f"unknown major version: {event_type}, known: {', '.join(majors)}"
        return f"unknown type: {event_type}"

    async def _run(self, subscription: Subscription[Any], event: Event, envelope: Envelope) -> Outcome:
        received = Received(envelope.id, envelope.streamversion, envelope.subject, envelope)
        started = time.perf_counter()
        try:
            if subscription.guarded:
                await _run_guarded(subscription, event, received)
            else:
                await self._uow.handle(
                    envelope.id, subscription.name, lambda tx: subscription.handler(event, received, tx)
                )
        except AlreadyHandled:
            return Duplicate()
        except RetryLater as error:
            return Retry(f"{subscription.name}: {error}")
        except ParkMessage as error:
            return Park(f"{subscription.name}: {error}")
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("handler %s failed on %s", subscription.name, envelope.id)
            return Retry(f"{subscription.name}: {type(error).__name__}: {error}")
        finally:
            HANDLER_SECONDS.labels(self._service, subscription.name).observe(time.perf_counter() - started)
        return Done()


async def _run_guarded(subscription: Subscription[Any], event: Event, received: Received) -> None:
    transaction = Transaction(None, now())
    await subscription.handler(event, received, transaction)
    if transaction.entries:
        raise TypeError(f"{subscription.name} is guarded, so nothing commits what it published")


def _foremost(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome for several handlers. Retry before Park: what one handler gives up on, another may still do."""
    for kind in (Retry, Park, Done):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Duplicate()
