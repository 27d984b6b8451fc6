"""What intake tells of a letter after its registration, in the order it happened: versions go on from the first."""

from datetime import date, timedelta
from typing import Any

from services.contracts import intake as i
from services.contracts.event import Event
from services.contracts.vocabulary import Occasion, Party
from tests.routing.domain.samples import AT, actor_at

OPERATOR = actor_at("operator", "unit-village")
SENDER = Party(kind="external", name="CV Karya Segara")


def correction(*changes: i.FieldChange, **fields: Any) -> i.LetterCorrected:
    """The register corrected, with all of the letter as it stands then."""
    given: dict[str, Any] = {
        "letter_id": "letter",
        "kind": "Surat Permohonan",
        "category": "request",
        "urgency": "normal",
        "confidentiality": "ordinary",
        "subject": "Permohonan alat berat",
        "received_on": date(2026, 3, 2),
        "sender": Party(kind="unit", id="unit-village", name="Desa Sekartaji"),
        "reason": "Salah ketik",
        "corrected_by": OPERATOR,
        "at": AT + timedelta(hours=1),
        "changes": changes,
    }
    return i.LetterCorrected(**{**given, **fields})


def void(**fields: Any) -> i.LetterVoided:
    """The registration declared void."""
    given: dict[str, Any] = {
        "letter_id": "letter",
        "book": "masuk",
        "year": 2026,
        "agenda_number": 7,
        "subject": "Permohonan alat berat",
        "confidentiality": "ordinary",
        "reason": "Terdaftar dua kali",
        "voided_by": OPERATOR,
        "at": AT + timedelta(hours=3),
    }
    return i.LetterVoided(**{**given, **fields})


def parked() -> i.ScanParked:
    """No copies of a scan could be made."""
    return i.ScanParked(
        letter_id="letter",
        file_id="file",
        name="surat.pdf",
        sha256="0" * 64,
        reason="Halaman tidak dapat dibaca",
        attempts=3,
        at=AT + timedelta(hours=2),
    )


NUMBERED = correction(
    i.FieldChange(field="letter_number", before=None, after="005/12"),
    letter_number="005/12",
    summary="Pinjam ekskavator",
    occasion=Occasion(title="Rapat", place="Semarapura", starts_at=AT, ends_at=AT + timedelta(hours=1)),
)
GUARDED = correction(
    i.FieldChange(field="confidentiality", before="Biasa", after="Rahasia"),
    i.FieldChange(field="sender", before="Desa Sekartaji", after="CV Karya Segara"),
    letter_number="005/12",
    confidentiality="secret",
    sender=SENDER,
    urgency="urgent",
    at=AT + timedelta(hours=2),
)
CORRECTIONS: dict[str, Event] = {"numbered": NUMBERED, "guarded": GUARDED}
REGISTER: dict[str, Event] = {**CORRECTIONS, "parked": parked(), "voided": void(confidentiality="secret")}
REGISTER_VERSIONS: dict[str, int] = {"numbered": 2, "guarded": 3, "voided": 4, "parked": 1}
