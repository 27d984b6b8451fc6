"""Follow what other services tell of a letter. Invariant: in whatever order it comes, the branches end up the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.chassis.bus.consumer import Received
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import BulkWriteError, only_doubles
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.routing.commands.dossiers import Heard, happen, take
from services.routing.context import Context
from services.routing.domain.dossier import Dossier


async def follow_letter(context: Context, tx: Transaction, letter_id: str, event: Event, got: Received) -> None:
    """Apply it to the letter and let happen what follows; RetryLater while the letter is not known yet."""
    await follow(context, tx, await take(context, tx, letter_id), event, got)


async def follow(
    context: Context, tx: Transaction, before: Dossier, event: Event, got: Received, made: Sequence[Event] = ()
) -> None:
    """The same for a letter that was taken; ``made`` is what routing itself does about it."""
    with _once(before.letter.id, got):
        await happen(context, tx, before, made, heard=Heard(got.id, got.seq, event))


@contextmanager
def _once(letter_id: str, got: Received) -> Iterator[None]:
    try:
        yield
    except BulkWriteError as error:
        if not only_doubles(error):
            raise
        # Heard so long ago that the inbox has forgotten it: the history has not.
        raise AlreadyHandled(f"{got.id} stands in the history of letter {letter_id}") from None
