"""Telling positions. Invariant: a position is told of an event once, however often and in how many parts it comes."""

from collections.abc import Sequence

from services.chassis.uow import Transaction
from services.notify.context import Context
from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Message
from services.notify.domain.practice import fit_to_tell


async def tell(
    context: Context,
    event_id: str,
    messages: Sequence[Message],
    transaction: Transaction,
    letter: KnownLetter | None = None,
) -> None:
    """Store the messages and wake this process's streams. ``letter`` is the one they are about, where there is one."""
    messages = fit_to_tell(messages, letter)
    alone = [message for message in messages if message.moment is None]
    await context.notifications.add(event_id, alone, transaction.now)
    for message in messages:
        if message.moment is not None:
            await _tell_together(context, event_id, message, transaction)
    context.feed.wake()


async def _tell_together(context: Context, event_id: str, message: Message, transaction: Transaction) -> None:
    """Add it to what the position was just told of the letter, or tell it by itself.

    Neighbours in this process queue here. Two processes that handle two events of one moment at the same time may
    tell them apart, which is what would happen without this.
    """
    async with context.locks.hold(f"{message.links.letter_id}/{message.position_id}"):
        if not await context.notifications.join(event_id, message):
            await context.notifications.add(event_id, [message], transaction.now)


async def letter_of(context: Context, letter_id: str | None, transaction: Transaction) -> KnownLetter | None:
    """What is known of the letter an event concerns; None where it concerns none."""
    return await context.letters.known(letter_id, transaction.session) if letter_id else None


def may_show(letter: KnownLetter | None) -> bool:
    """Whether a notification may say what the letter is about; what concerns no letter may be said."""
    return letter is None or letter.shown
