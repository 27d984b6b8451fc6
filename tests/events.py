"""Events in tests: handing one to a service as its consumer would, and reading what a service has published."""

import orjson

from services.chassis.bus.consumer import Dispatcher
from services.chassis.bus.envelope import Envelope, seal, unseal
from services.chassis.bus.outcome import Outcome
from services.chassis.clock import now
from services.chassis.outbox import COLLECTION
from services.chassis.service import Service
from services.contracts.event import Event


def envelope_of(event: Event, seq: int = 1) -> Envelope:
    """The event as it arrives, under a fresh id."""
    return unseal(seal(event, seq=seq, at=now(), trace={}).body)


async def deliver(service: Service, event: Event | Envelope, seq: int = 1) -> Outcome:
    """Run the service's handlers on the event; an Envelope is delivered again under its own id."""
    dispatcher = Dispatcher(service.name, service.subscriptions, service.foundation.uow)
    return await dispatcher.dispatch(event if isinstance(event, Envelope) else envelope_of(event, seq))


async def published(service: Service) -> list[Envelope]:
    """Everything in the service's outbox, sent or not, in the order it was made."""
    rows = await service.foundation.database[COLLECTION].find({}).sort("_id", 1).to_list(None)
    return [Envelope.model_validate(orjson.loads(row["body"])) for row in rows]


async def types_published(service: Service) -> list[str]:
    """The types of what was published, in order, without the common prefix and version."""
    return [one.type.removeprefix("id.lontar.").removesuffix(".v1") for one in await published(service)]
