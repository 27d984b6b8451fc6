"""What is told of dispositions as they go down and as answers come up. Invariant: down to every recipient, up to who
waits for the answer, never to oneself; what is said of a secret letter tells neither its subject nor anybody's words.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from services.contracts.disposition import (
    Attachment,
    DispositionCompleted,
    DispositionDeclined,
    DispositionIssued,
    DispositionProgressed,
    DispositionReplied,
    Recipient,
    RecipientAdded,
)
from services.contracts.vocabulary import Actor
from services.notify.domain.notification import Links, Message, Moment, Reason
from services.notify.domain.phrases import day, headline, listed, quoted, styled

GAVE = "Anda yang memberi disposisi ini"
Answer = DispositionReplied | DispositionCompleted | DispositionProgressed | DispositionDeclined


@dataclass(frozen=True)
class _Given:
    """What was given, when the disposition was issued or later."""

    event: DispositionIssued | RecipientAdded
    by: Actor
    shown: bool


def issued(event: DispositionIssued, gone: Collection[str] = (), *, shown: bool) -> list[Message]:
    """To each recipient, with what is asked of this very one; not where it was taken back (``gone``) by now."""
    return _given_to(_Given(event, event.issuer, shown), gone)


def added(event: RecipientAdded, gone: Collection[str] = (), *, shown: bool) -> list[Message]:
    """The same to those who were instructed later; whoever becomes responsible with it hears that along with it."""
    given = _given_to(_Given(event, event.actor, shown), gone)
    return [one.model_copy(update={"moment": Moment(at=event.at, briefly=one.text)}) for one in given]


def _given_to(given: _Given, gone: Collection[str]) -> list[Message]:
    wanted = (one for one in given.event.recipients if one.recipient_id not in gone)
    others = {one.position_id: one for one in wanted if one.position_id != given.by.position_id}
    return [_received(given, one) for one in others.values()]


def _received(given: _Given, recipient: Recipient) -> Message:
    event = given.event
    asked = listed([instruction.label for instruction in recipient.instructions] or ["Lihat disposisi"])
    due = f" Batas waktu {day(recipient.due_on)}." if recipient.due_on else ""
    note = recipient.note or event.note
    said = f" Catatan: {quoted(note)}." if note and given.shown else ""
    return Message(
        position_id=recipient.position_id,
        reason="disposition_received",
        title=headline("Disposisi", event.letter_subject if given.shown else None),
        text=f"{styled(given.by)} meminta: {asked}.{due}{said} "
        f"Anda menerima ini karena {_part(event.recipients, recipient)}.",
        links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
    )


def _part(recipients: Iterable[Recipient], recipient: Recipient) -> str:
    """Whether it is theirs to see to, or with whom they must agree, or only to be known."""
    if recipient.responsible:
        return "Anda penanggung jawab disposisi ini"
    responsible = next((one.position_title for one in recipients if one.responsible), None)
    rest = f"; penanggung jawabnya {responsible}" if responsible else ""
    if recipient.role == "informed":
        return f"disposisi ini perlu Anda ketahui{rest}"
    if recipient.role == "coordinating":
        return f"Anda diminta berkoordinasi dalam disposisi ini{rest}"
    return f"Anda salah satu penerima disposisi ini{rest}"


def replied(event: DispositionReplied, *, shown: bool) -> list[Message]:
    """To whoever waits for the answer."""
    said = f": {quoted(event.text)}{enclosed(event.attachments)}" if shown else " disposisi Anda"
    answer = f"{styled(event.actor)} menjawab{said}."
    return _answered(event, "disposition_replied", "Jawaban disposisi", answer, shown=shown)


def progressed(event: DispositionProgressed, *, shown: bool) -> list[Message]:
    """To whoever waits for the answer."""
    note = f": {quoted(event.note)}" if shown and event.note else ""
    files = enclosed(event.attachments) if shown else ""
    how_far = f"{styled(event.actor)} melaporkan kemajuan {event.percent}%{note}{files}."
    return _answered(event, "disposition_progressed", "Kemajuan disposisi", how_far, shown=shown)


def completed(event: DispositionCompleted, *, shown: bool) -> list[Message]:
    """To whoever waits for the answer. What was passed on ends with those below, and none of them answered this."""
    if event.position_title:
        return _answered(event, "disposition_completed", "Disposisi selesai", _settled_below(event), shown=shown)
    report = f": {quoted(event.report)}" if shown and event.report else ""
    files = enclosed(event.attachments) if shown else ""
    who, rest = styled(event.actor), " Semua penerima sudah selesai." if event.all_done else ""
    done = f"{who} melaporkan bagiannya selesai{report}{files}.{rest}"
    briefly = f"Dengan ini bagian {who} selesai{report}{files}.{rest}"
    return _answered(event, "disposition_completed", "Disposisi selesai", done, briefly, shown=shown)


def _settled_below(event: DispositionCompleted) -> str:
    rest = " Semua penerima sudah selesai." if event.all_done else ""
    return f"Bagian {event.position_title} selesai: tidak ada lagi yang ditunggu dari penerima di bawahnya.{rest}"


def declined(event: DispositionDeclined, *, shown: bool) -> list[Message]:
    """To whoever waits for the answer: it lies with them again."""
    reason = f" dengan alasan {quoted(event.reason)}" if shown else ""
    who = styled(event.actor) if event.actor else None
    what = f"{who} mengembalikan bagiannya" if who else f"Bagian {event.position_title} dikembalikan"
    rest = " Tidak ada lagi penerima yang ditunggu." if event.all_done else ""
    return _answered(event, "disposition_declined", "Disposisi dikembalikan", f"{what}{reason}.{rest}", shown=shown)


def enclosed(attachments: Collection[Attachment]) -> str:
    """How many files came with it: `` dengan 2 lampiran``."""
    return f" dengan {len(attachments)} lampiran" if attachments else ""


def _answered(
    event: Answer, reason: Reason, kind: str, what: str, briefly: str | None = None, *, shown: bool
) -> list[Message]:
    if event.actor and event.actor.position_id == event.issuer_position_id:
        return []
    return [
        Message(
            position_id=event.issuer_position_id,
            reason=reason,
            title=headline(kind, event.letter_subject if shown else None),
            text=f"{what} Anda menerima ini karena {GAVE}.",
            links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
            moment=Moment(at=event.at, briefly=briefly or what),
        )
    ]
