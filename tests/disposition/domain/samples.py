"""Dispositions for tests of the domain: people, parts that differ, and whole ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient, Seat
from tests.disposition.domain.parts import part

DAY = datetime(2026, 7, 1, 1, tzinfo=UTC)
HEAD = Actor(
    person_id="person",
    person_name="Wayan",
    position_id="head",
    position_title="Kepala Dinas PU",
    unit_id="u1",
    unit_name="Dinas Pekerjaan Umum",
    capacity="definitive",
)


def minute(number: int) -> datetime:
    """So many minutes into the day."""
    return DAY + timedelta(minutes=number)


def numbered(number: int, *codes: str, **facts: Any) -> DispositionRecipient:
    """Recipient ``r<number>`` at position ``p<number>``; the first is responsible."""
    role = "responsible" if number == 0 else "coordinating"
    names = {"recipient_id": f"r{number}", "position_id": f"p{number}", "position_title": f"Jabatan {number}"}
    return part(DAY, *codes, **(names | {"role": role} | facts))


def disposition(*parts: DispositionRecipient, **facts: Any) -> Disposition:
    """A disposition of the head, to these parts or to one."""
    fields: dict[str, Any] = {
        "id": "d1",
        "letter_id": "l1",
        "letter_subject": "Permohonan peminjaman alat berat",
        "desk": "b1",
        "issuer": HEAD,
        "owner": Seat(**HEAD.model_dump(include=set(Seat.model_fields)), since=DAY),
        "recipients": parts or (numbered(0),),
        "issued_at": DAY,
    }
    return Disposition(**(fields | facts))
