"""From the places a letter names to the ways it goes. Invariant: nothing is opened to a place that is not known.

This lies between a registration and the inbox it is awaited in, so it makes few trips to the database: one read of the
places' positions, further ones only for what that does not answer.
"""

from collections.abc import Sequence

from services.chassis.mongo import Session
from services.projections.letter_access import LETTER_HANDLERS, handles_letters
from services.routing.context import Context
from services.routing.domain.delivery import Destination, Directory
from services.routing.domain.organisation import Position, Unit

NOT_RECEIVING = frozenset({"archivist"})
"""Sees the unit's letters, but nothing is brought to it."""


async def directory_for(
    context: Context, places: Sequence[Destination], confidentiality: str, session: Session | None
) -> Directory:
    """What must be known of the organisation to open ways to these places."""
    unit_ids = [place.id for place in places if place.kind == "unit"]
    position_ids = [place.id for place in places if place.kind == "position"]
    staff = await context.positions.in_units(unit_ids, session)
    named = await context.positions.several(position_ids, session)
    # A position carries its unit's name and kind; only a unit without any has to be looked up itself.
    units = {one.unit_id: _unit_of(one) for one in staff}
    bare = [unit_id for unit_id in unit_ids if unit_id not in units]
    units |= {unit.id: unit for unit in await context.units.several(bare, session)}
    receivers = {unit_id: receivers_in(staff, unit_id, confidentiality) for unit_id in unit_ids}
    return Directory(units, {one.id: one for one in named}, receivers)


def receivers_in(staff: Sequence[Position], unit_id: str, confidentiality: str) -> list[str]:
    """The positions of a unit that letters of this confidentiality are brought to."""
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
