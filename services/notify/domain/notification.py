"""A notification. Invariant: it belongs to a position, never to a person, and says why it came."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Actor

Reason = Literal[
    "letter_addressed",
    "letter_copied",
    "letter_completed",
    "disposition_received",
    "disposition_replied",
    "disposition_completed",
    "schedule_submitted",
    "schedule_approved",
    "schedule_declined",
]


class Links(BaseModel):
    """What it is about, for the client to open."""

    model_config = ConfigDict(frozen=True)

    letter_id: str | None = None
    disposition_id: str | None = None
    request_id: str | None = None


class Message(BaseModel):
    """What a position is to be told."""

    model_config = ConfigDict(frozen=True)

    position_id: str
    reason: Reason
    title: str
    text: str
    links: Links


class Reading(BaseModel):
    """Who read it first, and when."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    actor: Actor


class Notification(Message):
    """A message that was stored; ``read`` is null until somebody who holds the position has read it."""

    id: str
    created_at: AwareDatetime
    read: Reading | None = None
