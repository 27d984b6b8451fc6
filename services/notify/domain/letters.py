"""What is told of letters as they come and are done. Invariant: of a secret letter only that it came, its number and
for whom.
"""

from services.contracts.routing import Branch, LetterCompleted, LetterDelivered
from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Links, Message, Moment
from services.notify.domain.phrases import URGENCIES, headline, quoted
from services.projections.ways import destination

OUTCOMES = {
    "policy": "kebijakan",
    "decision": "keputusan",
    "reply": "jawaban",
    "activity": "kegiatan",
    "noted": "untuk diketahui",
}


def delivered(event: LetterDelivered, letter: KnownLetter) -> list[Message]:
    """To each branch's holders, once a position: who is addressed need not hear of the copy too.

    A branch that was taken back before this was heard of is passed over. So are those that lead outside: whoever
    registered the letter for somebody outside has just said that it must be sent.
    """
    messages: dict[str, Message] = {}
    for branch in sorted(event.branches, key=lambda one: one.role != "addressee"):
        for holder in branch.holders if branch.branch_id not in letter.recalled else ():
            messages.setdefault(holder, _delivered_to(event, letter, branch, holder))
    return list(messages.values())


def _delivered_to(event: LetterDelivered, letter: KnownLetter, branch: Branch, holder: str) -> Message:
    addressed = branch.role == "addressee"
    kind = f"{'Surat masuk' if addressed else 'Tembusan surat'}{URGENCIES[event.urgency]}"
    return Message(
        position_id=holder,
        reason="letter_addressed" if addressed else "letter_copied",
        title=headline(kind, event.subject if letter.shown else None),
        text=f"{letter.named}. Anda menerima ini karena {_why(branch, letter)}.",
        links=Links(letter_id=event.letter_id),
    )


def _why(branch: Branch, letter: KnownLetter) -> str:
    """By whom it was addressed there: by its sender, or by a rule, which is named where it gives nothing away."""
    to = destination(branch)
    what = f"surat ini ditujukan kepada {to}" if branch.role == "addressee" else f"{to} mendapat tembusan surat ini"
    if branch.rule is None:
        return what
    return f"{what} menurut aturan{f' {quoted(branch.rule)}' if letter.shown else ' pengiriman'}"


def completed(event: LetterCompleted, letter: KnownLetter) -> list[Message]:
    """To everybody the letter came to, and to who registered it."""
    outcome = OUTCOMES[event.outcome]
    return [
        Message(
            position_id=holder,
            reason="letter_completed",
            title=headline("Surat selesai", event.subject if letter.shown else None),
            text=f"Semua tindak lanjut surat ini sudah selesai dengan hasil: {outcome}. "
            "Anda menerima ini karena surat ini masuk ke unit Anda atau Anda yang mendaftarkannya.",
            links=Links(letter_id=event.letter_id),
            moment=Moment(at=event.at, briefly=f"Dengan ini surat selesai, dengan hasil: {outcome}."),
        )
        for holder in dict.fromkeys(event.holders)
    ]
