"""Know who holds the positions that were instructed, so that a disposition is found by their names before they act.

Invariant: it is for searching alone; whoever holds a position when something is done is asked for then.
"""

from collections.abc import Sequence

from services.chassis.clock import now
from services.contracts.routing import PositionChanged
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition


async def acquainted(context: Context, one: Disposition, positions: Sequence[PositionChanged]) -> Disposition:
    """The same, found by the people who are in charge at these positions today."""
    today = now().astimezone(context.timezone).date()
    there = await context.officials.availability_of(positions, today)
    people = [seat for seat in (each.in_charge for each in there.values()) if seat is not None]
    memory = one.memory.knowing((seat.person_id, seat.person_name) for seat in people)
    return one.model_copy(update={"memory": memory})
