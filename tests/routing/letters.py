"""Events about letters, as intake, disposition and schedule would publish them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts import disposition as d
from services.contracts import schedule as s
from services.contracts.intake import LetterRegistered, StoredFile
from services.contracts.vocabulary import Party
from tests.people import actor
from tests.routing.regency import Regency

LEARN = d.Instruction(code="pelajari", label="Pelajari / telaah", effect="reply")
TELL = d.Instruction(code="sosialisasikan", label="Sosialisasikan", effect="completion")
NOTE = d.Instruction(code="diketahui", label="Untuk diketahui", effect="closes_on_read")


def to_unit(regency: Regency, key: str) -> Party:
    """A unit as a party."""
    unit = regency.units[key]
    return Party(kind="unit", id=unit.id, name=unit.name)


def to_position(regency: Regency, key: str) -> Party:
    """A position as a party."""
    position = regency.positions[key]
    return Party(kind="position", id=position.id, name=position.title)


def registered(
    regency: Regency,
    addressees: Sequence[Party] = (),
    copies: Sequence[Party] = (),
    *,
    by: Principal | None = None,
    **fields: Any,
) -> LetterRegistered:
    """A village asks an agency for heavy equipment."""
    village = by or regency.holder("operator", name="Ni Luh Sari")
    letter_id = new_id()
    given: dict[str, Any] = {
        "letter_id": letter_id,
        "direction": "incoming",
        "book": "masuk",
        "year": 2026,
        "agenda_number": 7,
        "tracking_code": "SKT-7K2M",
        "kind": "Surat Permohonan",
        "category": "request",
        "urgency": "urgent",
        "confidentiality": "ordinary",
        "subject": "Permohonan peminjaman alat berat",
        "letter_number": "005/12/SKT/2026",
        "letter_date": date(2026, 3, 2),
        "received_on": date(2026, 3, 3),
        "sender": to_unit(regency, "sekartaji"),
        "addressees": tuple(addressees) or (to_unit(regency, "pu"),),
        "copies": tuple(copies),
        "files": (
            StoredFile(
                file_id=new_id(),
                name="surat.pdf",
                object_key=f"letters/{letter_id}/1",
                sha256="0" * 64,
                size=1,
                media_type="application/pdf",
                pages=1,
            ),
        ),
        "registered_by": actor(village),
        "registered_at": now() - timedelta(seconds=2),
    }
    return LetterRegistered(**{**given, **fields})


def recipient(
    held: HeldPosition, *instructions: d.Instruction, responsible: bool = True, recipient_id: str | None = None
) -> d.Recipient:
    """A position that is instructed."""
    return d.Recipient(
        recipient_id=recipient_id or new_id(),
        position_id=held.position_id,
        position_title=held.title,
        unit_id=held.unit_id,
        unit_name=held.unit_name,
        responsible=responsible,
        instructions=instructions or (LEARN, TELL),
    )


def issued(letter: LetterRegistered, issuer: Principal, *recipients: d.Recipient, **fields: Any) -> d.DispositionIssued:
    """An instruction given on the letter."""
    given: dict[str, Any] = {
        "disposition_id": new_id(),
        "letter_id": letter.letter_id,
        "letter_subject": letter.subject,
        "issuer": actor(issuer),
        "recipients": recipients,
        "issued_at": now(),
    }
    return d.DispositionIssued(**{**given, **fields})


def disposition_read(given: d.DispositionIssued, by: Principal, index: int = 0) -> d.DispositionRead:
    """A recipient opened it."""
    return d.DispositionRead(
        disposition_id=given.disposition_id,
        letter_id=given.letter_id,
        recipient_id=given.recipients[index].recipient_id,
        actor=actor(by),
        at=now(),
    )


def replied(given: d.DispositionIssued, by: Principal, text: str = "Siap!", index: int = 0) -> d.DispositionReplied:
    """A recipient answered."""
    return d.DispositionReplied(
        disposition_id=given.disposition_id,
        letter_id=given.letter_id,
        letter_subject=given.letter_subject,
        recipient_id=given.recipients[index].recipient_id,
        reply_id=new_id(),
        text=text,
        actor=actor(by),
        issuer_position_id=given.issuer.position_id,
        at=now(),
    )


def completed(
    given: d.DispositionIssued, by: Principal, index: int = 0, *, all_done: bool = True
) -> d.DispositionCompleted:
    """A recipient is done."""
    return d.DispositionCompleted(
        disposition_id=given.disposition_id,
        letter_id=given.letter_id,
        letter_subject=given.letter_subject,
        branch_id=given.branch_id,
        recipient_id=given.recipients[index].recipient_id,
        report="Alat berat sudah dikirim",
        actor=actor(by),
        issuer_position_id=given.issuer.position_id,
        all_done=all_done,
        at=now(),
    )


def requested(letter_id: str | None, by: Principal) -> s.RequestSubmitted:
    """A request for the leader's presence."""
    return s.RequestSubmitted(
        request_id=new_id(),
        leader_position_id=new_id(),
        leader_title="Bupati",
        type="invitation",
        title="Peresmian balai desa",
        letter_id=letter_id,
        requester=actor(by),
        told=(),
        at=now(),
    )
