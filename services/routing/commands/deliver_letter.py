"""Deliver a registered letter. Invariant: a letter is opened once, with one branch for each place it goes to."""

from services.chassis.bus.outcome import ParkMessage, RetryLater
from services.chassis.ids import new_id
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import DuplicateKeyError
from services.chassis.uow import Transaction
from services.contracts.intake import LetterRegistered
from services.routing.commands.dossiers import Heard, begin
from services.routing.commands.places import directory_for
from services.routing.context import Context
from services.routing.domain import delivery
from services.routing.domain.dossier import begun


async def deliver_letter(context: Context, tx: Transaction, event: LetterRegistered, heard: Heard) -> None:
    """Open the letter's branches and tell of them; RetryLater while a place it goes to is not known yet."""
    try:
        places = delivery.destinations(event.addressees, event.copies)
    except ValueError as error:
        raise ParkMessage(str(error)) from None
    directory = await directory_for(context, places, event.confidentiality, tx.session)
    unknown = delivery.missing(places, directory)
    if unknown:
        raise RetryLater(f"not known here yet: {', '.join(unknown)}")
    deadline = await context.deadlines.for_letter(event.urgency, event.kind, tx.now)
    ways = delivery.ways_to(places, directory, event.registered_by, deadline, new_id)
    dossier = begun(event)
    told = delivery.delivered(event, dossier, ways, tx.now)
    try:
        await begin(context, tx, heard, dossier, told)
    except DuplicateKeyError:
        raise AlreadyHandled(f"letter {event.letter_id} has been opened") from None
