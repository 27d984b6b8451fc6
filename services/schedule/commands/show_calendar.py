"""A leader's calendar, as somebody may see it. Invariant: outside the office it tells when, not what."""

from services.chassis.auth import Principal
from services.chassis.errors import forbidden, not_found
from services.schedule.commands.submit_request import leader_at
from services.schedule.commands.viewing import viewer_of
from services.schedule.context import Context
from services.schedule.domain.event import clashing
from services.schedule.domain.seen import CalendarEntry
from services.schedule.domain.slot import Slot

_LOOKING = frozenset({"schedule:request", "schedule:decide"})


async def show_calendar(
    context: Context, caller: Principal, leader_position_id: str, when: Slot
) -> list[CalendarEntry]:
    """What lies in a stretch of time, the earliest first."""
    if not caller.scopes & _LOOKING:
        raise forbidden()
    await leader_at(context, leader_position_id)
    events = clashing(await context.events.around(leader_position_id, when), when)
    viewer = await viewer_of(context, caller, events)
    return [viewer.entry(one) for one in events]


async def show_event(context: Context, caller: Principal, event_id: str) -> CalendarEntry:
    """One event; 404 for whoever may not know what it is about."""
    event = await context.events.get(event_id)
    if event is None:
        raise not_found("Acara")
    entry = (await viewer_of(context, caller, [event])).entry(event)
    if entry.hidden:
        raise not_found("Acara")
    return entry
