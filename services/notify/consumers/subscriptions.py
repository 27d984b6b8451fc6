"""Notify's subscription table.

Every handler is guarded: what it writes is unique by event and position, or whole and the same each time.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from services.chassis.bus.consumer import Subscription
from services.contracts.disposition import DispositionCompleted, DispositionIssued, DispositionReplied
from services.contracts.event import Event
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
from services.notify.consumers import on_branch, on_deadline, on_disposition, on_letter, on_schedule_request
from services.notify.context import Context

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
    (DispositionIssued, "notify.disposition_issued", on_disposition.issued),
    (DispositionReplied, "notify.disposition_replied", on_disposition.replied),
    (DispositionCompleted, "notify.disposition_completed", on_disposition.completed),
    (RequestSubmitted, "notify.request_submitted", on_schedule_request.submitted),
    (RequestApproved, "notify.request_approved", on_schedule_request.approved),
    (RequestDeclined, "notify.request_declined", on_schedule_request.declined),
)


def subscriptions(context: Context) -> list[Subscription[Any]]:
    """The table, bound to the context."""
    return [Subscription(event, name, partial(handler, context), guarded=True) for event, name, handler in TABLE]
