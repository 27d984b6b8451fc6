"""In which ways somebody holds a letter. Invariant: whoever is offered to instruct, and whoever then is instructed, is
asked for by the same rules.
"""

from collections.abc import Sequence
from functools import partial

from services.chassis.auth import Principal
from services.contracts.routing import LetterDelivered
from services.disposition.commands.acting import posts_of
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.standing import Standing, standings
from services.projections.letter_access import patiently
from services.projections.reading import handles_letters
from services.projections.ways import Way


async def standings_of(
    context: Context, caller: Principal, letter: LetterDelivered, received: Sequence[Disposition]
) -> tuple[list[Standing], tuple[Way, ...]]:
    """How the caller holds the letter. News of a way that has just been opened is waited for a moment."""
    handles = partial(handles_letters, confidentiality=letter.access.confidentiality)
    ways: tuple[Way, ...] = ()

    async def look() -> list[Standing] | None:
        nonlocal ways
        ways = await context.branches.of(letter)
        return standings(posts_of(caller), ways, received, handles) or None

    return await patiently(look) or [], ways
