"""Warn of people who are not there when work is brought to them. Invariant: a warning holds nothing up."""

from collections.abc import Sequence

from services.chassis.clock import now
from services.disposition.context import Context
from services.projections.availability import warning


async def absent(context: Context, position_ids: Sequence[str]) -> list[str]:
    """A sentence for each of these that is vacant or that somebody is away from, with who is there instead."""
    known = [await context.organisation.position(one) for one in dict.fromkeys(position_ids)]
    today = now().astimezone(context.timezone).date()
    found = await context.officials.availability_of([one for one in known if one is not None], today)
    return [sentence for one in found.values() if (sentence := warning(one))]
