"""Give all open work of a position to another. Invariant: each disposition is moved whole, in a transaction that counts
it, so a hand-over that is cut off is gone on with and nothing is moved or counted twice.

Only what lay there when it was asked for goes: what comes later is for whoever holds the position then, and two
positions that hand over to each other do not send the same work to and fro.
"""

import logging
from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, forbidden, not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Actor
from services.disposition.commands.change import STUCK, keep
from services.disposition.commands.compose import positions_of
from services.disposition.commands.move import Move, move_giving, part_moved
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.hand_over import HandOver, Skipped, awaits, is_party, open_part, seat_of

log = logging.getLogger(__name__)
BATCH = 20
AT_ONCE = 5
"""How many batches are moved before the answer; the rest is moved by the house."""


@dataclass(frozen=True)
class Wish:
    """What a person asks to be handed over, to which position, and why."""

    from_position: str
    to_position: str
    reason: str


async def hand_over(context: Context, caller: Principal, wish: Wish, key: str | None) -> HandOver:
    """The hand-over as far as it got at once; a repeat with the same key is told of the same one."""

    async def begin(tx: Transaction) -> Document:
        former, to = await _positions(context, wish)
        actor = _entitled(caller, former, to)
        one = HandOver(
            id=new_id(),
            former=seat_of(former, tx.now),
            to=seat_of(to, tx.now),
            reason=wish.reason,
            actor=actor,
            person_id=caller.person_id,
            at=tx.now,
        )
        await context.hand_overs.add(one, tx.session)
        return {"id": one.id}

    request = fingerprint("hand_over", wish.from_position, wish.to_position, wish.reason)
    begun, _ = await context.idempotent.run(caller.person_id, key, request, begin)
    for _ in range(AT_ONCE):
        if not await move_on(context, begun["id"]):
            break
    found = await context.hand_overs.get(begun["id"])
    if found is None:
        raise LookupError(f"hand-over {begun['id']}, which was just begun")
    return found


async def show_hand_over(context: Context, caller: Principal, hand_over_id: str) -> HandOver:
    """How far it is, for whoever asked for it, holds one of both positions, or keeps the organisation."""
    one = await context.hand_overs.get(hand_over_id)
    if one is None:
        raise not_found("Penyerahan pekerjaan")
    holds = any(caller.holding(each.position_id) for each in (one.former, one.to))
    if not holds and one.person_id != caller.person_id and "organisation:write" not in caller.scopes:
        raise not_found("Penyerahan pekerjaan")
    return one


async def move_on(context: Context, hand_over_id: str) -> int:
    """Move the next of it, or see that it cannot be moved; how many it was, 0 when it is done or stuck for now."""
    one = await context.hand_overs.get(hand_over_id)
    if one is None or one.done_at:
        return 0
    lying = await context.hand_overs.open_work(one.former.position_id, one.at)
    left = [each for each in lying if not one.skips(each)]
    if not left:
        await _finish(context, hand_over_id)
    moved = 0
    for each in left:
        moved += await _move(context, hand_over_id, each)
        if moved >= BATCH:
            break
    return moved


async def move_on_all(context: Context) -> int:
    """Go on with what is not finished; how much of it was moved."""
    return sum([await move_on(context, one.id) for one in await context.hand_overs.pending(BATCH)])


async def _move(context: Context, hand_over_id: str, disposition_id: str) -> int:
    """1 where it is seen to, 0 where it has to be tried again."""

    async def work(tx: Transaction) -> None:
        going = await context.hand_overs.get(hand_over_id, tx.session)
        one = await context.dispositions.get(disposition_id, tx.session)
        if going is None or going.done_at or one is None:
            return
        after = await _moved(context, tx, going, one)
        if after != going:
            await context.hand_overs.save(after, tx.session)

    async with context.locks.hold(disposition_id):
        try:
            await context.uow.run(work)
        except STUCK as reason:
            log.error("hand-over %s cannot move disposition %s now: %s", hand_over_id, disposition_id, reason)
            return 0
    return 1


async def _moved(context: Context, tx: Transaction, going: HandOver, one: Disposition) -> HandOver:
    """The hand-over after what is still open there was moved, or found to be immovable."""
    part = open_part(one, going.former.position_id)
    side = part.seat() if part else one.owner if awaits(one, going.former.position_id) else None
    if side is None or side.since > going.at:
        return going
    if is_party(one, going.to.position_id):
        recipient_id = part.recipient_id if part else None
        skipped = Skipped(disposition_id=one.id, recipient_id=recipient_id, letter_subject=one.letter_subject)
        return going.model_copy(update={"skipped": (*going.skipped, skipped)})
    move = Move(tx, going.to.model_copy(update={"since": tx.now}), going.reason, going.actor)
    if part:
        await keep(context, tx, one, await part_moved(context, move, one, part))
    else:
        await move_giving(context, move, one)
    return going.model_copy(update={"moved": going.moved + 1})


async def _finish(context: Context, hand_over_id: str) -> None:
    async def work(tx: Transaction) -> None:
        one = await context.hand_overs.get(hand_over_id, tx.session)
        if one and not one.done_at:
            await context.hand_overs.save(one.model_copy(update={"done_at": tx.now}), tx.session)

    await context.uow.run(work)


async def _positions(context: Context, wish: Wish) -> tuple[PositionChanged, PositionChanged]:
    former = await context.organisation.known(wish.from_position)
    if former is None:
        raise not_found("Jabatan")
    if wish.from_position == wish.to_position:
        raise unprocessable("same_position", "Pilih jabatan lain sebagai tujuan.")
    return former, (await positions_of(context, [wish.to_position]))[wish.to_position]


def _entitled(caller: Principal, former: PositionChanged, to: PositionChanged) -> Actor | None:
    """As whom the caller may do this; 403 where they may not, or not to there.

    The holder hands over within the unit, to those above and those below; a superior to itself and to those below;
    whoever keeps the organisation to anybody, also without holding a position.
    """
    mine = [one for one in (former.position_id, *former.superiors) if caller.holding(one)]
    for position_id in mine:
        near = position_id == former.position_id and (
            to.unit_id == former.unit_id or to.position_id in former.superiors
        )
        if near or to.position_id == position_id or position_id in to.superiors:
            return caller.acting_as(next(one for one in caller.positions if one.position_id == position_id))
    if "organisation:write" in caller.scopes:
        return caller.acting_as(caller.positions[0]) if caller.positions else None
    if not mine:
        raise forbidden("Hanya pemegang jabatan itu, atasannya, atau pengelola organisasi yang dapat menyerahkannya.")
    detail = "Pekerjaan hanya dapat diserahkan kepada jabatan di unit yang sama, di atas, atau di bawahnya."
    raise ServiceError(403, "target_out_of_reach", detail, extra={"positions": [to.position_id]})
