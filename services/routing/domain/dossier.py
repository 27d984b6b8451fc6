"""A letter with its branches, folded from its history. Invariant: the same history gives the same dossier, always.

Nothing else changes a dossier: an act decides which event happened, and the event is applied here, whether it happens
now or is read again years later. So what is stored of a letter can be thrown away and made anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.contracts import disposition as d
from services.contracts import intake as i
from services.contracts import routing as r
from services.contracts import schedule as s
from services.contracts.event import Event
from services.projections.first_access import first_access
from services.routing.domain.branch import (
    Act,
    Branch,
    Closing,
    Filing,
    ReasonedAct,
    Redirection,
    Reopening,
    opened_branch,
)
from services.routing.domain.disposition_news import LEARNINGS, learned
from services.routing.domain.letter import AgendaItem, Letter, Link, dispositions_on, is_completed, progressed
from services.routing.domain.summary import LetterSummary, corrected, summary_of


@dataclass(frozen=True)
class Dossier:
    """A letter with its branches."""

    letter: Letter
    branches: tuple[Branch, ...] = ()

    def branch(self, branch_id: str) -> Branch:
        """One of the branches."""
        return next(branch for branch in self.branches if branch.id == branch_id)

    def with_letter(self, **changes: object) -> "Dossier":
        """The same with these facts of the letter changed."""
        return replace(self, letter=self.letter.model_copy(update=changes))

    def with_branch(self, branch_id: str, at: datetime, **facts: object) -> "Dossier":
        """The same with new facts on one branch; itself where it has no such branch."""
        found = tuple(one.with_facts(at, **facts) if one.id == branch_id else one for one in self.branches)
        return replace(self, branches=found)

    def with_summary(self, summary: LetterSummary) -> "Dossier":
        """The same with this said beside every branch; nothing happened on any of them."""
        return replace(self, branches=tuple(one.model_copy(update={"letter": summary}) for one in self.branches))

    def with_ways(self, told: Iterable[r.Branch], at: datetime) -> "Dossier":
        """The same with further branches; one that is there already stays."""
        letter, known = self.letter, {branch.id for branch in self.branches}
        fresh = [
            opened_branch(one, letter.id, letter.summary, letter.registered_by.unit_id, at)
            for one in told
            if one.branch_id not in known
        ]
        return replace(self, branches=(*self.branches, *fresh))


def begun(event: i.LetterRegistered) -> Dossier:
    """The dossier of a letter that was registered and is not delivered yet."""
    by = event.registered_by
    letter = Letter(
        id=event.letter_id,
        version=0,
        entries=1,
        summary=summary_of(event),
        abstract=event.summary,
        addressees=event.addressees,
        copies=event.copies,
        occasion=event.occasion,
        registered_by=by,
        registered_at=event.registered_at,
        delivered_at=event.registered_at,
        access=first_access(event.confidentiality, by.unit_id, by.position_id, ()),
        access_version=0,
    )
    return Dossier(letter)


def applied(dossier: Dossier, event: Event, seq: int) -> Dossier:
    """The dossier after an event. ``seq`` is the event's version on its stream."""
    if type(event) in LEARNINGS:
        after = _disposed(dossier, event, seq)
    elif isinstance(event, i.LetterCorrected):
        after = _corrected(dossier, event, seq)
    else:
        after = _APPLY[type(event)](dossier, event)
    letter = after.letter.model_copy(
        update={
            "entries": dossier.letter.entries + 1,
            "version": seq if event.service() == "routing" else dossier.letter.version,
        }
    )
    if letter.completed_at is not None and not is_completed(after.branches):
        letter = letter.model_copy(update={"completed_at": None, "outcome": None})
    return replace(after, letter=letter)


def folded(history: Sequence[tuple[Event, int]]) -> Dossier:
    """The dossier of a whole history: the registration first, then everything in the order it was applied."""
    first, _ = history[0]
    if not isinstance(first, i.LetterRegistered):
        raise TypeError(f"a history begins with the registration, not with {type(first).__name__}")
    dossier = begun(first)
    for event, seq in history[1:]:
        dossier = applied(dossier, event, seq)
    return dossier


def _delivered(now: Dossier, event: r.LetterDelivered) -> Dossier:
    after = now.with_letter(delivered_at=event.delivered_at, access=event.access, access_version=event.access_version)
    return after.with_ways((*event.branches, *event.external), event.delivered_at)


def _corrected(now: Dossier, event: i.LetterCorrected, version: int) -> Dossier:
    """The newest correction holds, in whatever order they were heard of: each says all that can be corrected."""
    if version <= now.letter.corrected:
        return now
    summary = corrected(now.letter.summary, event)
    letter = {"abstract": event.summary, "occasion": event.occasion, "corrected": version}
    return now.with_letter(summary=summary, **letter).with_summary(summary)


def _voided(now: Dossier, event: i.LetterVoided) -> Dossier:
    summary = now.letter.summary.model_copy(update={"voided": True})
    act = ReasonedAct(actor=event.voided_by, at=event.at, reason=event.reason)
    after = now.with_letter(summary=summary, voided=act)
    return replace(after, branches=tuple(one.with_facts(event.at, letter=summary) for one in after.branches))


def _redirected(now: Dossier, event: r.BranchRedirected) -> Dossier:
    act = Redirection(actor=event.actor, at=event.at, reason=event.reason, branch_id=event.branch.branch_id)
    return now.with_branch(event.branch_id, event.at, redirected=act).with_ways([event.branch], event.at)


