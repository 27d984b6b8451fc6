"""Deliver a registered letter. Invariant: a letter is opened once, with one branch for each place it goes to.

This lies between a registration and the inbox it is awaited in, so it makes few trips to the database: one read of the
places' positions, further ones only for what that does not answer, and one insert for each collection.
"""

from collections.abc import Sequence

from services.chassis.bus.outcome import ParkMessage, RetryLater
from services.chassis.ids import new_id
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import DuplicateKeyError
from services.chassis.uow import Transaction
from services.contracts.intake import LetterRegistered
from services.projections.letter_access import LETTER_HANDLERS, handles_letters
from services.routing.context import Context
from services.routing.domain import delivery, steps
from services.routing.domain.delivery import Destination, Directory
from services.routing.domain.organisation import Position, Unit

NOT_RECEIVING = frozenset({"archivist"})
"""Sees the unit's letters, but nothing is brought to it."""


async def deliver_letter(context: Context, tx: Transaction, event: LetterRegistered, event_id: str) -> None:
    """Open the letter's branches and tell of them; RetryLater while a place it goes to is not known yet."""
    try:
        places = delivery.destinations(event)
    except ValueError as error:
        raise ParkMessage(str(error)) from None
    directory = await _directory(context, tx, places, event.confidentiality)
    unknown = delivery.missing(places, directory)
    if unknown:
        raise RetryLater(f"not known here yet: {', '.join(unknown)}")
    branches = delivery.open_branches(event, places, directory, tx.now, new_id)
    letter = delivery.opened_letter(event, branches, tx.now)
    try:
        await context.letters.add(letter, tx.session)
    except DuplicateKeyError:
        raise AlreadyHandled(f"letter {letter.id} has been opened") from None
    await context.branches.add(branches, tx.session)
    told = tx.publish(delivery.delivered(letter, branches), seq=letter.version)
    made = [steps.registered(event_id, letter), steps.delivered(told, letter, branches)]
    await context.timeline.add(made, tx.session)


async def _directory(
    context: Context, tx: Transaction, places: Sequence[Destination], confidentiality: str
) -> Directory:
    unit_ids = [place.id for place in places if place.kind == "unit"]
    position_ids = [place.id for place in places if place.kind == "position"]
    staff = await context.positions.in_units(unit_ids, tx.session)
    named = await context.positions.several(position_ids, tx.session)
    # A position carries its unit's name and kind; only a unit without any has to be looked up itself.
    units = {one.unit_id: _unit_of(one) for one in staff}
    bare = [unit_id for unit_id in unit_ids if unit_id not in units]
    units |= {unit.id: unit for unit in await context.units.several(bare, tx.session)}
    receivers = {unit_id: _receivers(staff, unit_id, confidentiality) for unit_id in unit_ids}
    return Directory(units, {one.id: one for one in named}, receivers)


def _receivers(staff: Sequence[Position], unit_id: str, confidentiality: str) -> list[str]:
    return [
        one.id
        for one in sorted(staff, key=lambda position: position.id)
        if one.unit_id == unit_id
        and one.active
        and one.role in LETTER_HANDLERS - NOT_RECEIVING
        and handles_letters(one.role, confidentiality)
    ]


def _unit_of(position: Position) -> Unit:
    return Unit(id=position.unit_id, name=position.unit_name, kind=position.unit_kind)
