"""What is told when a disposition is talked about or changed. Invariant: whoever did it need not hear of it; nobody's
words are told of a secret letter.
"""

from collections.abc import Callable

from services.contracts.disposition import (
    CommentKind,
    DispositionCommented,
    DispositionRecalled,
    RecipientAmended,
    RecipientReopened,
    ResponsibleChanged,
    WorkHandedOver,
)
from services.notify.domain.dispositions import enclosed
from services.notify.domain.notification import Links, Message, Moment, Reason
from services.notify.domain.phrases import day, headline, listed, quoted, styled

ChangeEvent = (
    DispositionCommented
    | DispositionRecalled
    | RecipientAmended
    | RecipientReopened
    | WorkHandedOver
    | ResponsibleChanged
)
Why = str | Callable[[str], str]
"""Why it came, to everybody alike or by position."""

_RESPONSIBLE: Reason = "disposition_responsible"
_SAID: dict[CommentKind, tuple[Reason, str, str, str]] = {
    "comment": ("disposition_commented", "Komentar disposisi", "berkomentar", "Anda pihak dalam disposisi ini"),
    "question": ("disposition_question", "Pertanyaan disposisi", "bertanya", "pertanyaan ini menunggu jawaban"),
    "answer": (
        "disposition_answer",
        "Pertanyaan disposisi dijawab",
        "menjawab pertanyaan",
        "Anda yang bertanya atau pihak dalam disposisi ini",
    ),
}


def commented(event: DispositionCommented, *, shown: bool) -> list[Message]:
    """To those who are to hear of it: what was said, asked or answered."""
    reason, kind, did, why = _SAID[event.kind]
    said = f": {quoted(event.text)}{enclosed(event.attachments)}" if shown else ""
    return _told(event, reason, kind, f"{styled(event.actor)} {did}{said}.", why, shown=shown)


def recalled(event: DispositionRecalled, *, shown: bool) -> list[Message]:
    """To those it was taken back from."""
    what = f"{styled(event.actor)} menarik kembali disposisi ini sebelum dibaca{_because(event.reason, shown=shown)}."
    why = "disposisi ini tadinya untuk Anda"
    return _told(event, "disposition_recalled", "Disposisi ditarik kembali", what, why, shown=shown)


def amended(event: RecipientAmended, *, shown: bool) -> list[Message]:
    """To whom it is asked of: what has changed."""
    changes = [one for one in (_deadline(event), _note(event, shown=shown)) if one] or ["mengubah disposisi ini"]
    what = f"{styled(event.actor)} {listed(changes)}{_because(event.reason, shown=shown)}."
    why = "perubahan ini menyangkut bagian Anda"
    return _told(event, "disposition_amended", "Disposisi diubah", what, why, shown=shown)


def reopened(event: RecipientReopened, *, shown: bool) -> list[Message]:
    """To whom it is work again."""
    due = f" Batas waktu {day(event.due_on)}." if event.due_on else ""
    what = f"{styled(event.actor)} membuka kembali bagian disposisi ini{_because(event.reason, shown=shown)}.{due}"
    why = "bagian ini kembali menunggu Anda"
    return _told(event, "disposition_reopened", "Disposisi dibuka kembali", what, why, shown=shown)


def handed_over(event: WorkHandedOver, *, shown: bool) -> list[Message]:
    """To whom it is given, from whom it is taken, and who must know."""
    side = "Bagian disposisi ini" if event.recipient_id else "Tugas menunggu jawaban disposisi ini"
    by = f" oleh {styled(event.actor)}" if event.actor else ""
    way = f"dari {event.former_position_title} kepada {event.position_title}{by}"
    what = f"{side} diserahkan {way}{_because(event.reason, shown=shown)}."

    def why(position_id: str) -> str:
        if position_id == event.position_id:
            return "pekerjaan ini sekarang ada pada Anda"
        if position_id == event.former_position_id:
            return "pekerjaan ini tadinya ada pada Anda"
        return "Anda pihak dalam disposisi ini"

    return _told(event, "disposition_handed_over", "Disposisi dialihkan", what, why, shown=shown)


def responsible_changed(event: ResponsibleChanged, *, shown: bool) -> list[Message]:
    """To whom it passes, who is the first of those told, and to those who must know; or to whom it passes from."""
    kind, reason = "Penanggung jawab disposisi", _RESPONSIBLE
    if event.recipient_id is None:
        what = "Penanggung jawab surat ini sekarang penerima disposisi lain."
        why = "Anda tadinya penanggung jawab; bagian Anda tetap berjalan sebagai koordinasi"
        return _told(event, reason, kind, what, why, shown=shown)
    what = "Penanggung jawab disposisi ini berganti."

    def since(position_id: str) -> str:
        mine = position_id == event.told[0]
        return f"Anda {'sekarang penanggung jawabnya' if mine else 'yang memberinya, atau tadinya penanggung jawabnya'}"

    return _told(event, reason, kind, what, since, shown=shown)


def _deadline(event: RecipientAmended) -> str | None:
    before, after = event.former_due_on, event.due_on
    if before == after:
        return None
    if after is None:
        return f"menghapus batas waktu {day(before)}" if before else None
    return (
        f"mengubah batas waktu dari {day(before)} menjadi {day(after)}"
        if before
        else f"memberi batas waktu {day(after)}"
    )


def _note(event: RecipientAmended, *, shown: bool) -> str | None:
    if event.note == event.former_note:
        return None
    if event.note is None:
        return "menghapus catatan"
    return f"mengubah catatan menjadi {quoted(event.note)}" if shown else "mengubah catatan"


def _because(reason: str | None, *, shown: bool) -> str:
    return f" dengan alasan {quoted(reason)}" if reason and shown else ""


def _told(event: ChangeEvent, reason: Reason, kind: str, what: str, why: Why, *, shown: bool) -> list[Message]:
    actor = None if isinstance(event, ResponsibleChanged) else event.actor
    return [
        Message(
            position_id=position_id,
            reason=reason,
            title=headline(kind, event.letter_subject if shown else None),
            text=f"{what} Anda menerima ini karena {why if isinstance(why, str) else why(position_id)}.",
            links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
            moment=Moment(at=event.at, briefly=what),
        )
        for position_id in dict.fromkeys(event.told)
        if actor is None or position_id != actor.position_id
    ]
