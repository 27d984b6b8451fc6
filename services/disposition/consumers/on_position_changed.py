"""A position was changed: one that is no more has work that must go elsewhere."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import PositionChanged
from services.disposition.context import Context


async def on_position_changed(context: Context, event: PositionChanged, _: Received, tx: Transaction) -> None:
    """Have the position looked at where it is no more."""
    if not event.active:
        await context.vacancies.look(event.position_id, tx.now)
