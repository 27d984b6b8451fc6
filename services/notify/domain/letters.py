"""What is told of letters. Invariant: of a secret letter only that it came, its number and for whom."""

from services.contracts.routing import Branch, LetterCompleted, LetterDelivered
from services.contracts.vocabulary import Confidentiality
from services.notify.domain.notification import Links, Message
from services.notify.domain.phrases import URGENCIES, headline

OPEN: frozenset[Confidentiality] = frozenset({"ordinary", "restricted"})
"""Letters whose subject may be written into a notification."""
OUTCOMES = {
    "policy": "kebijakan",
    "decision": "keputusan",
    "reply": "jawaban",
    "activity": "kegiatan",
    "noted": "untuk diketahui",
}


def delivered(event: LetterDelivered) -> list[Message]:
    """To each branch's holders, once a position: who is addressed need not hear of the copy too."""
    messages: dict[str, Message] = {}
    for branch in sorted(event.branches, key=lambda one: one.role != "addressee"):
        for holder in branch.holders:
            messages.setdefault(holder, _delivered_to(event, branch, holder))
    return list(messages.values())


def _delivered_to(event: LetterDelivered, branch: Branch, holder: str) -> Message:
    shown = event.access.confidentiality in OPEN
    addressed = branch.role == "addressee"
    kind = f"{'Surat masuk' if addressed else 'Tembusan surat'}{URGENCIES[event.urgency]}"
    source = f"Surat dari {_sender(event)}" if shown else "Sebuah surat rahasia"
    why = (
        f"surat ini ditujukan kepada {branch.unit_name}"
        if addressed
        else f"{branch.unit_name} mendapat tembusan surat ini"
    )
    return Message(
        position_id=holder,
        reason="letter_addressed" if addressed else "letter_copied",
        title=headline(kind, event.subject if shown else None),
        text=f"{source}, nomor agenda {event.agenda_number}/{event.year}. Anda menerima ini karena {why}.",
        links=Links(letter_id=event.letter_id),
    )


def _sender(event: LetterDelivered) -> str:
    """An outside sender's name is what somebody typed: it must not pass for an office of this regency."""
    name = event.sender.name
    return f"pihak luar ({name})" if event.sender.kind == "external" else name


def completed(event: LetterCompleted, *, shown: bool) -> list[Message]:
    """To everybody the letter came to, and to who registered it."""
    outcome = OUTCOMES[event.outcome]
    return [
        Message(
            position_id=holder,
            reason="letter_completed",
            title=headline("Surat selesai", event.subject if shown else None),
            text=f"Semua tindak lanjut surat ini sudah selesai dengan hasil: {outcome}. "
            "Anda menerima ini karena surat ini masuk ke unit Anda atau Anda yang mendaftarkannya.",
            links=Links(letter_id=event.letter_id),
        )
        for holder in dict.fromkeys(event.holders)
    ]
