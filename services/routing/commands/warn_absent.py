"""Warn of people who are not there when work is brought to them. Invariant: a warning holds nothing up."""

from collections.abc import Iterable

from services.chassis.clock import now
from services.projections.first_access import CHIEFS
from services.routing.context import Context
from services.routing.domain.availability import warning
from services.routing.domain.branch import Branch


async def absent_chiefs(context: Context, branches: Iterable[Branch]) -> list[str]:
    """A sentence for each named position, or chief of a unit, that somebody is away from, with who is there instead."""
    named = [one for one in branches if one.external_name is None]
    holders = await context.positions.several([holder for one in named for holder in one.holders], None)
    chiefs = [one.id for one in holders if one.role in CHIEFS]
    wanted = [one.position_id for one in named if one.position_id] + chiefs
    today = context.organisation.day_of(now())
    found = await context.organisation.presence.availability_of(wanted, today)
    return [sentence for one in found.values() if (sentence := warning(one))]
