"""The wire form of an event: CloudEvents 1.0, structured mode, JSON. Invariant: serialised once, never rewritten.

``streamversion`` (the stream's version) and ``traceparent`` (distributed tracing) are CloudEvents extension attributes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.chassis.ids import EntityId, new_id
from services.contracts.event import TYPE_PATTERN, Event

CONTENT_TYPE = "application/cloudevents+json"


class Undecodable(Exception):
    """The bytes are not an envelope; says why. Such a message is parked at once."""


class Envelope(BaseModel):
    """A received CloudEvent. Attributes that Lontar does not use are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: str
    id: EntityId
    source: str
    type: str
    subject: str
    time: AwareDatetime
    streamversion: int = Field(ge=1)
    traceparent: str | None = None
    data: dict[str, Any]


@dataclass(frozen=True)
class Sealed:
    """An event ready for the outbox: its id and the bytes that go over the wire."""

    id: str
    type: str
    stream: str
    seq: int
    body: bytes


def seal(event: Event, *, seq: int, at: datetime, trace: dict[str, str]) -> Sealed:
    """Give the event its id and serialise it once."""
    identifier = new_id()
    document = {
        "specversion": "1.0",
        "id": identifier,
        "source": f"/lontar/{event.service()}",
        "type": event.event_type,
        "subject": event.stream,
        "time": at,
        "streamversion": seq,
        "datacontenttype": "application/json",
        **trace,
        "data": event.model_dump(mode="json"),
    }
    body = orjson.dumps(document, option=orjson.OPT_UTC_Z)
    return Sealed(identifier, event.event_type, event.stream, seq, body)


def unseal(body: bytes) -> Envelope:
    """Parse bytes from the wire; raises Undecodable with the reason."""
    try:
        envelope = Envelope.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"not JSON: {error}") from None
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, part["loc"])) for part in error.errors())
        raise Undecodable(f"not a CloudEvent: {fields}") from None
    if envelope.specversion != "1.0" or not TYPE_PATTERN.fullmatch(envelope.type):
        raise Undecodable(f"not one of our events: specversion {envelope.specversion}, type {envelope.type}")
    return envelope
