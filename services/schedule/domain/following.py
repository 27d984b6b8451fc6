"""What a request has from the letter it came of. Invariant: pure, so opening and following it say the same."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.routing import LetterDelivered
from services.schedule.domain.history import Entry
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import Slot


@dataclass(frozen=True)
class Occasion:
    """What a letter asks a leader's presence for. Times that cannot be booked are as good as none."""

    title: str
    place: str | None
    starts_at: datetime | None
    ends_at: datetime | None


def asked_by(letter: LetterDelivered) -> Occasion:
    """What this letter asks for."""
    occasion = letter.occasion
    slot = Slot(occasion.starts_at, occasion.ends_at) if occasion else None
    sound = slot if slot and slot.is_sound else None
    return Occasion(
        title=occasion.title if occasion else letter.subject,
        place=occasion.place if occasion else None,
        starts_at=sound.start if sound else None,
        ends_at=sound.end if sound else None,
    )


def corrected(request: ScheduleRequest, asked: Occasion, entry: Entry) -> ScheduleRequest:
    """The request after its letter was corrected; what somebody asked for in their own words stays.

    What was decided stays as well, and has it in its history, so that whoever booked it can look again.
    """
    same = Occasion(request.title, request.place, request.starts_at, request.ends_at) == asked
    if request.disposition_id is None or same:
        return request
    facts = vars(asked) if request.state == "submitted" else {}
    return request.noting(entry, **facts)
