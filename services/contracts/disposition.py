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


RecipientRole = Literal["responsible", "coordinating", "informed"]
"""One is responsible where work was given on; the others work with them, or only need to know."""


class Attachment(Fact):
    """A file that was added to an answer. ``key`` is where it lies in the object store."""

    attachment_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    key: str


class Recipient(Fact):
    """A position that was instructed. ``role`` says what it is for; ``responsible`` says the same of that one role.

    At most one recipient of a disposition is responsible: a second disposition on the same desk may leave it to the
    first. ``due_at`` is the instant at which ``due_on`` is over.
    """

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
    role: RecipientRole | None = None
    due_at: AwareDatetime | None = None


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
    """A recipient answered the issuer; ``quick_reply`` is the code of a one-tap answer, ``text`` what it says."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    reply_id: str
    text: str
    actor: Actor
    issuer_position_id: str
    at: AwareDatetime
    quick_reply: str | None = None
    attachments: tuple[Attachment, ...] = ()


class DispositionCompleted(
    Event, type="id.lontar.disposition.disposition.completed.v1", subject=("disposition", "disposition_id")
):
    """A recipient reported its part as done; ``all_done`` when no recipient of the disposition is left to act.

    ``position_title`` where the part came to an end by what was given on with it: whose part it is, for the actor is
    then whoever was the last to act below, and may have given theirs back.
    """

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
    attachments: tuple[Attachment, ...] = ()
    outgoing_letter_id: str | None = None
    position_title: str | None = None


class DispositionReceived(
    Event, type="id.lontar.disposition.disposition.received.v1", subject=("disposition", "disposition_id")
):
    """A recipient took it on as its work."""

    disposition_id: str
    letter_id: str
    recipient_id: str
    actor: Actor
    at: AwareDatetime


class DispositionProgressed(
    Event, type="id.lontar.disposition.disposition.progressed.v1", subject=("disposition", "disposition_id")
):
    """A recipient said how far it is, from 0 to 100 percent."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    percent: int
    note: str | None = None
    actor: Actor
    issuer_position_id: str
    at: AwareDatetime
    attachments: tuple[Attachment, ...] = ()


class DispositionDeclined(
    Event, type="id.lontar.disposition.disposition.declined.v1", subject=("disposition", "disposition_id")
):
    """A recipient gave its part back, with the reason; without an actor where nobody holds the position any more.

    ``all_done`` when no recipient of the disposition is left to act.
    """

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    recipient_id: str
    position_title: str
    reason: str
    actor: Actor | None = None
    issuer_position_id: str
    all_done: bool
    at: AwareDatetime


CommentKind = Literal["comment", "question", "answer"]


class DispositionCommented(
    Event, type="id.lontar.disposition.disposition.commented.v1", subject=("disposition", "disposition_id")
):
    """Somebody it is between said something, asked upward, or answered a question. ``told`` are to hear of it.

    ``recipient_id`` is the part it is about, where it is about one; ``answers`` the question that is answered.
    """

    disposition_id: str
    letter_id: str
    letter_subject: str
    comment_id: str
    kind: CommentKind
    recipient_id: str | None = None
    answers: str | None = None
    text: str
    attachments: tuple[Attachment, ...] = ()
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class DispositionRecalled(
    Event, type="id.lontar.disposition.disposition.recalled.v1", subject=("disposition", "disposition_id")
):
    """The issuer took it back from recipients that had not read it. ``all_done`` when none is left to act."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    recipient_ids: tuple[str, ...]
    reason: str | None = None
    actor: Actor
    told: tuple[str, ...] = ()
    all_done: bool
    at: AwareDatetime


class RecipientAdded(Event, type="id.lontar.disposition.recipient.added.v1", subject=("disposition", "disposition_id")):
    """Further positions were instructed by the same disposition."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    recipients: tuple[Recipient, ...]
    note: str | None = None
    actor: Actor
    at: AwareDatetime


class RecipientAmended(
    Event, type="id.lontar.disposition.recipient.amended.v1", subject=("disposition", "disposition_id")
):
    """The issuer changed a recipient's deadline or note: as they are now, and (``former_``) as they were."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    note: str | None = None
    former_note: str | None = None
    due_on: date | None = None
    former_due_on: date | None = None
    due_at: AwareDatetime | None = None
    reason: str | None = None
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class RecipientReopened(
    Event, type="id.lontar.disposition.recipient.reopened.v1", subject=("disposition", "disposition_id")
):
    """The issuer made work again of a part that was done or given back. ``closes_on`` is what it now ends with."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    recipient_id: str
    closes_on: ClosesOn
    reason: str
    due_on: date | None = None
    due_at: AwareDatetime | None = None
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class WorkHandedOver(
    Event, type="id.lontar.disposition.work.handed_over.v1", subject=("disposition", "disposition_id")
):
    """A part, or (without ``recipient_id``) the issuer's side, now lies with another position.

    Without an actor where it was done because nobody holds the former position any more.
    """

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str | None = None
    former_position_id: str
    former_position_title: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    reason: str
    actor: Actor | None = None
    told: tuple[str, ...] = ()
    at: AwareDatetime


class ResponsibleChanged(
    Event, type="id.lontar.disposition.responsible.changed.v1", subject=("disposition", "disposition_id")
):
    """Who of this disposition is responsible now: one recipient, or none because somebody beside it is."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str | None = None
    told: tuple[str, ...] = ()
    at: AwareDatetime


class DispositionLeftUnread(
    Event, type="id.lontar.disposition.disposition.left_unread.v1", subject=("disposition", "disposition_id")
):
    """A recipient has not read it for long: it is reminded, or (``escalated``) the issuer is told."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    position_title: str
    issued_at: AwareDatetime
    escalated: bool = False
    told: tuple[str, ...] = ()
    at: AwareDatetime


class DispositionDeadlineNeared(
    Event, type="id.lontar.disposition.deadline.neared.v1", subject=("disposition", "disposition_id")
):
    """A part is still open shortly before it is due. ``told`` are those it waits for."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    position_title: str
    due_at: AwareDatetime
    told: tuple[str, ...] = ()
    at: AwareDatetime


class DispositionDeadlinePassed(
    Event, type="id.lontar.disposition.deadline.passed.v1", subject=("disposition", "disposition_id")
):
    """A part is still open when it is due. ``told`` are those it waits for, and the issuer."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    position_title: str
    due_at: AwareDatetime
    told: tuple[str, ...] = ()
    at: AwareDatetime


class ReportAwaited(Event, type="id.lontar.disposition.report.awaited.v1", subject=("disposition", "disposition_id")):
    """A part that asks for a report every so often has had none for that long."""

    disposition_id: str
    letter_id: str
    letter_subject: str
    recipient_id: str
    position_title: str
    told: tuple[str, ...] = ()
    at: AwareDatetime
