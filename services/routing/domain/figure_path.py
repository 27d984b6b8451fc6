"""How long a letter took on a branch, step by step. Invariant: no step takes less than no time, and the steps of a
branch add up to the time from its arrival to the last step that was taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contracts import disposition as d
from services.contracts.event import Event
from services.contracts.vocabulary import Capacity
from services.routing.domain.branch import Branch
from services.routing.domain.dossier import Dossier
from services.routing.domain.figure_measures import STEPS, Measure, Span, Step
from services.routing.domain.letter import branches_of

MILLISECOND = timedelta(milliseconds=1)
SPAN_TO: dict[Step, Span] = {
    "step_read": "to_read",
    "step_received": "to_received",
    "step_disposed": "to_disposition",
    "step_done": "to_done",
}
"""The steps that are also measured from the arrival."""
ANSWERS = (d.DispositionReplied, d.DispositionProgressed, d.DispositionCompleted, d.DispositionDeclined)
"""With these a recipient answers whoever gave it; what the house does in nobody's name is no answer."""


@dataclass(frozen=True)
class Work:
    """When the dispositions on a branch were first given, and by whom; first opened; first answered."""

    disposed_at: datetime | None = None
    capacity: Capacity | None = None
    read_at: datetime | None = None
    answered_at: datetime | None = None


def work_on(branch: Branch, dossier: Dossier, history: Iterable[Event]) -> Work:
    """What was done on a branch by disposition, those that were done when it was reopened included."""
    letter, branches = dossier.letter, dossier.branches
    here = {one.id for one in letter.dispositions.values() if branch.id in branches_of(one, letter, branches)}
    given: list[d.DispositionIssued] = []
    read: list[datetime] = []
    answered: list[datetime] = []
    for event in history:
        if isinstance(event, d.DispositionIssued) and event.disposition_id in here:
            given.append(event)
        elif isinstance(event, d.DispositionRead) and event.disposition_id in here:
            read.append(event.at)
        elif isinstance(event, ANSWERS) and event.actor and event.disposition_id in here:
            answered.append(event.at)
    first = min(given, key=lambda event: (event.issued_at, event.disposition_id), default=None)
    return Work(
        disposed_at=first.issued_at if first else None,
        capacity=first.issuer.capacity if first else None,
        read_at=min(read, default=None),
        answered_at=min(answered, default=None),
    )


def steps_taken(branch: Branch, work: Work) -> list[tuple[Step, datetime]]:
    """The steps that were taken on a branch, in the order they were taken; none before its arrival."""
    taken: dict[Step, datetime | None] = {
        "step_read": branch.read.at if branch.read else None,
        "step_received": branch.received.at if branch.received else None,
        "step_disposed": work.disposed_at,
        "step_disposition_read": work.read_at,
        "step_answered": work.answered_at,
        "step_done": _done_at(branch),
    }
    known = [(step, max(at, branch.opened_at)) for step, at in taken.items() if at is not None]
    return sorted(known, key=lambda one: (one[1], STEPS.index(one[0])))


def _done_at(branch: Branch) -> datetime | None:
    """A copy only has to be read, and what the sender settled after it came back was not done here."""
    here = branch.returned is None or branch.work == "done"
    return branch.since if branch.state == "done" and branch.role == "addressee" and here else None


def measured(branch: Branch, taken: Sequence[tuple[Step, datetime]], asked_at: datetime | None) -> dict[Measure, int]:
    """Every measure of a branch in the house. ``asked_at``: since when it was waited for the arrival, if it was."""
    found: dict[Measure, int] = {}
    if asked_at is not None:
        found["to_inbox"] = between(asked_at, branch.opened_at)
    before = branch.opened_at
    for step, at in taken:
        found[step] = between(before, at)
        if step in SPAN_TO:
            found[SPAN_TO[step]] = between(branch.opened_at, at)
        before = at
    return found


def between(start: datetime, end: datetime) -> int:
    """Milliseconds; clocks of two machines may differ a little, and nothing takes less than no time."""
    return max(0, (end - start) // MILLISECOND)
