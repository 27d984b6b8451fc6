"""What the doors of schedule give, beside what the domain already says."""

from pydantic import BaseModel

from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.seen import CalendarEntry


class Booking(BaseModel):
    """An approved request and the event it became."""

    request: ScheduleRequest
    event: CalendarEntry


class CalendarView(BaseModel):
    """What lies in a stretch of a leader's time, the earliest first."""

    items: list[CalendarEntry]


class Conflicts(BaseModel):
    """What would be in the way of a booking; ``free`` where nothing is."""

    free: bool
    items: list[CalendarEntry]
