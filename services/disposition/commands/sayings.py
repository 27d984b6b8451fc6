"""What the house says of a part by itself, in the published language. Invariant: it is told those who can do something:
the recipient, and whoever waits for it once that did not help.
"""

from datetime import datetime
from typing import Any

from services.contracts import disposition as d
from services.contracts.event import Event
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.reminding import Saying


def said(one: Disposition, part: DispositionRecipient, saying: Saying, at: datetime) -> Event:
    """The event that says it."""
    recipient, owner = (part.position_id,), (one.owner.position_id,)
    facts = _facts(one, part, at)
    deadline = facts | {"due_at": part.due_at}
    match saying:
        case "unread":
            return d.DispositionLeftUnread(**facts, issued_at=part.issued_at, told=recipient)
        case "escalated":
            return d.DispositionLeftUnread(**facts, issued_at=part.issued_at, escalated=True, told=owner)
        case "neared":
            return d.DispositionDeadlineNeared(**deadline, told=recipient)
        case "passed":
            return d.DispositionDeadlinePassed(**deadline, told=recipient + owner)
        case "reminder" if part.due_at and part.due_at <= at:
            return d.DispositionDeadlinePassed(**deadline, told=recipient)
        case "report" | "reminder":
            return d.ReportAwaited(**facts, told=recipient)


def _facts(one: Disposition, part: DispositionRecipient, at: datetime) -> dict[str, Any]:
    return {
        "disposition_id": one.id,
        "letter_id": one.letter_id,
        "letter_subject": one.letter_subject,
        "recipient_id": part.recipient_id,
        "position_title": part.position_title,
        "at": at,
    }
