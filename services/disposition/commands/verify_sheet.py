"""Tell the public whether a printed sheet is genuine. Invariant: who holds the paper hears who signed it, when, and
whether it still holds; of what it says, of whom and of which letter, nobody hears anything.
"""

from dataclasses import dataclass

from services.chassis.errors import ServiceError
from services.chassis.limits import network_of, too_many
from services.disposition.context import Context
from services.disposition.domain.seal import Seal, SealState, as_issued, state_of


@dataclass(frozen=True)
class Verdict:
    """What is told. ``genuine_file``: whether the file that was asked about was printed here; None where none was."""

    seal: Seal
    state: SealState
    genuine_file: bool | None


async def verify_sheet(context: Context, code: str, sha256: str | None, address: str) -> Verdict:
    """The verdict on a code; 404 for one that is on no paper, 429 after too many tries."""
    room = context.print_room
    wait = await room.clients.take("client", network_of(address))
    if wait:
        raise too_many(f"Terlalu banyak permintaan. Silakan coba lagi dalam {_spoken(wait)}.", wait)
    issued = as_issued(code)
    seal = await room.seals.get(issued) if issued else None
    disposition = await context.dispositions.get(seal.disposition_id) if seal else None
    if seal is None or disposition is None:
        raise ServiceError(404, "not_found", "Kode ini tidak ada pada lembar disposisi mana pun.")
    genuine = await room.seals.printed(seal.id, sha256.lower()) if sha256 else None
    return Verdict(seal, state_of(seal, disposition), genuine)


def _spoken(seconds: int) -> str:
    return f"{seconds} detik" if seconds < 120 else f"{-(-seconds // 60)} menit"
