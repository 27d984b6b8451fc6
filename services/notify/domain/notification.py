"""A notification. Invariant: it belongs to a position, never to a person, and says why it came."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Actor

Reason = Literal[
    "letter_addressed",
    "letter_copied",
    "letter_forwarded",
    "letter_to_send",
    "letter_returned",
    "letter_redirected",
    "letter_recalled",
    "letter_completed",
    "deadline_neared",
    "deadline_passed",
    "disposition_received",
    "disposition_replied",
    "disposition_completed",
    "disposition_progressed",
    "disposition_declined",
    "disposition_commented",
    "disposition_question",
    "disposition_answer",
    "disposition_recalled",
    "disposition_amended",
    "disposition_reopened",
    "disposition_handed_over",
    "disposition_responsible",
    "disposition_unread",
    "disposition_escalated",
    "disposition_neared",
    "disposition_overdue",
    "disposition_report_awaited",
    "schedule_submitted",
    "schedule_approved",
    "schedule_declined",
    "letter_corrected",
    "letter_voided",
    "scan_parked",
    "scan_flawed",
    "batch_ready",
]


class Links(BaseModel):
    """What it is about, for the client to open."""

    model_config = ConfigDict(frozen=True)

    letter_id: str | None = None
    disposition_id: str | None = None
    request_id: str | None = None
    batch_id: str | None = None


class Moment(BaseModel):
    """When it happened, and how it is said along with something else of that moment (see ``together``)."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    briefly: str


class Message(BaseModel):
    """What a position is to be told; what has no ``moment`` is always told by itself."""

    model_config = ConfigDict(frozen=True)

    position_id: str
    reason: Reason
    title: str
    text: str
    links: Links
    moment: Moment | None = None


class Reading(BaseModel):
    """Who read it first, and when."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    actor: Actor


class Notification(BaseModel):
    """A message that was stored; ``read`` is null until somebody who holds the position has read it.

    What else happened in the same moment is added to ``text`` while nobody has read it, instead of being told apart.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    position_id: str
    reason: Reason
    title: str
    text: str
    links: Links
    created_at: AwareDatetime
    read: Reading | None = None
