"""What the track says of each event of a disposition. Invariant: one event, one step; what it says in detail is for
those inside, and a step that is no stage of the letter's way is theirs as a whole.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.contracts import disposition as d
from services.contracts.event import Event
from services.projections.local_dates import long_date
from services.routing.domain.dossier import Dossier
from services.routing.domain.track import What
from services.routing.domain.wording import named

WHAT: Mapping[type[Event], What] = {
    d.DispositionIssued: "disposed",
    d.DispositionRead: "disposition_read",
    d.DispositionReceived: "disposition_received",
    d.DispositionReplied: "replied",
    d.DispositionProgressed: "disposition_progressed",
    d.DispositionCompleted: "disposition_completed",
    d.DispositionDeclined: "disposition_declined",
    d.DispositionCommented: "disposition_commented",
    d.DispositionRecalled: "disposition_recalled",
    d.RecipientAdded: "recipient_added",
    d.RecipientAmended: "recipient_amended",
    d.RecipientReopened: "recipient_reopened",
    d.WorkHandedOver: "work_handed_over",
    d.ResponsibleChanged: "responsible_changed",
    d.DispositionDeadlinePassed: "disposition_overdue",
}
PRIVATE: frozenset[type[Event]] = frozenset(
    {
        d.DispositionCommented,
        d.RecipientAmended,
        d.WorkHandedOver,
        d.ResponsibleChanged,
        d.DispositionDeadlinePassed,
    }
)
"""What an office says to itself, and how it shares out its work: not a stage of the letter's way."""
SAID: Mapping[d.CommentKind, str] = {"comment": "Catatan", "question": "Pertanyaan", "answer": "Jawaban"}


def detail_of(event: Event, dossier: Dossier) -> str | None:
    """What the step says beside its name. ``dossier`` is as it was after the event."""
    tell = _DETAIL.get(type(event))
    return tell(event, dossier) if tell else None


def _given(event: d.DispositionIssued | d.RecipientAdded, _: Dossier) -> str:
    parts = [
        f"{one.position_title}{' (penanggung jawab)' if one.responsible else ''}: "
        + ", ".join(instruction.label for instruction in one.instructions)
        for one in event.recipients
    ]
    return "; ".join(parts)


def _progressed(event: d.DispositionProgressed, _: Dossier) -> str:
    return f"{event.percent}%: {event.note}" if event.note else f"{event.percent}%"


def _completed(event: d.DispositionCompleted, _: Dossier) -> str | None:
    return event.report or (f"Bagian {event.position_title}" if event.position_title else None)


def _declined(event: d.DispositionDeclined, _: Dossier) -> str:
    return f"{event.position_title}. Alasan: {event.reason}"


def _commented(event: d.DispositionCommented, _: Dossier) -> str:
    return f"{SAID[event.kind]}: {event.text}"


def _recalled(event: d.DispositionRecalled, dossier: Dossier) -> str | None:
    titles = _titles(event.disposition_id, event.recipient_ids, dossier)
    reason = f"Alasan: {event.reason}" if event.reason else ""
    return ". ".join(one for one in (f"Dari {named(titles)}" if titles else "", reason) if one) or None


def _amended(event: d.RecipientAmended, dossier: Dossier) -> str:
    titles = _titles(event.disposition_id, [event.recipient_id], dossier)
    told = [f"Untuk {named(titles)}"] if titles else []
    if event.due_on != event.former_due_on:
        told.append(f"Batas waktu: {long_date(event.due_on) if event.due_on else 'tidak ada lagi'}")
    if event.note != event.former_note:
        told.append(f"Catatan: {event.note or 'dihapus'}")
    return ". ".join([*told, *([f"Alasan: {event.reason}"] if event.reason else [])])


def _reopened(event: d.RecipientReopened, dossier: Dossier) -> str:
    titles = _titles(event.disposition_id, [event.recipient_id], dossier)
    return ". ".join([*([f"Untuk {named(titles)}"] if titles else []), f"Alasan: {event.reason}"])


def _handed_over(event: d.WorkHandedOver, _: Dossier) -> str:
    return f"Dari {event.former_position_title} ke {event.position_title}. Alasan: {event.reason}"


def _responsible(event: d.ResponsibleChanged, dossier: Dossier) -> str | None:
    titles = _titles(event.disposition_id, [event.recipient_id] if event.recipient_id else [], dossier)
    return f"Penanggung jawab sekarang {named(titles)}" if titles else None


def _titles(disposition_id: str, recipient_ids: Iterable[str], dossier: Dossier) -> list[str]:
    wanted = set(recipient_ids)
    parts = dossier.letter.disposition(disposition_id).parts
    return [part.position_title for part in parts if part.recipient_id in wanted]


def _overdue(event: d.DispositionDeadlinePassed, _: Dossier) -> str:
    return event.position_title


_DETAIL: Mapping[type[Event], Callable[[Any, Dossier], str | None]] = {
    d.DispositionIssued: _given,
    d.RecipientAdded: _given,
    d.DispositionReplied: lambda event, _: event.text,
    d.DispositionProgressed: _progressed,
    d.DispositionCompleted: _completed,
    d.DispositionDeclined: _declined,
    d.DispositionCommented: _commented,
    d.DispositionRecalled: _recalled,
    d.RecipientAmended: _amended,
    d.RecipientReopened: _reopened,
    d.WorkHandedOver: _handed_over,
    d.ResponsibleChanged: _responsible,
    d.DispositionDeadlinePassed: _overdue,
}