def _received(now: Dossier, event: r.BranchReceived) -> Dossier:
    act = Act(actor=event.actor, at=event.at)
    read = now.branch(event.branch_id).read or act
    return now.with_branch(event.branch_id, event.at, read=read, received=act)


def _closed(now: Dossier, event: r.BranchClosed) -> Dossier:
    act = Closing(actor=event.actor, at=event.at, outcome=event.outcome, note=event.note)
    return now.with_branch(event.branch_id, event.at, closed=act)


def _reopened(now: Dossier, event: r.BranchReopened) -> Dossier:
    opened = {one.id: one.opened for one in dispositions_on(now.letter, now.branches)[event.branch_id]}
    branch = now.branch(event.branch_id)
    if branch.reopened:
        opened = {**dict.fromkeys(branch.reopened.over, 1), **branch.reopened.opened, **opened}
    over = frozenset(opened)
    act = Reopening(actor=event.actor, at=event.at, reason=event.reason, over=over, opened=opened)
    facts: dict[str, Any] = {"reopened": act, "closed": None, "filed": None, "work": "none"}
    # Who gave it back has taken it up again; reopened by its sender it is still theirs to send on.
    if event.actor.unit_id != branch.sender_unit_id:
        facts["returned"] = None
    deadline = {"due_at": event.due_at, "remind_at": event.remind_at, "reminded": False, "overdue": False}
    return now.with_branch(event.branch_id, event.at, **facts, **deadline)


def _reasoned(fact: str) -> Callable[[Dossier, Any], Dossier]:
    def apply(now: Dossier, event: r.BranchReturned | r.BranchRecalled) -> Dossier:
        act = ReasonedAct(actor=event.actor, at=event.at, reason=event.reason)
        return now.with_branch(event.branch_id, event.at, **{fact: act})

    return apply


def _disposed(now: Dossier, event: Any, version: int) -> Dossier:
    """News of a disposition: learn it, and bring the branches up to it."""
    issued = event if isinstance(event, d.DispositionIssued) else None
    at = max(issued.issued_at if issued else event.at, now.letter.delivered_at)
    letter = now.letter.knowing(learned(now.letter.disposition(event.disposition_id), event, version))
    if issued:
        letter = letter.model_copy(update={"first_disposed_at": min(letter.first_disposed_at or at, at)})
    if issued and issued.parent_disposition_id:
        parent = letter.disposition(issued.parent_disposition_id)
        letter = letter.knowing(parent.knowing(has_below=True))
    return Dossier(letter, progressed(letter, now.branches, at))


def _requested(now: Dossier, event: s.RequestSubmitted) -> Dossier:
    known = now.letter.agenda.get(event.request_id)
    return now if known else _on_agenda(now, event, "submitted")


def _on_agenda(now: Dossier, event: Any, status: str) -> Dossier:
    fields = {"title", "leader_title", "place", "starts_at", "ends_at", "reason", "request_id"}
    known = now.letter.agenda.get(event.request_id)
    told = event.model_dump(include=fields, exclude_none=True)
    before = known.model_dump() if known else {}
    item = AgendaItem.model_validate({**before, **told, "status": status})
    return now.with_letter(agenda={**now.letter.agenda, event.request_id: item})


def _linked(now: Dossier, event: r.LetterLinked) -> Dossier:
    link = Link(other_id=event.other_id, relation=event.relation, inverse=event.inverse)
    return now if link in now.letter.links else now.with_letter(links=(*now.letter.links, link))


_APPLY: Mapping[type[Event], Callable[[Dossier, Any], Dossier]] = {
    i.LetterVoided: _voided,
    i.ScanParked: lambda now, _: now,
    r.LetterDelivered: _delivered,
    r.LetterForwarded: lambda now, event: now.with_ways(event.branches, event.at),
    r.AccessChanged: lambda now, event: now.with_letter(access=event.access, access_version=event.access_version),
    r.BranchRead: lambda now, event: now.with_branch(
        event.branch_id, event.at, read=Act(actor=event.actor, at=event.at)
    ),
    r.BranchReceived: _received,
    r.BranchReturned: _reasoned("returned"),
    r.BranchRecalled: _reasoned("recalled"),
    r.BranchRedirected: _redirected,
    r.BranchClosed: _closed,
    r.BranchReopened: _reopened,
    r.BranchFiled: lambda now, event: now.with_branch(
        event.branch_id, event.at, filed=Filing(actor=event.actor, at=event.at, place=event.place)
    ),
    r.DeadlineNeared: lambda now, event: now.with_branch(event.branch_id, event.at, reminded=True),
    r.DeadlinePassed: lambda now, event: now.with_branch(event.branch_id, event.at, reminded=True, overdue=True),
    r.LetterLinked: _linked,
    r.LetterCompleted: lambda now, event: now.with_letter(completed_at=event.at, outcome=event.outcome),
    s.RequestSubmitted: _requested,
    s.RequestApproved: lambda now, event: _on_agenda(now, event, "approved"),
    s.RequestDeclined: lambda now, event: _on_agenda(now, event, "declined"),
}
APPLICABLE: frozenset[type[Event]] = frozenset({i.LetterRegistered, i.LetterCorrected, *_APPLY, *LEARNINGS})
"""Every event that can stand in a letter's history."""
