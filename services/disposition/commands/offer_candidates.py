"""Offer whom to instruct about a letter. Invariant: whoever is offered would be accepted in the standing that is named;
who is away is offered with a warning and with who stands in, never left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.newest import Bounds
from services.contracts.routing import LetterDelivered, PositionChanged
from services.disposition.commands.holding import standings_of
from services.disposition.commands.letter import letter_at_hand
from services.disposition.context import Context
from services.disposition.domain.boxes import tab
from services.disposition.domain.candidates import Candidate, Traits, candidates, habit_of, matching
from services.disposition.domain.order import Ground
from services.disposition.domain.standing import Standing, usable
from services.disposition.store.dispositions import GivenRow
from services.projections.availability import Availability

LOOKED_BACK = 300
"""How many of its latest dispositions tell what a position usually does."""


@dataclass(frozen=True)
class Offer:
    """A candidate with whoever is there for it. ``already``: it has a disposition about this letter."""

    candidate: Candidate
    availability: Availability
    already: bool


@dataclass(frozen=True)
class Offers:
    """In which standing the caller would instruct, whom to offer first, and how many fit in all."""

    standing: Standing
    items: list[Offer]
    count: int


async def offer_candidates(
    context: Context, caller: Principal, letter_id: str, ground: Ground, text: str | None, limit: int
) -> Offers:
    """The positions below and the peers, the most natural first; those that ``text`` speaks of, where it is given."""
    letter, received = await letter_at_hand(context, caller, letter_id)
    found, ways = await standings_of(context, caller, letter, received)
    standing = usable(found, ground, ways)[0]
    issuer_id = standing.actor.position_id
    habit = habit_of(_traits(letter), [one.given for one in await _given_lately(context, issuer_id)])
    fitting = matching(candidates(issuer_id, await _within_reach(context, issuer_id), habit), text)
    return Offers(standing, await _offers(context, letter_id, fitting[:limit]), len(fitting))


async def _within_reach(context: Context, issuer_id: str) -> list[PositionChanged]:
    below = {one.position_id: one for one in await context.organisation.below(issuer_id)}
    peers = [one for one in await context.peers.of(issuer_id) if one not in below]
    return [*below.values(), *(await context.organisation.positions(peers) if peers else ())]


async def _given_lately(context: Context, issuer_id: str) -> Sequence[GivenRow]:
    given = tab(issuer_id, "given")

    async def look(bounds: Bounds) -> list[GivenRow]:
        return await context.dispositions.given_to(given, bounds)

    found = await context.newest.read(f"lately {given}", look, limit=LOOKED_BACK)
    return found[:LOOKED_BACK]


async def _offers(context: Context, letter_id: str, found: Sequence[Candidate]) -> list[Offer]:
    today = now().astimezone(context.timezone).date()
    there = await context.officials.availability_of([one.position for one in found], today)
    instructed = {part.position_id for one in await context.dispositions.about(letter_id) for part in one.live}
    return [Offer(one, there[one.position.position_id], one.position.position_id in instructed) for one in found]


def _traits(letter: LetterDelivered) -> Traits:
    return Traits(letter.sender.name, letter.kind, letter.category)
