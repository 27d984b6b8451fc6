"""What the track says of each thing that can happen. Invariant: one event, one step, under the event's own id."""

from collections.abc import Sequence

from services.contracts import disposition as d
from services.contracts import schedule as s
from services.contracts.routing import BranchRead, BranchReceived, LetterCompleted
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter
from services.routing.domain.track import Step, What

OUTCOMES = {
    "policy": "kebijakan",
    "decision": "keputusan",
    "reply": "jawaban",
    "activity": "kegiatan",
    "noted": "untuk diketahui",
}


def registered(event_id: str, letter: Letter) -> Step:
    """Intake entered it in a book."""
    summary = letter.summary
    detail = f"Nomor agenda {summary.agenda_number}/{summary.year}, kode lacak {summary.tracking_code}"
    actor = letter.registered_by
    return Step(
        id=event_id,
        letter_id=letter.id,
        at=letter.registered_at,
        what="registered",
        actor=actor,
        unit_name=actor.unit_name,
        detail=detail,
    )


def delivered(event_id: str, letter: Letter, branches: Sequence[Branch]) -> Step:
    """It lies in the inboxes."""
    names = [f"{b.position_title or b.unit_name}{' (tembusan)' if b.role == 'copy' else ''}" for b in branches]
    detail = ", ".join(names) or None
    return Step(id=event_id, letter_id=letter.id, at=letter.delivered_at, what="delivered", detail=detail)


def branch_step(event_id: str, event: BranchRead | BranchReceived, branch: Branch) -> Step:
    """Somebody opened it, or took it as the unit's work."""
    what: What = "branch_read" if isinstance(event, BranchRead) else "branch_received"
    return Step(
        id=event_id,
        letter_id=event.letter_id,
        at=event.at,
        what=what,
        actor=event.actor,
        unit_name=branch.unit_name,
    )


def completed(event_id: str, event: LetterCompleted) -> Step:
    """Every branch is done."""
    detail = f"Hasil: {OUTCOMES[event.outcome]}"
    return Step(id=event_id, letter_id=event.letter_id, at=event.at, what="completed", detail=detail)


def issued(event_id: str, event: d.DispositionIssued) -> Step:
    """Instructions went down."""
    parts = [
        f"{one.position_title}{' (penanggung jawab)' if one.responsible else ''}: "
        + ", ".join(instruction.label for instruction in one.instructions)
        for one in event.recipients
    ]
    return Step(
        id=event_id,
        letter_id=event.letter_id,
        at=event.issued_at,
        what="disposed",
        actor=event.issuer,
        unit_name=event.issuer.unit_name,
        detail="; ".join(parts),
        inside=True,
    )


def recipient_step(event_id: str, event: d.DispositionRead | d.DispositionReplied | d.DispositionCompleted) -> Step:
    """A recipient read, answered or completed its part."""
    what: What = "disposition_read"
    detail = None
    if isinstance(event, d.DispositionReplied):
        what, detail = "replied", event.text
    elif isinstance(event, d.DispositionCompleted):
        what, detail = "disposition_completed", event.report
    return Step(
        id=event_id,
        letter_id=event.letter_id,
        at=event.at,
        what=what,
        actor=event.actor,
        unit_name=event.actor.unit_name,
        detail=detail,
        inside=True,
    )


def schedule_step(
    event_id: str, letter_id: str, event: s.RequestSubmitted | s.RequestApproved | s.RequestDeclined
) -> Step:
    """The letter became a request for a leader's presence, or the request was answered."""
    what: What = "schedule_requested"
    actor = event.requester
    detail = f"{event.title} – {event.leader_title}"
    if isinstance(event, s.RequestApproved):
        what, actor = "schedule_approved", event.actor
    elif isinstance(event, s.RequestDeclined):
        what, actor, detail = "schedule_declined", event.actor, f"{detail}. Alasan: {event.reason}"
    return Step(
        id=event_id,
        letter_id=letter_id,
        at=event.at,
        what=what,
        actor=actor,
        unit_name=actor.unit_name,
        detail=detail,
        inside=True,
    )
