"""What was changed about dispositions, in the published language. ``told`` are the positions that must hear of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.contracts import disposition as d
from services.disposition.commands.telling import about, by, recipient, subject
from services.disposition.domain.disposition import Act, Disposition
from services.disposition.domain.recipient import DispositionRecipient, Seat


def recalled(one: Disposition, act: Act, parts: Sequence[DispositionRecipient]) -> d.DispositionRecalled:
    """That these parts were taken back."""
    return d.DispositionRecalled(
        **subject(one),
        branch_id=one.branch_id,
        recipient_ids=tuple(part.recipient_id for part in parts),
        reason=act.text,
        actor=by(act),
        told=tuple(part.position_id for part in parts),
        all_done=not one.is_open,
        at=act.at,
    )


def amended(one: Disposition, act: Act, before: DispositionRecipient) -> d.RecipientAmended:
    """What is asked of a part now, and what was."""
    part = one.part(about(act))
    return d.RecipientAmended(
        **subject(one),
        recipient_id=part.recipient_id,
        note=part.note,
        former_note=before.note,
        due_on=part.due_on,
        former_due_on=before.due_on,
        due_at=part.due_at,
        reason=act.text,
        actor=by(act),
        told=(part.position_id,),
        at=act.at,
    )


def added(one: Disposition, act: Act, parts: Iterable[DispositionRecipient]) -> d.RecipientAdded:
    """That these parts were instructed too."""
    return d.RecipientAdded(
        **subject(one),
        branch_id=one.branch_id,
        recipients=tuple(recipient(part) for part in parts),
        note=one.note,
        actor=by(act),
        at=act.at,
    )


def reopened(one: Disposition, act: Act) -> d.RecipientReopened:
    """That a part is work again."""
    part = one.part(about(act))
    return d.RecipientReopened(
        **subject(one),
        branch_id=one.branch_id,
        recipient_id=part.recipient_id,
        closes_on=part.closes_on,
        reason=act.text or "",
        due_on=part.due_on,
        due_at=part.due_at,
        actor=by(act),
        told=(part.position_id,),
        at=act.at,
    )


def commented(one: Disposition, act: Act, told: Iterable[str]) -> d.DispositionCommented:
    """What somebody said, asked or answered."""
    return d.DispositionCommented(
        **subject(one),
        comment_id=act.id,
        kind=_spoken(act),
        recipient_id=act.recipient_id,
        answers=act.answers,
        text=act.text or "",
        attachments=act.attachments,
        actor=by(act),
        told=tuple(told),
        at=act.at,
    )


def handed_over(one: Disposition, act: Act, former: Seat, told: Iterable[str]) -> d.WorkHandedOver:
    """That a part, or the giving side, lies with another position now; without an actor the house moved it."""
    return d.WorkHandedOver(
        **subject(one),
        recipient_id=act.recipient_id,
        former_position_id=former.position_id,
        former_position_title=former.position_title,
        **_place(act),
        reason=act.text or "",
        actor=act.actor,
        told=tuple(dict.fromkeys(told)),
        at=act.at,
    )


def _spoken(act: Act) -> d.CommentKind:
    """In which way it was said; LookupError for an act that says nothing."""
    match act.kind:
        case "comment" | "question" | "answer":
            return act.kind
        case _:
            raise LookupError(f"act {act.id} is no word")


def _place(act: Act) -> dict[str, Any]:
    """Where it lies now; LookupError for an act that handed nothing over."""
    if act.seat is None:
        raise LookupError(f"act {act.id} hands nothing over")
    return act.seat.model_dump(exclude={"since"})
