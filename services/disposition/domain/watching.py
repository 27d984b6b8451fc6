"""When the house must next say something of a disposition by itself. Invariant: a pure function of its parts."""

from datetime import datetime
from typing import Protocol

from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient, Reminders


class Due(Protocol):
    """A deadline, as far as it matters here."""

    @property
    def due_at(self) -> datetime | None:
        """The instant it is over; None for none."""


def watch_at(disposition: Disposition) -> datetime | None:
    """The earliest instant at which one of its parts asks for something; None where none ever will."""
    return min((at for one in disposition.recipients for at in instants_of(one)), default=None)


def instants_of(part: DispositionRecipient) -> list[datetime]:
    """When a part asks for something: to be read, to be nearly due, to be overdue, to report, to be thought of.

    Who has done their own share and only waits for what is below is asked for neither report nor work.
    """
    if not part.is_open:
        return []
    said = part.reminders
    unread = [said.next_unread_at, said.escalate_at] if part.state == "sent" else []
    deadline = [None if said.neared else part.remind_at, part.due_at] if part.due_at and not said.overdue else []
    work = [] if part.is_closed else [said.next_report_at, said.next_reminder_at]
    found = [*unread, *deadline, *work]
    return [at for at in found if at is not None]


def rearmed(part: DispositionRecipient, deadline: Due) -> Reminders:
    """What was said of ``part``, for the ``deadline`` it gets now: of another than it had nothing was said yet."""
    if deadline.due_at == part.due_at:
        return part.reminders
    return part.reminders.model_copy(update={"neared": False, "overdue": False})
