"""What may be done with a part, and when. Invariant: of two acts that do not go together the second is refused with 409
and the present state; an act repeated changes nothing.

Each function answers whether there is anything to do.
"""

from services.chassis.errors import ServiceError, conflict, unprocessable
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.effects import needs_file, needs_letter
from services.disposition.domain.recipient import DispositionRecipient


def may_read(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Opening it: the first reading stays."""
    _not_taken_back(disposition, part)
    return part.read_at is None


def may_receive(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Taking it on as one's work."""
    _at_work(disposition, part)
    return part.received_at is None


def may_reply(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Answering: again, and also after all is done."""
    _live(disposition, part)
    return True


def may_be_addressed(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Being spoken to: whom it was taken back from hears no more of it."""
    _not_taken_back(disposition, part)
    return True


def may_progress(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Saying how far one is."""
    _at_work(disposition, part)
    return True


def may_complete(disposition: Disposition, part: DispositionRecipient, *, files: int, letter: bool) -> bool:
    """Reporting one's part as done, with what its instructions ask for."""
    _live(disposition, part)
    if part.is_closed:
        raise refused(disposition, part, "state_changed", "Bagian ini sudah selesai.")
    if needs_file(part.instructions) and not files:
        raise unprocessable("evidence_required", "Instruksi ini selesai dengan berkas: lampirkan bahannya.")
    if needs_letter(part.instructions) and not letter:
        raise unprocessable("outgoing_letter_required", "Instruksi ini selesai dengan surat keluar: pilih suratnya.")
    return True


def may_decline(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Giving one's part back, before it is done and while nothing given on with it is open."""
    if part.state == "declined":
        return False
    _at_work(disposition, part)
    if part.below:
        detail = "Bagian ini sudah Anda teruskan. Tarik kembali atau selesaikan dahulu disposisi di bawahnya."
        raise refused(disposition, part, "passed_on", detail)
    return True


def may_recall(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Taking a part back, while it was not read."""
    if part.state == "recalled":
        return False
    _live(disposition, part)
    if part.state != "sent":
        detail = f"Disposisi sudah dibaca oleh {part.position_title}, jadi tidak dapat ditarik kembali."
        raise refused(disposition, part, "already_read", detail)
    return True


def may_amend(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Changing what is asked of somebody who has not done it yet."""
    _at_work(disposition, part)
    return True


def may_hand_over(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Moving it to another position, while something is waited for."""
    _live(disposition, part)
    if not part.is_open:
        raise refused(disposition, part, "state_changed", "Bagian ini sudah selesai.")
    return True


def may_reopen(disposition: Disposition, part: DispositionRecipient) -> bool:
    """Making work again of what was done or given back."""
    if part.state == "recalled":
        raise refused(disposition, part, "recalled", "Bagian ini sudah ditarik kembali. Tambahkan penerima baru.")
    if part.state != "declined" and not part.is_closed:
        raise refused(
            disposition, part, "not_done", "Hanya bagian yang sudah selesai atau ditolak yang dibuka kembali."
        )
    return True


def refused(disposition: Disposition, part: DispositionRecipient, code: str, detail: str) -> ServiceError:
    """409 with the state of the part and of the whole."""
    state = {"recipient_id": part.recipient_id, "state": part.state, "version": disposition.version}
    return conflict(code, detail, state=state)


def _not_taken_back(disposition: Disposition, part: DispositionRecipient) -> None:
    if part.state == "recalled":
        raise refused(disposition, part, "recalled", "Disposisi ini sudah ditarik kembali oleh pemberi.")


def _live(disposition: Disposition, part: DispositionRecipient) -> None:
    _not_taken_back(disposition, part)
    if part.state == "declined":
        raise refused(disposition, part, "declined", "Bagian ini sudah dikembalikan kepada pemberi disposisi.")


def _at_work(disposition: Disposition, part: DispositionRecipient) -> None:
    _live(disposition, part)
    if part.is_closed:
        raise refused(disposition, part, "state_changed", "Bagian ini sudah selesai.")
