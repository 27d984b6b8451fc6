"""Give one part to another position. Invariant: whoever gave it decides, by the rules of issuing."""

from services.chassis.errors import ServiceError, conflict
from services.chassis.mongo import Document
from services.contracts.routing import PositionChanged
from services.disposition.commands.act_on_part import Asked, PartTurn, act_on_owned
from services.disposition.commands.change import Change
from services.disposition.commands.compose import positions_of
from services.disposition.commands.move import Move, part_moved
from services.disposition.context import Context
from services.disposition.domain.acts import may_hand_over
from services.disposition.domain.hand_over import is_party, seat_of


async def hand_over_part(context: Context, asked: Asked, recipient_id: str, to_position: str, reason: str) -> Document:
    """Have another position below the giver do it; what was given on with it goes along."""

    async def work(turn: PartTurn) -> Change | None:
        if turn.part.position_id == to_position:
            return None
        may_hand_over(turn.disposition, turn.part)
        position = (await positions_of(context, [to_position]))[to_position]
        await _check_target(context, turn, position)
        move = Move(turn.tx, seat_of(position, turn.at), reason, turn.actor)
        return await part_moved(context, move, turn.disposition, turn.part)

    return await act_on_owned(context, asked, recipient_id, ["hand_over", to_position, reason], work)


async def _check_target(context: Context, turn: PartTurn, position: PositionChanged) -> None:
    giver, target = turn.actor.position_id, position.position_id
    if giver not in position.superiors and target not in await context.peers.of(giver, turn.tx.session):
        detail = "Disposisi hanya dapat diserahkan kepada jabatan di bawah Anda."
        raise ServiceError(403, "recipient_not_below", detail, extra={"positions": [target]})
    below = await context.dispositions.on_desk(turn.part.recipient_id, turn.tx.session)
    if is_party(turn.disposition, target) or any(is_party(one, target) for one in below):
        detail = f"{position.title} sudah menjadi pihak dalam disposisi ini."
        raise conflict("already_party", detail, positions=[target], state=turn.part.state)
