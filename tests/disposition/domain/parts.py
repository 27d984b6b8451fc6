"""Parts of dispositions for tests of the domain."""

from datetime import datetime
from typing import Any

from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS
from services.disposition.domain.progress import demand_of
from services.disposition.domain.recipient import DispositionRecipient


def part(at: datetime, *codes: str, **facts: Any) -> DispositionRecipient:
    """A part that was given ``at`` with these instructions."""
    instructions = tuple(FIRST_INSTRUCTIONS[code].instruction() for code in codes or ("tindaklanjuti",))
    fields: dict[str, Any] = {
        "recipient_id": "r1",
        "position_id": "p1",
        "position_title": "Sekretaris Dinas PU",
        "unit_id": "u1",
        "unit_name": "Dinas Pekerjaan Umum",
        "role": "responsible",
        "instructions": instructions,
        "closes_on": demand_of(one.effect for one in instructions),
        "issued_at": at,
    }
    return DispositionRecipient(**(fields | facts))
