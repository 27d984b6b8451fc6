"""What is told when a letter goes further, elsewhere or back. Invariant: whoever did it need not hear of it; why it was
done and by which rule is told only of letters that are not secret.
"""

from services.contracts.routing import Branch, BranchRecalled, BranchRedirected, BranchReturned, LetterForwarded
from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Links, Message, Moment, Reason
from services.notify.domain.phrases import headline, quoted, styled
from services.projections.ways import destination

REGISTERED = "surat ini didaftarkan oleh unit Anda"
BranchEvent = LetterForwarded | BranchReturned | BranchRedirected | BranchRecalled


def forwarded(event: LetterForwarded, letter: KnownLetter) -> list[Message]:
    """To each new branch's holders, once a position, as at a delivery: who is addressed before who gets a copy."""
    how = f"{letter.named}, diteruskan{_by_whom(event, letter)}."
    note = f" Catatan: {quoted(event.note)}." if event.note and letter.shown else ""
    messages: dict[str, Message] = {}
    for branch in sorted(event.branches, key=lambda one: one.role != "addressee"):
        messages = _arrived(event, letter, branch, "diteruskan", f"{how}{note}") | messages
    return _others(event, messages)


def redirected(event: BranchRedirected, letter: KnownLetter) -> list[Message]:
    """To the new branch's holders as an arrival; to the others that it went there instead."""
    by = f"oleh {styled(event.actor)}{_reason(event.reason, letter)}"
    arrived = _arrived(event, letter, event.branch, "dialihkan", f"{letter.named}, dialihkan {by}.")
    what = f"{letter.numbered} dialihkan ke {destination(event.branch)} {by}."
    told = {one: _message(event, letter, one, "letter_redirected", "Surat dialihkan", what) for one in event.told}
    return _others(event, told | arrived)


def returned(event: BranchReturned, letter: KnownLetter) -> list[Message]:
    """To those who sent it: who gives it back, and why."""
    by = f"oleh {styled(event.actor)}{_reason(event.reason, letter)}"
    what = f"{letter.numbered} untuk {event.unit_name} dikembalikan {by}."
    told = {one: _message(event, letter, one, "letter_returned", "Surat dikembalikan", what) for one in event.told}
    return _others(event, told)


def recalled(event: BranchRecalled, letter: KnownLetter) -> list[Message]:
    """To those who had been told of its arrival."""
    why = _reason(event.reason, letter)
    what = f"{letter.numbered} ditarik kembali oleh pengirim ({styled(event.actor)}) sebelum dibaca{why}."
    moment = Moment(at=event.at, briefly="Surat ini ditarik kembali oleh pengirim.")
    told = {
        one: _message(
            event, letter, one, "letter_recalled", "Surat ditarik kembali", what, "surat ini tadinya untuk unit Anda"
        ).model_copy(update={"moment": moment})
        for one in event.told
    }
    return _others(event, told)


def _arrived(
    event: LetterForwarded | BranchRedirected, letter: KnownLetter, branch: Branch, verb: str, what: str
) -> dict[str, Message]:
    """To the holders of a new branch, unless it was taken back before this was heard of."""
    if branch.branch_id in letter.recalled:
        return {}
    reason: Reason = "letter_forwarded"
    copied = branch.role == "copy"
    kind = f"{'Tembusan surat' if copied else 'Surat'} {verb}"
    why = f"{'tembusan ' if copied else ''}surat ini {verb} kepada {destination(branch)}"
    if branch.external_name is not None:
        reason, kind, why = "letter_to_send", "Surat untuk dikirim", "surat ini harus dikirimkan oleh unit Anda"
        what = f"{what} Kirimkan kepada {branch.external_name}."
    return {one: _message(event, letter, one, reason, kind, what, why) for one in branch.holders}


def _message(
    event: BranchEvent,
    letter: KnownLetter,
    position_id: str,
    reason: Reason,
    kind: str,
    what: str,
    why: str = REGISTERED,
) -> Message:
    return Message(
        position_id=position_id,
        reason=reason,
        title=headline(kind, event.subject if letter.shown else None),
        text=f"{what} Anda menerima ini karena {why}.",
        links=Links(letter_id=event.letter_id),
    )


def _others(event: BranchEvent, messages: dict[str, Message]) -> list[Message]:
    own = event.actor.position_id if event.actor else None
    return [message for position_id, message in messages.items() if position_id != own]


def _by_whom(event: LetterForwarded, letter: KnownLetter) -> str:
    by = f" oleh {styled(event.actor)}" if event.actor else ""
    if event.rule is None:
        return by
    return f"{by} secara otomatis menurut aturan {quoted(event.rule)}" if letter.shown else f"{by} secara otomatis"


def _reason(reason: str, letter: KnownLetter) -> str:
    return f" dengan alasan {quoted(reason)}" if letter.shown else ""
