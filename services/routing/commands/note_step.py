"""Put a step that changes nothing else on a letter's track. Invariant: it is there under the event's own id."""

from services.chassis.bus.outcome import RetryLater
from services.chassis.uow import Transaction
from services.routing.context import Context
from services.routing.domain.track import Step


async def note_step(context: Context, tx: Transaction, step: Step) -> None:
    """Note it; RetryLater while the letter is not known yet."""
    if await context.letters.find(step.letter_id, tx.session) is None:
        raise RetryLater(f"letter {step.letter_id} has not been delivered yet")
    await context.timeline.add([step], tx.session)
