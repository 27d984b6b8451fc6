"""What is told of a letter's entry in the register, of its scans and of batches. Invariant: of a secret letter neither
what was corrected nor why, nor the name of a scan.

Who is told of a correction or of a void letter is everybody who was told anything of that letter before.
"""

from collections.abc import Iterable, Mapping

from services.contracts.intake import (
    BatchReady,
    FieldChange,
    LetterCorrected,
    LetterVoided,
    PageFault,
    ScanDerived,
    ScanParked,
)
from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Links, Message, Moment
from services.notify.domain.phrases import headline, listed, quoted, shortened, styled
from services.projections.register_fields import field_name

TOLD_BEFORE = "Anda pernah diberi tahu tentang surat ini"
ENTERED = "Anda yang mendaftarkan surat ini"
MOST_CHANGES = 4
FAULTS: Mapping[PageFault, str] = {
    "blurred": "buram",
    "skewed": "miring",
    "dark": "gelap",
    "cut_off": "terpotong",
    "blank": "kosong",
}


def corrected(event: LetterCorrected, version: int, letter: KnownLetter, told: Iterable[str]) -> list[Message]:
    """What is different now, and why: unless the letter is secret, or was until this very correction."""
    by, open_to_say = styled(event.corrected_by), letter.may_say(event.confidentiality, version)
    said = f": {_changes(event.changes)}" if event.changes and open_to_say else ""
    why = f" dengan alasan {quoted(event.reason)}" if open_to_say else ""
    what = f"Data {_lowered(letter.numbered)} diperbaiki oleh {by}{why}{said}."
    return [
        Message(
            position_id=position_id,
            reason="letter_corrected",
            title=headline("Data surat diperbaiki", event.subject if letter.shown else None),
            text=f"{what} Anda menerima ini karena {TOLD_BEFORE}.",
            links=Links(letter_id=event.letter_id),
            moment=Moment(at=event.at, briefly=what),
        )
        for position_id in dict.fromkeys(told)
        if position_id != event.corrected_by.position_id
    ]


def voided(event: LetterVoided, letter: KnownLetter, told: Iterable[str]) -> list[Message]:
    """That nothing is to be done about it any more."""
    why = f" dengan alasan {quoted(event.reason)}" if letter.shown else ""
    what = f"{letter.named}, dibatalkan pendaftarannya oleh {styled(event.voided_by)}{why}."
    return [
        Message(
            position_id=position_id,
            reason="letter_voided",
            title=headline("Surat dibatalkan", event.subject if letter.shown else None),
            text=f"{what} Surat ini tidak perlu ditindaklanjuti lagi. Anda menerima ini karena {TOLD_BEFORE}.",
            links=Links(letter_id=event.letter_id),
        )
        for position_id in dict.fromkeys(told)
        if position_id != event.voided_by.position_id
    ]


def scan_parked(event: ScanParked, letter: KnownLetter) -> list[Message]:
    """To who entered it: the original can be read, and nothing else will be there unless somebody sees to it."""
    name = f" {quoted(event.name)}" if letter.shown else ""
    why = f" Sebabnya: {shortened(event.reason).rstrip('.')}." if letter.shown else ""
    what = f"Salinan pindaian{name} dari {_lowered(letter.numbered)} tidak dapat dibuat.{why}"
    rest = "Berkas aslinya utuh dan tetap dapat dibaca; periksa apakah perlu dipindai ulang."
    return _to_registrar(event, letter, "Pindaian perlu diperiksa", f"{what} {rest}")


def scan_flawed(event: ScanDerived, letter: KnownLetter) -> list[Message]:
    """To who entered it, while the paper is still at hand; blank backs of pages are none of their trouble."""
    pages = [f"halaman {one.page} {FAULTS[one.fault]}" for one in event.warnings if one.fault != "blank"]
    pages += [f"halaman {page} tidak dapat disalin" for page in event.failed_pages]
    if not pages:
        return []
    shown = pages if len(pages) <= MOST_CHANGES else [*pages[:MOST_CHANGES], f"{len(pages) - MOST_CHANGES} lainnya"]
    what = f"Mutu pindaian {_lowered(letter.numbered)} perlu diperiksa: {listed(shown)}."
    return _to_registrar(event, letter, "Mutu pindaian", f"{what} Pindai ulang bila tidak terbaca.")


def batch_ready(event: BatchReady) -> list[Message]:
    """To who scanned it: nothing of it is registered before somebody has looked at it."""
    count = f"{event.letters} surat dari {event.pages} halaman"
    return [
        Message(
            position_id=event.scanned_by.position_id,
            reason="batch_ready",
            title="Pindaian massal siap diperiksa",
            text=f"Pindaian massal sudah dipisah menjadi {count}. Periksa dan sahkan sebelum didaftarkan. "
            "Anda menerima ini karena Anda yang memindainya.",
            links=Links(batch_id=event.batch_id),
        )
    ]


def _to_registrar(event: ScanParked | ScanDerived, letter: KnownLetter, kind: str, what: str) -> list[Message]:
    if letter.registrar is None:
        return []
    parked = isinstance(event, ScanParked)
    return [
        Message(
            position_id=letter.registrar,
            reason="scan_parked" if parked else "scan_flawed",
            title=headline(kind, letter.source) if letter.shown and letter.source else headline(kind, None),
            text=f"{what} Anda menerima ini karena {ENTERED}.",
            links=Links(letter_id=event.letter_id),
        )
    ]


def _lowered(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def _changes(changes: Iterable[FieldChange]) -> str:
    found = [_change(one) for one in changes]
    rest = len(found) - MOST_CHANGES
    return "; ".join([*found[:MOST_CHANGES], f"dan {rest} data lain"] if rest > 0 else found)


def _change(change: FieldChange) -> str:
    """``nomor surat “005/12” menjadi “005/13”``."""
    field = field_name(change.field).lower()
    if change.before is None:
        return f"{field} diisi {quoted(change.after or '-')}"
    return f"{field} {quoted(change.before)} menjadi {quoted(change.after or '-')}"
