"""A disposition was issued, answered or completed."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionCompleted, DispositionIssued, DispositionReplied
from services.notify.commands.tell import may_show, tell
from services.notify.context import Context
from services.notify.domain import dispositions


async def issued(context: Context, event: DispositionIssued, received: Received, tx: Transaction) -> None:
    """Tell each recipient."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, dispositions.issued(event, shown=shown), tx)


async def replied(context: Context, event: DispositionReplied, received: Received, tx: Transaction) -> None:
    """Tell the issuer."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, dispositions.replied(event, shown=shown), tx)


async def completed(context: Context, event: DispositionCompleted, received: Received, tx: Transaction) -> None:
    """Tell the issuer."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, dispositions.completed(event, shown=shown), tx)
