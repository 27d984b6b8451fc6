"""What is told of dispositions. Invariant: down to every recipient, up to the issuer, never to oneself."""

from services.contracts.disposition import DispositionCompleted, DispositionIssued, DispositionReplied, Recipient
from services.notify.domain.notification import Links, Message, Moment
from services.notify.domain.phrases import day, headline, listed, quoted, styled


def issued(event: DispositionIssued, *, shown: bool) -> list[Message]:
    """To each recipient, with what is asked of this very one."""
    others = {one.position_id: one for one in event.recipients if one.position_id != event.issuer.position_id}
    return [_issued_to(event, one, shown=shown) for one in others.values()]


def _issued_to(event: DispositionIssued, recipient: Recipient, *, shown: bool) -> Message:
    asked = listed([instruction.label for instruction in recipient.instructions] or ["Lihat disposisi"])
    due = f" Batas waktu {day(recipient.due_on)}." if recipient.due_on else ""
    return Message(
        position_id=recipient.position_id,
        reason="disposition_received",
        title=headline("Disposisi", event.letter_subject if shown else None),
        text=f"{styled(event.issuer)} meminta: {asked}.{due} Anda menerima ini karena {_part(event, recipient)}.",
        links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
    )


def _part(event: DispositionIssued, recipient: Recipient) -> str:
    """Whether it is theirs to see to, or with whom they must agree."""
    if recipient.responsible:
        return "Anda penanggung jawab disposisi ini"
    responsible = next((one.position_title for one in event.recipients if one.responsible), None)
    rest = f"; penanggung jawabnya {responsible}" if responsible else ""
    return f"Anda salah satu penerima disposisi ini{rest}"


def replied(event: DispositionReplied, *, shown: bool) -> list[Message]:
    """To the issuer."""
    answer = f"{styled(event.actor)} menjawab{f': {quoted(event.text)}' if shown else ' disposisi Anda'}."
    return _to_issuer(
        event,
        Message(
            position_id=event.issuer_position_id,
            reason="disposition_replied",
            title=headline("Jawaban disposisi", event.letter_subject if shown else None),
            text=f"{answer} Anda menerima ini karena Anda yang memberi disposisi ini.",
            links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
            moment=Moment(at=event.at, briefly=answer),
        ),
    )


def completed(event: DispositionCompleted, *, shown: bool) -> list[Message]:
    """To the issuer."""
    rest = " Semua penerima sudah selesai." if event.all_done else ""
    report = f": {quoted(event.report)}" if shown and event.report else ""
    who = styled(event.actor)
    return _to_issuer(
        event,
        Message(
            position_id=event.issuer_position_id,
            reason="disposition_completed",
            title=headline("Disposisi selesai", event.letter_subject if shown else None),
            text=f"{who} melaporkan bagiannya selesai{report}.{rest} "
            "Anda menerima ini karena Anda yang memberi disposisi ini.",
            links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
            moment=Moment(at=event.at, briefly=f"Dengan ini bagian {who} selesai{report}.{rest}"),
        ),
    )


def _to_issuer(event: DispositionReplied | DispositionCompleted, message: Message) -> list[Message]:
    return [] if event.actor.position_id == event.issuer_position_id else [message]
