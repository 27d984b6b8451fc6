"""Ways to further places for a letter in the house. Invariant: a place gets no second way while one lives."""

from collections.abc import Sequence

from services.chassis.errors import conflict, unprocessable
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.routing import Branch as Way
from services.routing.commands.places import directory_for
from services.routing.context import Context
from services.routing.domain.delivery import Destination, missing, ways_to
from services.routing.domain.dossier import Dossier

MOST_WAYS = 300
"""More than any regency has units to write to; a letter's lists and its track carry every one of them."""


async def new_ways(context: Context, tx: Transaction, dossier: Dossier, places: Sequence[Destination]) -> list[Way]:
    """A way to each place the letter is not on its way to yet; 422 for a place that is not known or not in use."""
    summary = dossier.letter.summary
    if len(dossier.branches) + len(places) > MOST_WAYS:
        raise conflict("too_many_places", f"Sebuah surat paling banyak mempunyai {MOST_WAYS} tujuan.")
    directory = await directory_for(context, places, summary.confidentiality, tx.session)
    closed = [one.title for one in directory.positions.values() if not one.active]
    closed += [one.name for one in directory.units.values() if not one.active]
    unknown = missing(places, directory)
    if unknown or closed:
        named = f": {', '.join(closed)}" if closed else ""
        raise unprocessable("unknown_place", f"Tujuan tidak dikenal atau tidak aktif lagi{named}.", field="to")
    deadline = await context.deadlines.for_letter(summary.urgency, summary.kind, tx.now)
    sender = dossier.letter.registered_by
    ways = ways_to(places, directory, sender, deadline, new_id)
    there = {_place(one) for one in dossier.branches if one.is_live and one.state != "returned"}
    return [way for way in ways if _place(way) not in there]


def _place(way: object) -> tuple[object, ...]:
    return (
        getattr(way, "external_name", None),
        getattr(way, "unit_id", None),
        getattr(way, "position_id", None),
    )
