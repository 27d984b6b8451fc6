"""Who looks at a calendar. Invariant: what of a letter may be known is asked anew at every look."""

from collections.abc import Iterable

from services.chassis.auth import Principal
from services.projections.letter_access import may_read
from services.schedule.commands.acting import posts_of
from services.schedule.context import Context
from services.schedule.domain.event import ScheduleEvent
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.seen import LetterSight, Viewer


async def viewer_of(context: Context, caller: Principal, subjects: Iterable[ScheduleEvent | ScheduleRequest]) -> Viewer:
    """The caller, knowing what they may of the letters behind ``subjects``."""
    letter_ids = [one.letter_id for one in subjects if one.letter_id]
    letters = await context.letters.of_many(letter_ids)
    sights = {
        letter_id: LetterSight(access.confidentiality == "ordinary", may_read(caller, access))
        for letter_id, access in letters.items()
    }
    return Viewer(posts_of(caller), sights)
