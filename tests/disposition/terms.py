"""Who holds a position, and until when, for tests of disposition."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import AssignmentChanged

ZONE = ZoneInfo("Asia/Makassar")


def day(ahead: int = 0) -> date:
    """Today in the regency, or so many days later."""
    return now().astimezone(ZONE).date() + timedelta(days=ahead)


def term(position: HeldPosition, starts: int = -100, ends: int | None = None) -> AssignmentChanged:
    """Somebody's assignment to the position, from and through so many days from today."""
    return AssignmentChanged(
        assignment_id=new_id(),
        person_id=new_id(),
        person_name=f"Pemegang {position.title}",
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role=position.role,
        capacity=position.capacity,
        starts_on=day(starts),
        ends_on=None if ends is None else day(ends),
    )
