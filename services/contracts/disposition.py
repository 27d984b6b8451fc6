"""Events of disposition: instructions down, answers up. Stream: ``disposition/<id>``, versions from 1."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.contracts.event import Event, Fact
from services.contracts.vocabulary import Actor

Effect = Literal[
    "closes_on_read",
    "reply",
    "completion",
    "outgoing_letter",
    "coordination",
    "agenda_and_report",
    "agenda",
    "schedule_request",
    "completion_with_file",
    "periodic_report",
    "reminder",
    "inherits",
    "closes",
]


class Instruction(Fact):
    """What is asked, with the label it had when it was given."""

    code: str
    label: str
    effect: Effect


ClosesOn = Literal["read", "reply", "completion"]
"""The act with which a recipient's part is done: the strictest that its instructions ask for."""


class Recipient(Fact):
    """A position that was instructed. ``responsible`` is true for exactly one recipient of a disposition."""

    recipient_id: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    responsible: bool
    instructions: tuple[Instruction, ...]
    note: str | None = None
    due_on: date | None = None
    closes_on: ClosesOn | None = None


class DispositionIssued(
    Event, type="id.lontar.disposition.disposition.issued.v1", subject=("disposition", "disposition_id")
):
    """A leader or head instructed positions below; ``parent_recipient_id`` where it passes on a disposition got."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    parent_disposition_id: str | None = None
    parent_recipient_id: str | None = None
    issuer: Actor
    recipients: tuple[Recipient, ...]
    note: str | None = None
    issued_at: AwareDatetime


class DispositionRead(
    Event, type="id.lontar.disposition.disposition.read.v1", subject=("disposition", "disposition_id")
):
    """A recipient opened it for the first time."""

    disposition_id: str
    letter_id: str
    recipient_id: str
    actor: Actor
    at: AwareDatetime


class DispositionReplied(
    Event, type="id.lontar.disposition.disposition.replied.v1", subject=("disposition", "disposition_id")
):
    """A recipient answered the issuer."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    reply_id: str
    text: str
    actor: Actor
    issuer_position_id: str
    at: AwareDatetime


class DispositionCompleted(
    Event, type="id.lontar.disposition.disposition.completed.v1", subject=("disposition", "disposition_id")
):
    """A recipient reported its part as done; ``all_done`` when no recipient of the disposition is left to act."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    recipient_id: str
    report: str | None = None
    actor: Actor
    issuer_position_id: str
    all_done: bool
    at: AwareDatetime
