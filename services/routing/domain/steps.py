"""What the track says of each thing that can happen. Invariant: one event, at most one step, under the event's own id.

Steps are made from the history whenever a track is shown, so a better sentence here is better for old letters too.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from services.contracts import disposition as d
from services.contracts import intake as i
from services.contracts import routing as r
from services.contracts import schedule as s
from services.contracts.event import Event
from services.contracts.vocabulary import Confidentiality, LetterOutcome
from services.projections.register_fields import field_name
from services.routing.domain import disposition_steps
from services.routing.domain.dossier import Dossier
from services.routing.domain.track import Step, What

OUTCOMES: dict[LetterOutcome, str] = {
    "policy": "kebijakan",
    "decision": "keputusan",
    "reply": "jawaban",
    "activity": "kegiatan",
    "noted": "untuk diketahui",
}
STRICTEST: tuple[Confidentiality, ...] = get_args(Confidentiality)
"""From the most confidential down."""
INSIDE = frozenset({"disposition", "schedule"})
"""The services whose events are what offices say to themselves: instructions, answers, reports."""


def step_of(event_id: str, event: Event, dossier: Dossier) -> Step | None:
    """The step an event is on the track; None for one that is told by others. ``dossier`` is as it was after it."""
    what = _WHAT.get(type(event))
    if what is None:
        return None
    told: Any = event
    actor = _actor(told)
    branch = _branch(told, dossier)
    return Step(
        id=event_id,
        letter_id=dossier.letter.id,
        at=_instant(told),
        what=what,
        actor=actor,
        unit_name=branch.unit_name if branch else (actor.unit_name if actor else None),
        detail=_detail(told, dossier),
        inside=event.service() in INSIDE,
        private=type(event) in disposition_steps.PRIVATE,
        note=event.note if isinstance(event, r.LetterForwarded) else None,
        other_id=event.other_id if isinstance(event, r.LetterLinked) else None,
    )


_WHAT: Mapping[type[Event], What] = {
    i.LetterRegistered: "registered",
    r.LetterDelivered: "delivered",
    r.LetterForwarded: "forwarded",
    r.BranchRead: "branch_read",
    r.BranchReceived: "branch_received",
    r.BranchReturned: "branch_returned",
    r.BranchRedirected: "branch_redirected",
    r.BranchRecalled: "branch_recalled",
    r.BranchClosed: "branch_closed",
    r.BranchReopened: "branch_reopened",
    r.BranchFiled: "branch_filed",
    r.DeadlineNeared: "deadline_neared",
    r.DeadlinePassed: "deadline_passed",
    r.LetterLinked: "linked",
    r.LetterCompleted: "completed",
    i.LetterCorrected: "corrected",
    i.LetterVoided: "voided",
    i.ScanParked: "scan_parked",
    **disposition_steps.WHAT,
    s.RequestSubmitted: "schedule_requested",
    s.RequestApproved: "schedule_approved",
    s.RequestDeclined: "schedule_declined",
}


_INSTANTS: Mapping[type[Event], str] = {
    i.LetterRegistered: "registered_at",
    d.DispositionIssued: "issued_at",
    r.LetterDelivered: "delivered_at",
}


def _actor(event: Any) -> Any:
    if isinstance(event, i.LetterRegistered):
        return event.registered_by
    if isinstance(event, i.LetterCorrected):
        return event.corrected_by
    if isinstance(event, i.LetterVoided):
        return event.voided_by
    if isinstance(event, d.DispositionIssued):
        return event.issuer
    if isinstance(event, s.RequestSubmitted):
        return event.requester
    return getattr(event, "actor", None)


def _instant(event: Any) -> Any:
    return getattr(event, _INSTANTS.get(type(event), "at"))


REGISTER = (i.LetterCorrected, i.LetterVoided, i.ScanParked)


def guarded(step: Step, event: Event, before: Dossier, after: Dossier) -> Step:
    """The step with how confidential the letter was when the register spoke: the strictest of before and after.

    So a letter that was opened to more readers does not tell them what it said while it was not.
    """
    if not isinstance(event, REGISTER):
        return step
    levels = {before.letter.summary.confidentiality, after.letter.summary.confidentiality}
    if not isinstance(event, i.ScanParked):
        levels.add(event.confidentiality)
    return step.model_copy(update={"confidentiality": min(levels, key=STRICTEST.index)})


def _branch(event: Any, dossier: Dossier) -> Any:
    if event.service() != "routing" or not hasattr(event, "branch_id"):
        return None
    return next((one for one in dossier.branches if one.id == event.branch_id), None)


def _detail(event: Any, dossier: Dossier) -> str | None:
    tell = _DETAIL.get(type(event))
    return tell(event) if tell else disposition_steps.detail_of(event, dossier)


def _places(branches: Sequence[r.Branch]) -> str | None:
    return ", ".join(_place(one) for one in branches) or None


def _place(branch: r.Branch) -> str:
    name = branch.external_name or branch.position_title or branch.unit_name
    return f"{name} (tembusan)" if branch.role == "copy" else name


def _forwarded(event: r.LetterForwarded) -> str:
    told = [_places(event.branches) or ""]
    if event.rule:
        told.append(f"menurut aturan “{event.rule}”")
    return ". ".join(told)


def _closed(event: r.BranchClosed) -> str:
    outcome = f"Hasil: {OUTCOMES[event.outcome]}"
    return f"{outcome}. {event.note}" if event.note else outcome


def _request(event: s.RequestSubmitted | s.RequestApproved | s.RequestDeclined) -> str:
    told = f"{event.title} – {event.leader_title}"
    return f"{told}. Alasan: {event.reason}" if isinstance(event, s.RequestDeclined) else told


def _registered(event: i.LetterRegistered) -> str:
    book = "Surat latihan. " if event.training else ""
    return f"{book}Nomor agenda {event.agenda_number}/{event.year}, kode lacak {event.tracking_code}"


def _corrected(event: i.LetterCorrected) -> str:
    changes = "; ".join(_change(one) for one in event.changes)
    return f"{changes}. Alasan: {event.reason}" if changes else f"Alasan: {event.reason}"


def _change(change: i.FieldChange) -> str:
    return f"{field_name(change.field)}: “{change.before or '-'}” menjadi “{change.after or '-'}”"


def _delivered(event: r.LetterDelivered) -> str | None:
    return _places((*event.branches, *event.external))


_DETAIL: Mapping[type[Event], Callable[[Any], str | None]] = {
    i.LetterRegistered: _registered,
    i.LetterCorrected: _corrected,
    i.LetterVoided: lambda event: f"Nomor agenda {event.agenda_number}/{event.year}. Alasan: {event.reason}",
    i.ScanParked: lambda event: f"{event.name}. Alasan: {event.reason}",
    r.LetterDelivered: _delivered,
    r.LetterForwarded: _forwarded,
    r.BranchReturned: lambda event: f"Alasan: {event.reason}",
    r.BranchRecalled: lambda event: f"Alasan: {event.reason}",
    r.BranchRedirected: lambda event: f"Ke {_place(event.branch)}. Alasan: {event.reason}",
    r.BranchClosed: _closed,
    r.BranchReopened: lambda event: f"Alasan: {event.reason}",
    r.BranchFiled: lambda event: f"Tempat: {event.place}" if event.place else None,
    r.LetterCompleted: lambda event: f"Hasil: {OUTCOMES[event.outcome]}",
    s.RequestSubmitted: _request,
    s.RequestApproved: _request,
    s.RequestDeclined: _request,
}
