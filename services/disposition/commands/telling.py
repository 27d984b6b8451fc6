"""Dispositions in the published language."""

from services.contracts.disposition import (
    DispositionCompleted,
    DispositionIssued,
    DispositionRead,
    DispositionReplied,
    Recipient,
)
from services.disposition.domain.disposition import Act, Disposition


def issued(disposition: Disposition) -> DispositionIssued:
    """That it was given."""
    recipients = tuple(
        Recipient(
            recipient_id=one.recipient_id,
            position_id=one.position_id,
            position_title=one.position_title,
            unit_id=one.unit_id,
            unit_name=one.unit_name,
            responsible=one.responsible,
            instructions=one.instructions,
            note=one.note,
            due_on=one.due_on,
            closes_on=one.closes_on,
        )
        for one in disposition.recipients
    )
    return DispositionIssued(
        disposition_id=disposition.id,
        letter_id=disposition.letter_id,
        letter_subject=disposition.letter_subject,
        branch_id=disposition.branch_id,
        parent_disposition_id=disposition.parent.disposition_id if disposition.parent else None,
        parent_recipient_id=disposition.parent.recipient_id if disposition.parent else None,
        issuer=disposition.issuer,
        recipients=recipients,
        note=disposition.note,
        issued_at=disposition.issued_at,
    )


def read(disposition: Disposition, act: Act) -> DispositionRead:
    """That a recipient has seen it."""
    return DispositionRead(
        disposition_id=disposition.id,
        letter_id=disposition.letter_id,
        recipient_id=act.recipient_id,
        actor=act.actor,
        at=act.at,
    )


def replied(disposition: Disposition, act: Act) -> DispositionReplied:
    """That a recipient answered."""
    return DispositionReplied(
        disposition_id=disposition.id,
        letter_id=disposition.letter_id,
        letter_subject=disposition.letter_subject,
        recipient_id=act.recipient_id,
        reply_id=act.id,
        text=act.text or "",
        actor=act.actor,
        issuer_position_id=disposition.issuer.position_id,
        at=act.at,
    )


def completed(disposition: Disposition, act: Act) -> DispositionCompleted:
    """That a recipient is done, and whether all are."""
    return DispositionCompleted(
        disposition_id=disposition.id,
        letter_id=disposition.letter_id,
        letter_subject=disposition.letter_subject,
        branch_id=disposition.branch_id,
        recipient_id=act.recipient_id,
        report=act.text if act.kind == "complete" else None,
        actor=act.actor,
        issuer_position_id=disposition.issuer.position_id,
        all_done=disposition.state == "done",
        at=act.at,
    )
