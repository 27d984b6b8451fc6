"""Make the parts of a disposition from what was asked for. Invariant: issued or added later, a part is made one way."""

from collections.abc import Mapping, Sequence

from services.chassis.errors import unprocessable
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.disposition import Instruction, RecipientRole
from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Urgency
from services.disposition.commands.deadlines import deadline_of, first_reminders
from services.disposition.commands.instructions import named
from services.disposition.context import Context
from services.disposition.domain.effects import needs_coordination
from services.disposition.domain.order import NewRecipient, codes_of
from services.disposition.domain.progress import Demand, demand_of
from services.disposition.domain.recipient import DispositionRecipient


async def positions_of(context: Context, position_ids: Sequence[str]) -> dict[str, PositionChanged]:
    """The positions to instruct; 422 that names every one there is not."""
    known = {one.position_id: one for one in await context.organisation.positions(position_ids)}
    unknown = [position_id for position_id in position_ids if position_id not in known]
    if unknown:
        raise unprocessable("unknown_position", "Jabatan penerima tidak dikenal.", positions=unknown)
    return known


async def parts_for(
    context: Context,
    tx: Transaction,
    wanted: Sequence[NewRecipient],
    roles: Sequence[RecipientRole],
    positions: Mapping[str, PositionChanged],
    inherited: Demand,
    note: str | None,
    urgency: Urgency = "normal",
) -> tuple[DispositionRecipient, ...]:
    """A part for each recipient, with its role; ``note`` is the one to all, ``inherited`` what the parent was asked.

    ``urgency`` is the letter's: what is very urgent is reminded of sooner.
    """
    catalogue = await named(context, codes_of(wanted))
    parts = []
    for one, role in zip(wanted, roles, strict=True):
        instructions = tuple(catalogue[code] for code in dict.fromkeys(one.instructions))
        _check_coordination(one, instructions, roles, note)
        part = await _part(context, tx, one, role, positions[one.position_id], instructions, inherited)
        reminders = await first_reminders(context, instructions, tx.now, urgency)
        parts.append(part.model_copy(update={"reminders": reminders}))
    return tuple(parts)


async def _part(
    context: Context,
    tx: Transaction,
    one: NewRecipient,
    role: RecipientRole,
    position: PositionChanged,
    instructions: tuple[Instruction, ...],
    inherited: Demand,
) -> DispositionRecipient:
    deadline = await deadline_of(context, one.due_on, one.working_days, tx.now)
    effects = (each.effect for each in instructions)
    return DispositionRecipient(
        recipient_id=new_id(),
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role=role,
        instructions=instructions,
        note=one.note,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        remind_at=deadline.remind_at,
        closes_on="read" if role == "informed" else demand_of(effects, inherited),
        issued_at=tx.now,
    )


def _check_coordination(
    one: NewRecipient, instructions: tuple[Instruction, ...], roles: Sequence[RecipientRole], note: str | None
) -> None:
    """Who is told to coordinate must be told with whom: other recipients who coordinate, or somebody in a note."""
    alone = not any(role == "coordinating" for role in roles) or len(roles) == 1
    if needs_coordination(instructions) and alone and not (one.note or note):
        detail = "Sebutkan pihak yang dikoordinasikan: tambahkan penerima koordinasi, atau tulis pada catatan."
        raise unprocessable("coordination_unnamed", detail, position_id=one.position_id)
