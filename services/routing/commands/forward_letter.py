"""Bring a letter to further places. Invariant: only its sender and those it came to may; a place gets one way."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import conflict, not_found, unprocessable
from services.chassis.uow import Transaction
from services.contracts.routing import LetterForwarded
from services.contracts.vocabulary import Party
from services.routing.commands.dossiers import happen, take_valid
from services.routing.commands.entitlement import acting_anywhere
from services.routing.commands.expand_distribution_lists import expand
from services.routing.commands.open_ways import new_ways
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.domain.delivery import destinations


@dataclass(frozen=True)
class Forwarding:
    """Which letter, to whom (by name and by distribution lists), and as which of the caller's positions."""

    letter_id: str
    addressees: Sequence[Party]
    copies: Sequence[Party]
    list_ids: Sequence[str] = ()
    note: str | None = None
    as_position: str | None = None


async def forward_letter(context: Context, caller: Principal, wanted: Forwarding) -> list[Branch]:
    """The new branches; 409 where the letter is in all these places already."""
    letter = await context.letters.find(wanted.letter_id, None)
    if letter is None:
        raise not_found("Surat")
    acting_anywhere(caller, letter, tuple(await context.branches.of(letter.id, None)), wanted.as_position)

    listed = await expand(context.guidance, wanted.list_ids, caller)
    places = destinations((*wanted.addressees, *listed[0]), (*wanted.copies, *listed[1]))
    if not places:
        raise unprocessable("no_place", "Sebutkan paling sedikit satu tujuan.", field="addressees")

    async def work(tx: Transaction) -> list[Branch]:
        before = await take_valid(context, tx, wanted.letter_id)
        held = acting_anywhere(caller, before.letter, before.branches, wanted.as_position)
        actor = caller.acting_as(held)
        ways = await new_ways(context, tx, before, places)
        if not ways:
            where = [{"id": one.id, "to": one.to, "state": one.state} for one in before.branches]
            raise conflict("already_there", "Surat ini sudah ada di semua tujuan itu.", state=where)
        told = LetterForwarded(
            letter_id=letter.id,
            subject=letter.summary.subject,
            branches=tuple(ways),
            actor=actor,
            note=wanted.note,
            at=tx.now,
        )
        after = await happen(context, tx, before, [told])
        opened = {way.branch_id for way in ways}
        return [branch for branch in after.branches if branch.id in opened]

    return await context.uow.run(work)
