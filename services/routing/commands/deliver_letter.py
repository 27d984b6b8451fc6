"""Deliver a registered letter. Invariant: a letter is opened once, with one branch for each place it goes to."""

from services.chassis.bus.outcome import ParkMessage, RetryLater
from services.chassis.ids import new_id
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import DuplicateKeyError
from services.chassis.uow import Transaction
from services.contracts.intake import LetterRegistered
from services.routing.commands.apply_routing_rules import automatic_destinations
from services.routing.commands.dossiers import Heard, begin
from services.routing.commands.places import directory_for
from services.routing.context import Context
from services.routing.domain import delivery
from services.routing.domain.delivery import Destination
from services.routing.domain.dossier import begun
from services.routing.domain.letter_facts import facts_of


async def deliver_letter(context: Context, tx: Transaction, event: LetterRegistered, heard: Heard) -> None:
    """Open the letter's branches and tell of them; RetryLater while a place it goes to is not known yet."""
    try:
        named = delivery.destinations(event.addressees, event.copies)
    except ValueError as error:
        raise ParkMessage(str(error)) from None
    by_rule = await _by_rule(context, tx, event, named)
    directory = await directory_for(context, [*named, *by_rule], event.confidentiality, tx.session)
    unknown = delivery.missing(named, directory)
    if unknown:
        raise RetryLater(f"not known here yet: {', '.join(unknown)}")
    places = [*named, *(one for one in by_rule if not delivery.missing([one], directory))]
    deadline = await context.deadlines.for_letter(event.urgency, event.kind, tx.now)
    ways = delivery.ways_to(places, directory, event.registered_by, deadline, new_id)
    dossier = begun(event)
    told = delivery.delivered(event, dossier, ways, tx.now)
    try:
        await begin(context, tx, heard, dossier, told)
    except DuplicateKeyError:
        raise AlreadyHandled(f"letter {event.letter_id} has been opened") from None


async def _by_rule(
    context: Context, tx: Transaction, event: LetterRegistered, named: list[Destination]
) -> list[Destination]:
    """The places that rules add to those the sender has named."""
    there = {one.id for one in named}
    found = await automatic_destinations(context.guidance, facts_of(event), tx.session)
    return [place for place, _ in found if place.id not in there]
