"""Link two letters: one answers the other, follows it, or belongs to the same matter. Invariant: both say so, or none.

Both are taken in the order of their ids, so two links at once never wait for each other crosswise.
"""

from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, forbidden, not_found, unprocessable
from services.chassis.uow import Transaction
from services.contracts.routing import LetterLinked
from services.contracts.vocabulary import Actor, LinkRelation
from services.projections.letter_access import may_read
from services.routing.commands.dossiers import happen, take
from services.routing.commands.entitlement import acting_anywhere
from services.routing.context import Context
from services.routing.domain.letter import Link


@dataclass(frozen=True)
class Linking:
    """``letter_id`` is the one that answers or follows ``other_id``."""

    letter_id: str
    other_id: str
    relation: LinkRelation
    as_position: str | None = None


async def link_letters(context: Context, caller: Principal, wanted: Linking) -> Link:
    """The link; who links must be able to read both, and have one of them as work."""
    if wanted.letter_id == wanted.other_id:
        raise unprocessable("same_letter", "Surat tidak dapat dikaitkan dengan dirinya sendiri.", field="other_id")
    actor = await _actor(context, caller, wanted)

    async def work(tx: Transaction) -> Link:
        for letter_id in sorted((wanted.letter_id, wanted.other_id)):
            before = await take(context, tx, letter_id)
            if not may_read(caller, before.letter.access):
                raise not_found("Surat")
            inverse = letter_id == wanted.other_id
            other = wanted.letter_id if inverse else wanted.other_id
            link = Link(other_id=other, relation=wanted.relation, inverse=inverse)
            if link not in before.letter.links:
                await happen(context, tx, before, [_told(letter_id, link, actor, tx)])
        return Link(other_id=wanted.other_id, relation=wanted.relation)

    return await context.uow.run(work)


def _told(letter_id: str, link: Link, actor: Actor, tx: Transaction) -> LetterLinked:
    return LetterLinked(letter_id=letter_id, **link.model_dump(), actor=actor, at=tx.now)


async def _actor(context: Context, caller: Principal, wanted: Linking) -> Actor:
    """Who links: as a position that has one of the two letters as its work. 404 where either may not be read."""
    refused: ServiceError | None = None
    found: Actor | None = None
    for letter_id in (wanted.letter_id, wanted.other_id):
        letter = await context.letters.find(letter_id, None)
        if letter is None or not may_read(caller, letter.access):
            raise not_found("Surat")
        branches = tuple(await context.branches.of(letter_id, None))
        try:
            found = found or caller.acting_as(acting_anywhere(caller, letter, branches, wanted.as_position))
        except ServiceError as error:
            refused = error
    if found is None:
        raise refused or forbidden()
    return found
