"""Name the peers of a position. Invariant: only positions there are, none twice, and never the position itself; a list
replaces only the one its maker has seen.
"""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.disposition.commands.compose import positions_of
from services.disposition.context import Context
from services.disposition.store.peers import PeerList


async def show_peers(context: Context, position_id: str) -> PeerList:
    """The list as it is; 404 for a position there is not."""
    if await context.organisation.position(position_id) is None:
        raise not_found("Jabatan")
    return await context.peers.read(position_id)


async def set_peers(
    context: Context, caller: Principal, position_id: str, positions: Sequence[str], seen: int | None
) -> PeerList:
    """The list as it now is. The same list again changes nothing."""
    await show_peers(context, position_id)
    named = tuple(dict.fromkeys(positions))
    if position_id in named:
        raise unprocessable("peer_of_itself", "Suatu jabatan tidak dapat menjadi rekan dirinya sendiri.")
    await positions_of(context, named)

    async def work(tx: Transaction) -> PeerList:
        present = await context.peers.read(position_id, tx.session)
        check_version(present.version, seen)
        if present.positions == named:
            return present
        kept = PeerList(
            id=position_id,
            positions=named,
            version=present.version + 1,
            by_id=caller.person_id,
            by_name=caller.name,
            at=tx.now,
        )
        await context.peers.write(kept, tx.session)
        return kept

    return await context.uow.run(work)
