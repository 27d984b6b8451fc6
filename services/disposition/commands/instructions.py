"""Instructions by their codes. Invariant: what is retired is not given any more, and what was given keeps its label."""

from collections.abc import Mapping, Sequence

from services.chassis.errors import unprocessable
from services.contracts.disposition import Instruction
from services.disposition.context import Context


async def named(context: Context, codes: Sequence[str]) -> Mapping[str, Instruction]:
    """The instructions with these codes; 422 that names every one there is not, or that is in use no more."""
    catalogue = await context.instructions.all()
    unknown = [code for code in codes if code not in catalogue]
    if unknown:
        names = ", ".join(unknown)
        raise unprocessable("unknown_instruction", f"Instruksi tidak dikenal: {names}.", instructions=unknown)
    retired = [code for code in codes if catalogue[code].retired]
    if retired:
        names = ", ".join(f"“{catalogue[code].labels.id}”" for code in retired)
        raise unprocessable("instruction_retired", f"Instruksi sudah tidak dipakai: {names}.", instructions=retired)
    return {code: catalogue[code].instruction() for code in codes}
