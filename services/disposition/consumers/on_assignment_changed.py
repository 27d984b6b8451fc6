"""Somebody came to a position, left it, or will: whether anybody holds it is to be looked at."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import AssignmentChanged
from services.disposition.context import Context


async def on_assignment_changed(context: Context, event: AssignmentChanged, _: Received, tx: Transaction) -> None:
    """Have the position looked at."""
    await context.vacancies.look(event.position_id, tx.now)
