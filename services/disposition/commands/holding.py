"""In which ways somebody holds a letter. Invariant: whoever is offered to instruct, and whoever then is instructed, is
asked for by the same rules; also for what is made work later, of a disposition that was given already.
"""

from collections.abc import Sequence
from functools import partial

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Actor
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


async def standing_with(context: Context, one: Disposition, actor: Actor) -> tuple[Standing, tuple[Way, ...]]:
    """How whoever waits for the answers of a disposition holds the letter it is about, and the ways of that letter.

    Who was instructed before the letter went back goes on; who holds it by itself does not.
    """
    letter = await context.letters.delivery(one.letter_id)
    if letter is None:
        raise not_found("Surat")
    ways = await context.branches.of(letter)
    way = next((each for each in ways if each.branch.branch_id == one.branch_id), None)
    goes_on = way is None or not (way.left or way.closed) or (one.parent and way.left == "returned" and not way.closed)
    return Standing(actor, one.branch_id, one.parent, None if goes_on else way), ways
