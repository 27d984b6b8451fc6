"""Show what was corrected of a letter. Invariant: what it said while it was more confidential is not shown to those who
could not have read it then.
"""

from services.chassis.auth import Principal
from services.intake.commands.read_letter import read_letter
from services.intake.context import Context
from services.intake.domain.correction import Correction
from services.projections.letter_access import may_read


async def list_corrections(context: Context, caller: Principal, letter_id: str) -> list[tuple[Correction, bool]]:
    """The corrections, the latest first, each with whether the caller may see what it changed."""
    await read_letter(context, caller, letter_id)
    access = await context.readers.of(letter_id)
    return [
        (
            one,
            access is not None and may_read(caller, access.model_copy(update={"confidentiality": one.confidentiality})),
        )
        for one in await context.corrections.of(letter_id)
    ]
