"""Telling positions. Invariant: a position is told of an event once, however often and in how many parts it comes."""

from collections.abc import Sequence

from services.chassis.uow import Transaction
from services.notify.context import Context
from services.notify.domain.letters import OPEN
from services.notify.domain.notification import Message


async def tell(context: Context, event_id: str, messages: Sequence[Message], transaction: Transaction) -> None:
    """Store the messages and wake this process's streams."""
    await context.notifications.add(event_id, messages, transaction.now)
    context.feed.wake()


async def may_show(context: Context, letter_id: str | None, transaction: Transaction) -> bool:
    """Whether a notification may say what the letter is about; what concerns no letter may be said."""
    if letter_id is None:
        return True
    return await context.letters.confidentiality(letter_id, transaction.session) in OPEN
