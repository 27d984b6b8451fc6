"""Issue a disposition. Invariant: it, its parent, its desk and the event are written in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.routing import LetterDelivered, PositionChanged
from services.disposition.commands import telling
from services.disposition.commands.acquaint import acquainted
from services.disposition.commands.change import Change, keep
from services.disposition.commands.compose import parts_for, positions_of
from services.disposition.commands.desks import claim
from services.disposition.commands.holding import standings_of
from services.disposition.commands.letter import letter_at_hand, must_be_valid
from services.disposition.commands.warn_absent import absent
from services.disposition.context import Context
from services.disposition.domain.acts import refused
from services.disposition.domain.desk import Holder, roles_for
from services.disposition.domain.disposition import Act, Disposition, desk_of
from services.disposition.domain.letter_line import line_of
from services.disposition.domain.order import NewDisposition, check
from services.disposition.domain.progress import Demand
from services.disposition.domain.recipient import Seat
from services.disposition.domain.standing import Standing, choose

MOST_LEVELS = 30
"""How far down a tree may reach: what is settled at its end is carried up all of it in one transaction."""


@dataclass(frozen=True)
class Above:
    """What a disposition is given on with: what its part was asked for, and the positions it came down from."""

    inherited: Demand = "completion"
    positions: tuple[str, ...] = ()


async def issue_disposition(
    context: Context, caller: Principal, letter_id: str, order: NewDisposition, key: str | None
) -> Document:
    """Instruct positions below about a letter; gives the disposition, or for a repeated key the first one.

    With it come ``warnings``: of whom it was given to and who is not there.
    """
    warnings = await absent(context, order.position_ids)

    async def act(tx: Transaction) -> Document:
        return await _issue(context, caller, letter_id, order, tx) | {"warnings": warnings}

    request = fingerprint("issue", letter_id, order.model_dump(mode="json", exclude_unset=True))
    # One's own requests queue: each writes the same desk, and of a hundred at once most would clash in vain.
    async with context.locks.hold(f"{letter_id}/{caller.person_id}"):
        answer, _ = await context.idempotent.run(caller.person_id, key, request, act)
    return answer


async def _issue(
    context: Context, caller: Principal, letter_id: str, order: NewDisposition, tx: Transaction
) -> Document:
    check(order.recipients, order.note, tx.now.astimezone(context.timezone).date())
    letter, received = await letter_at_hand(context, caller, letter_id)
    await must_be_valid(context, letter_id, tx)
    positions = await positions_of(context, order.position_ids)
    found, ways = await standings_of(context, caller, letter, received)
    standing = choose(found, order, ways, await _permitted(context, found, positions))
    composed = await _compose(context, letter, order, standing, positions, tx)
    disposition = await acquainted(context, composed, list(positions.values()))
    await context.dispositions.add(disposition, tx.session)
    await context.box_counts.move(None, disposition, tx.session)
    tx.publish(telling.issued(disposition), seq=disposition.version)
    return disposition.model_dump(mode="json")


async def _permitted(
    context: Context, found: Sequence[Standing], positions: dict[str, PositionChanged]
) -> dict[str, tuple[str, ...]]:
    """For each position to instruct, those that may: the ones above it, and those it was named as a peer for."""
    peers = {one: await context.peers.of(one) for one in dict.fromkeys(each.actor.position_id for each in found)}
    return {
        position_id: (*position.superiors, *(one for one, named in peers.items() if position_id in named))
        for position_id, position in positions.items()
    }


async def _compose(
    context: Context,
    letter: LetterDelivered,
    order: NewDisposition,
    standing: Standing,
    positions: dict[str, PositionChanged],
    tx: Transaction,
) -> Disposition:
    above = await _pass_on(context, standing, tx) if standing.parent else Above()
    actor = standing.actor
    desk = await context.desks.get(
        desk_of(standing.parent, standing.branch_id, letter.letter_id, actor.position_id), tx.session
    )
    roles = roles_for([one.wanted_role for one in order.recipients], taken=desk.holder is not None)
    parts = await parts_for(
        context, tx, order.recipients, roles, positions, above.inherited, order.note, letter.urgency
    )
    disposition = Disposition(
        id=new_id(),
        letter_id=letter.letter_id,
        letter_subject=letter.subject,
        letter=line_of(letter),
        branch_id=standing.branch_id,
        parent=standing.parent,
        desk=desk.id,
        above=above.positions,
        issuer=actor,
        owner=Seat(**actor.model_dump(include=set(Seat.model_fields)), since=tx.now),
        note=order.note,
        recipients=parts,
        issued_at=tx.now,
    )
    mine = disposition.responsible
    holder = Holder(disposition_id=disposition.id, recipient_id=mine.recipient_id) if mine else None
    await claim(context, tx, desk, holder)
    return disposition


async def _pass_on(context: Context, standing: Standing, tx: Transaction) -> Above:
    """Move the part on that is given on with this: it has been read, and has one more disposition below it."""
    assert standing.parent is not None  # noqa: S101 - asked for by the one caller
    parent = await context.dispositions.get(standing.parent.disposition_id, tx.session)
    part = parent.recipient(standing.parent.recipient_id) if parent else None
    if parent is None or part is None:
        raise not_found("Disposisi")
    if not part.is_live or part.position_id != standing.actor.position_id:
        # It was theirs a moment ago: meanwhile it was given back, taken or handed over.
        raise refused(parent, part, "state_changed", "Disposisi ini sudah tidak berada pada jabatan Anda.")
    if len(parent.above) + 1 >= MOST_LEVELS:
        detail = f"Surat ini sudah diteruskan sejauh {MOST_LEVELS} tingkat. Kembalikan atau selesaikan bagian Anda."
        raise unprocessable("too_deep", detail)
    act = Act(
        id=new_id(),
        disposition_id=parent.id,
        recipient_id=part.recipient_id,
        kind="pass_on",
        actor=standing.actor,
        at=tx.now,
    )
    facts = {"passed_on_at": part.passed_on_at or tx.now, "below": part.below + 1}
    after = parent.acted(part.recipient_id, tx.now, **facts)
    events = [] if part.read_at else [telling.read(after, act)]
    await keep(context, tx, parent, Change(after, events, (act,)))
    return Above(part.closes_on, (parent.owner.position_id, *parent.above))
