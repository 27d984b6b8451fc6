"""Notify's subscription table.

Every handler is guarded: what it writes is unique by event and position, or whole and the same each time.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from services.chassis.bus.consumer import Subscription
from services.contracts import disposition as d
from services.contracts.event import Event
from services.contracts.intake import BatchReady, LetterCorrected, LetterVoided, ScanDerived, ScanParked
from services.contracts.routing import (
    BranchRecalled,
    BranchRedirected,
    BranchReturned,
    DeadlineNeared,
    DeadlinePassed,
    LetterCompleted,
    LetterDelivered,
    LetterForwarded,
)
from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.notify.consumers import (
    on_branch,
    on_deadline,
    on_disposition,
    on_letter,
    on_register,
    on_schedule_request,
)
from services.notify.consumers.on_disposition import telling, telling_when
from services.notify.context import Context
from services.notify.domain import disposition_changes, disposition_watch, dispositions

Row = tuple[type[Event], str, Callable[..., Awaitable[None]]]
TABLE: tuple[Row, ...] = (
    (LetterDelivered, "notify.letter_delivered", on_letter.delivered),
    (LetterCompleted, "notify.letter_completed", on_letter.completed),
    (LetterForwarded, "notify.letter_forwarded", on_branch.forwarded),
    (BranchReturned, "notify.branch_returned", on_branch.returned),
    (BranchRedirected, "notify.branch_redirected", on_branch.redirected),
    (BranchRecalled, "notify.branch_recalled", on_branch.recalled),
    (DeadlineNeared, "notify.deadline_neared", on_deadline.neared),
    (DeadlinePassed, "notify.deadline_passed", on_deadline.passed),
    (d.DispositionIssued, "notify.disposition_issued", on_disposition.issued),
    (d.DispositionReplied, "notify.disposition_replied", telling(dispositions.replied)),
    (d.DispositionCompleted, "notify.disposition_completed", telling(dispositions.completed)),
    (d.DispositionProgressed, "notify.disposition_progressed", telling(dispositions.progressed)),
    (d.DispositionDeclined, "notify.disposition_declined", telling(dispositions.declined)),
    (d.DispositionCommented, "notify.disposition_commented", telling(disposition_changes.commented)),
    (d.DispositionRecalled, "notify.disposition_recalled", on_disposition.recalled),
    (d.RecipientAdded, "notify.recipient_added", on_disposition.added),
    (d.RecipientAmended, "notify.recipient_amended", telling(disposition_changes.amended)),
    (d.RecipientReopened, "notify.recipient_reopened", telling(disposition_changes.reopened)),
    (d.WorkHandedOver, "notify.work_handed_over", telling(disposition_changes.handed_over)),
    (d.ResponsibleChanged, "notify.responsible_changed", telling(disposition_changes.responsible_changed)),
    (d.DispositionLeftUnread, "notify.disposition_left_unread", telling_when(disposition_watch.left_unread)),
    (d.DispositionDeadlineNeared, "notify.disposition_neared", telling_when(disposition_watch.neared)),
    (d.DispositionDeadlinePassed, "notify.disposition_overdue", telling_when(disposition_watch.passed)),
    (d.ReportAwaited, "notify.report_awaited", telling(disposition_watch.report_awaited)),
    (RequestSubmitted, "notify.request_submitted", on_schedule_request.submitted),
    (RequestApproved, "notify.request_approved", on_schedule_request.approved),
    (RequestDeclined, "notify.request_declined", on_schedule_request.declined),
    (LetterCorrected, "notify.letter_corrected", on_register.corrected),
    (LetterVoided, "notify.letter_voided", on_register.voided),
    (ScanParked, "notify.scan_parked", on_register.scan_parked),
    (ScanDerived, "notify.scan_derived", on_register.scan_derived),
    (BatchReady, "notify.batch_ready", on_register.batch_ready),
)


def subscriptions(context: Context) -> list[Subscription[Any]]:
    """The table, bound to the context."""
    return [Subscription(event, name, partial(handler, context), guarded=True) for event, name, handler in TABLE]
