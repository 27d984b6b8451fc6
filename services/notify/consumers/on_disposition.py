"""A disposition was given, answered, talked about, changed, or left lying."""

from collections.abc import Awaitable, Callable
from typing import Any

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued, DispositionRecalled, RecipientAdded
from services.notify.commands.tell import tell
from services.notify.context import Context
from services.notify.domain import disposition_changes, dispositions
from services.notify.domain.notification import Message

Handler = Callable[[Context, Any, Received, Transaction], Awaitable[None]]


def telling(say: Callable[..., list[Message]]) -> Handler:
    """The handler that tells what ``say`` makes of the event, as much of it as may be shown."""

    async def handler(context: Context, event: Any, received: Received, tx: Transaction) -> None:
        letter = await context.letters.known(event.letter_id, tx.session)
        await tell(context, received.id, say(event, shown=letter.shown), tx, letter)

    return handler


def telling_when(say: Callable[..., list[Message]]) -> Handler:
    """The same with times, as the clocks of the regency have them."""

    async def handler(context: Context, event: Any, received: Received, tx: Transaction) -> None:
        letter = await context.letters.known(event.letter_id, tx.session)
        await tell(context, received.id, say(event, context.zone, shown=letter.shown), tx, letter)

    return handler


async def issued(context: Context, event: DispositionIssued, received: Received, tx: Transaction) -> None:
    """Tell each recipient."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, dispositions.issued(event, letter.recalled, shown=letter.shown), tx, letter)


async def added(context: Context, event: RecipientAdded, received: Received, tx: Transaction) -> None:
    """Tell each of the further recipients."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, dispositions.added(event, letter.recalled, shown=letter.shown), tx, letter)


async def recalled(context: Context, event: DispositionRecalled, received: Received, tx: Transaction) -> None:
    """Tell those it was taken back from; whoever has not heard of it yet will not."""
    letter = await context.letters.recall(event.letter_id, *event.recipient_ids)
    await tell(context, received.id, disposition_changes.recalled(event, shown=letter.shown), tx, letter)
