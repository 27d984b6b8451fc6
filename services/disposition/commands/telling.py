"""Dispositions in the published language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.contracts import disposition as d
from services.disposition.domain.disposition import Act, Disposition
from services.disposition.domain.recipient import DispositionRecipient


def recipient(part: DispositionRecipient) -> d.Recipient:
    """A part as events tell of it when it is given."""
    shown = {name for name in d.Recipient.model_fields if name in type(part).model_fields}
    return d.Recipient(responsible=part.responsible, **{name: getattr(part, name) for name in shown})


def issued(one: Disposition) -> d.DispositionIssued:
    """That it was given."""
    return d.DispositionIssued(
        **subject(one),
        branch_id=one.branch_id,
        parent_disposition_id=one.parent.disposition_id if one.parent else None,
        parent_recipient_id=one.parent.recipient_id if one.parent else None,
        issuer=one.issuer,
        recipients=tuple(recipient(part) for part in one.recipients),
        note=one.note,
        issued_at=one.issued_at,
    )


def read(one: Disposition, act: Act) -> d.DispositionRead:
    """That a recipient has seen it."""
    return d.DispositionRead(**_part(one, act), actor=by(act))


def received(one: Disposition, act: Act) -> d.DispositionReceived:
    """That a recipient took it on."""
    return d.DispositionReceived(**_part(one, act), actor=by(act))


def replied(one: Disposition, act: Act) -> d.DispositionReplied:
    """That a recipient answered."""
    return d.DispositionReplied(
        **subject(one),
        recipient_id=about(act),
        reply_id=act.id,
        text=act.text or "",
        quick_reply=act.quick_reply,
        attachments=act.attachments,
        **_answer(one, act),
    )


def progressed(one: Disposition, act: Act) -> d.DispositionProgressed:
    """How far a recipient is."""
    return d.DispositionProgressed(
        **subject(one),
        recipient_id=about(act),
        percent=act.percent or 0,
        note=act.text,
        attachments=act.attachments,
        **_answer(one, act),
    )


def completed(one: Disposition, act: Act) -> d.DispositionCompleted:
    """That a recipient is done, and whether all are; by an act further down, where its part was passed on."""
    passed_on = act.kind == "pass_on"
    return d.DispositionCompleted(
        **subject(one),
        branch_id=one.branch_id,
        recipient_id=about(act),
        report=act.text if act.kind == "complete" else None,
        attachments=act.attachments if act.kind == "complete" else (),
        outgoing_letter_id=act.outgoing_letter_id,
        position_title=one.part(about(act)).position_title if passed_on else None,
        all_done=not one.is_open,
        **_answer(one, act),
    )


def declined(one: Disposition, act: Act) -> d.DispositionDeclined:
    """That a part was given back."""
    return d.DispositionDeclined(
        **subject(one),
        branch_id=one.branch_id,
        recipient_id=about(act),
        position_title=one.part(about(act)).position_title,
        reason=act.text or "",
        actor=act.actor,
        issuer_position_id=one.owner.position_id,
        all_done=not one.is_open,
        at=act.at,
    )


def responsible_changed(
    one: Disposition, recipient_id: str | None, told: Iterable[str], at: datetime
) -> d.ResponsibleChanged:
    """Who of this disposition is responsible now; where somebody is, ``told`` names it first."""
    return d.ResponsibleChanged(**subject(one), recipient_id=recipient_id, told=tuple(told), at=at)


def about(act: Act) -> str:
    """The part an act is about; LookupError for one that is about the whole."""
    if act.recipient_id is None:
        raise LookupError(f"act {act.id} is about no part")
    return act.recipient_id


def by(act: Act) -> Any:
    """Who did it; LookupError for what the house did."""
    if act.actor is None:
        raise LookupError(f"act {act.id} was nobody's")
    return act.actor


def subject(one: Disposition) -> dict[str, Any]:
    """What every event names, whatever it tells."""
    return {"disposition_id": one.id, "letter_id": one.letter_id, "letter_subject": one.letter_subject}


def _part(one: Disposition, act: Act) -> dict[str, Any]:
    return {"disposition_id": one.id, "letter_id": one.letter_id, "recipient_id": about(act), "at": act.at}


def _answer(one: Disposition, act: Act) -> dict[str, Any]:
    return {"actor": by(act), "issuer_position_id": one.owner.position_id, "at": act.at}
