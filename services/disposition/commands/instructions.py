"""Instructions by their codes. Invariant: what is retired is not given any more, and what was given keeps its label."""

from collections.abc import Mapping, Sequence

from services.chassis.errors import unprocessable
from services.contracts.disposition import Instruction
from services.disposition.context import Context
from services.disposition.domain.catalogue import CATALOGUE


async def named(context: Context, codes: Sequence[str]) -> Mapping[str, Instruction]:
    """The instructions with these codes; 422 that names every one there is not."""
    unknown = [code for code in codes if code not in CATALOGUE]
    if unknown:
        names = ", ".join(unknown)
        raise unprocessable("unknown_instruction", f"Instruksi tidak dikenal: {names}.", instructions=unknown)
    return {code: CATALOGUE[code] for code in codes}
