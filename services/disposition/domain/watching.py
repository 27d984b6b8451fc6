"""When the house must next say something of a disposition by itself. Invariant: a pure function of its parts."""

from datetime import datetime

from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient


def watch_at(disposition: Disposition) -> datetime | None:
    """The earliest instant at which one of its parts asks for something; None where none ever will."""
    return min((at for one in disposition.recipients for at in instants_of(one)), default=None)


def instants_of(part: DispositionRecipient) -> list[datetime]:
    """When a part asks for something: to be read, to be nearly due, to be overdue, to report."""
    if not part.is_open:
        return []
    said = part.reminders
    found = [
        said.next_unread_at if part.state == "sent" else None,
        said.next_report_at,
        part.remind_at if not (said.neared or said.overdue) and part.due_at else None,
        part.due_at if not said.overdue else None,
    ]
    return [at for at in found if at is not None]
