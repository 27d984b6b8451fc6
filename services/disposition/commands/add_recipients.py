"""Instruct further positions with a disposition that was given already. Invariant: the rules are those of issuing,
asked anew: of the position that waits for the answers now, and of where the letter is now.
"""

from collections.abc import Sequence

from services.chassis.errors import conflict, unprocessable
from services.chassis.mongo import Document
from services.contracts.routing import PositionChanged
from services.disposition.commands import telling_changes as telling
from services.disposition.commands.acquaint import acquainted
from services.disposition.commands.act_on_part import Asked, Turn, act_as_owner
from services.disposition.commands.change import Change
from services.disposition.commands.compose import parts_for, positions_of
from services.disposition.commands.desks import settle_in
from services.disposition.commands.given_on import part_above
from services.disposition.commands.holding import standing_with
from services.disposition.commands.warn_absent import absent
from services.disposition.context import Context
from services.disposition.domain.desk import roles_for
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.order import NewDisposition, NewRecipient, check
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.standing import choose

MOST_IN_ALL = 100
"""Parts of one disposition, those that were taken or given back among them."""


async def add_recipients(context: Context, asked: Asked, wanted: Sequence[NewRecipient]) -> Document:
    """Give the work to these positions too; one that gave its part back, or had it taken, may be named again.

    With it come ``warnings``: of whom it was given to and who is not there.
    """

    async def work(turn: Turn) -> Change | None:
        one = turn.disposition
        check(wanted, one.note, turn.at.astimezone(context.timezone).date())
        _check_new(one, wanted)
        positions = await positions_of(context, [each.position_id for each in wanted])
        await _check_reach(context, turn, wanted, positions)
        desk = await context.desks.get(one.desk, turn.tx.session)
        roles = roles_for([each.wanted_role for each in wanted], taken=desk.holder is not None)
        above = await part_above(context, turn.tx, one)
        inherited = above.closes_on if above else "completion"
        urgency = one.letter.urgency if one.letter else "normal"
        parts = await parts_for(context, turn.tx, wanted, roles, positions, inherited, one.note, urgency)
        joined = await acquainted(context, _joined(one, turn, parts), list(positions.values()))
        after, events = await settle_in(context, turn.tx, joined, desk, _ids(parts))
        done = [turn.act("add", each.recipient_id) for each in parts]
        return Change(after, (telling.added(after, done[-1], parts), *events), done)

    what = [each.model_dump(mode="json", exclude_unset=True) for each in wanted]
    warnings = await absent(context, [each.position_id for each in wanted])
    return await act_as_owner(context, asked, ["add", what], work) | {"warnings": warnings}


def _check_new(one: Disposition, wanted: Sequence[NewRecipient]) -> None:
    known = [each.position_id for each in wanted if each.position_id in {one.owner.position_id, *_positions(one)}]
    if known:
        detail = "Jabatan ini sudah menjadi pihak dalam disposisi ini."
        raise conflict("already_party", detail, positions=known, state=one.state)
    if len(one.recipients) + len(wanted) > MOST_IN_ALL:
        detail = f"Satu disposisi paling banyak memuat {MOST_IN_ALL} penerima. Buatlah disposisi baru."
        raise unprocessable("too_many_recipients", detail)


async def _check_reach(
    context: Context, turn: Turn, wanted: Sequence[NewRecipient], positions: dict[str, PositionChanged]
) -> None:
    """403 that lists who is not below, 409 where the letter has left, as when a disposition is issued."""
    standing, ways = await standing_with(context, turn.disposition, turn.actor)
    peers = await context.peers.of(turn.actor.position_id)
    permitted = {
        position_id: (*each.superiors, *([turn.actor.position_id] if position_id in peers else []))
        for position_id, each in positions.items()
    }
    choose([standing], NewDisposition(recipients=tuple(wanted)), ways, permitted)


def _joined(one: Disposition, turn: Turn, parts: Sequence[DispositionRecipient]) -> Disposition:
    """With the parts; who was responsible works beside a new one that is."""
    if any(each.responsible for each in parts) and (before := one.responsible):
        one = one.with_part(before.recipient_id, turn.at, role="coordinating")
    return one.having(parts)


def _ids(parts: Sequence[DispositionRecipient]) -> set[str]:
    return {each.recipient_id for each in parts}


def _positions(one: Disposition) -> list[str]:
    return [each.position_id for each in one.live]
