"""Issue a disposition. Invariant: it is stored, its parent moved on and the event written in one transaction."""

from collections.abc import Sequence
from functools import partial

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.routing import LetterDelivered, PositionChanged
from services.disposition.commands.acting import posts_of
from services.disposition.commands.advance import advance
from services.disposition.commands.letter import letter_at_hand
from services.disposition.commands.telling import issued
from services.disposition.context import Context
from services.disposition.domain.catalogue import instructions_of
from services.disposition.domain.disposition import Act, Disposition, DispositionRecipient
from services.disposition.domain.order import NewDisposition, NewRecipient, check, responsible_index
from services.disposition.domain.progress import Demand, demand_of
from services.disposition.domain.standing import Standing, choose, standings
from services.projections.letter_access import patiently
from services.projections.reading import handles_letters
from services.projections.ways import Way


async def issue_disposition(
    context: Context, caller: Principal, letter_id: str, order: NewDisposition, key: str | None
) -> Document:
    """Instruct positions below about a letter; gives the disposition, or for a repeated key the first one."""

    async def act(transaction: Transaction) -> Document:
        return await _issue(context, caller, letter_id, order, transaction)

    request = fingerprint("issue", letter_id, order.model_dump(mode="json", exclude_unset=True))
    answer, _ = await context.idempotent.run(caller.person_id, key, request, act)
    return answer


async def _issue(
    context: Context, caller: Principal, letter_id: str, order: NewDisposition, transaction: Transaction
) -> Document:
    check(order, transaction.now.astimezone(context.timezone).date())
    letter, received = await letter_at_hand(context, caller, letter_id)
    positions = await _positions(context, order)
    found, ways = await _standings(context, caller, letter, received)
    superiors = {position_id: position.superiors for position_id, position in positions.items()}
    standing = choose(found, order, ways, superiors)
    disposition = await _composed(context, letter, order, standing, positions, transaction)
    await context.dispositions.add(disposition, transaction.session)
    transaction.publish(issued(disposition), seq=disposition.version)
    return disposition.model_dump(mode="json")


async def _standings(
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


async def _positions(context: Context, order: NewDisposition) -> dict[str, PositionChanged]:
    known = {one.position_id: one for one in await context.organisation.positions(order.position_ids)}
    unknown = [position_id for position_id in order.position_ids if position_id not in known]
    if unknown:
        raise unprocessable("unknown_position", "Jabatan penerima tidak dikenal.", positions=unknown)
    return known


async def _composed(
    context: Context,
    letter: LetterDelivered,
    order: NewDisposition,
    standing: Standing,
    positions: dict[str, PositionChanged],
    transaction: Transaction,
) -> Disposition:
    inherited: Demand = "completion"
    if standing.parent:
        inherited = await _pass_on(context, standing, transaction)
    responsible = responsible_index(order.recipients)
    recipients = tuple(
        _recipient(one, positions[one.position_id], index == responsible, inherited)
        for index, one in enumerate(order.recipients)
    )
    return Disposition(
        id=new_id(),
        letter_id=letter.letter_id,
        letter_subject=letter.subject,
        branch_id=standing.branch_id,
        parent=standing.parent,
        issuer=standing.actor,
        note=order.note,
        recipients=recipients,
        issued_at=transaction.now,
    )


async def _pass_on(context: Context, standing: Standing, transaction: Transaction) -> Demand:
    """Move the parent recipient on; gives what was asked of it, for instructions that inherit."""
    assert standing.parent is not None  # noqa: S101 - asked for by the one caller
    parent = await context.dispositions.get(standing.parent.disposition_id, transaction.session)
    recipient = parent.recipient(standing.parent.recipient_id) if parent else None
    if parent is None or recipient is None:
        raise not_found("Disposisi")
    act = Act(
        id=new_id(),
        disposition_id=parent.id,
        recipient_id=recipient.recipient_id,
        kind="pass_on",
        actor=standing.actor,
        at=transaction.now,
    )
    await advance(context, parent, act, transaction)
    return recipient.closes_on


def _recipient(
    one: NewRecipient, position: PositionChanged, responsible: bool, inherited: Demand
) -> DispositionRecipient:
    instructions = instructions_of(one.instructions)
    return DispositionRecipient(
        recipient_id=new_id(),
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        responsible=responsible,
        instructions=instructions,
        note=one.note,
        due_on=one.due_on,
        closes_on=demand_of((each.effect for each in instructions), inherited),
    )
