"""Half-open stretches of time, and a calendar in which nothing overlaps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.contracts.vocabulary import Actor
from services.schedule.domain.event import Clash, ScheduleEvent, booked, clashing
from services.schedule.domain.history import Entry
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import LONGEST, Slot, range_of, slot_of

DAY = datetime(2026, 11, 3, tzinfo=UTC)
ACTOR = Actor(
    person_id="p",
    person_name="Sari",
    position_id="s",
    position_title="Sespri",
    unit_id="u",
    unit_name="Bupati",
    capacity="definitive",
)
REQUEST = ScheduleRequest(
    id="r",
    leader_position_id="l",
    leader_title="Bupati",
    leader_unit_id="u",
    type="audience",
    title="Audiensi",
    requester=ACTOR,
    submitted_at=DAY,
    history=(),
)


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    start = draw(st.integers(0, 40))
    return Slot(DAY + timedelta(minutes=start), DAY + timedelta(minutes=start + draw(st.integers(1, 15))))


def minutes(slot: Slot) -> set[int]:
    """The minutes in a slot, counted one by one: what overlapping means, spelt out."""
    first = (slot.start - DAY) // timedelta(minutes=1)
    return set(range(first, first + (slot.end - slot.start) // timedelta(minutes=1)))


class TestOverlaps:
    @given(slots(), slots())
    def test_is_having_a_minute_in_common(self, one: Slot, other: Slot) -> None:
        assert one.overlaps(other) == bool(minutes(one) & minutes(other))
        assert one.overlaps(other) == other.overlaps(one)

    @given(slots())
    def test_touching_is_not_overlapping(self, one: Slot) -> None:
        assert not one.overlaps(Slot(one.end, one.end + timedelta(minutes=5)))
        assert one.overlaps(one)


class TestSlotOf:
    @pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1), LONGEST + timedelta(seconds=1)])
    def test_refuses_none_and_too_much(self, length: timedelta) -> None:
        with pytest.raises(ServiceError) as refused:
            slot_of(DAY, DAY + length)
        assert refused.value.code == "slot_invalid"

    def test_is_cut_to_milliseconds(self) -> None:
        assert slot_of(DAY.replace(microsecond=1999), DAY + LONGEST).start.microsecond == 1000

    def test_a_range_may_be_wider_but_not_endless(self) -> None:
        assert range_of(DAY, DAY + timedelta(days=92)).end == DAY + timedelta(days=92)
        with pytest.raises(ServiceError):
            range_of(DAY, DAY + timedelta(days=92, seconds=1))

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("0001-01-01T00:00:00+23:59", "0001-01-02T00:00:00+23:59"),
            ("0001-01-01T00:00:00+00:00", "0001-01-02T00:00:00+00:00"),
            ("9999-12-30T00:00:00+00:00", "9999-12-31T23:59:59+00:00"),
            ("9999-12-31T23:00:00-23:59", "9999-12-31T23:59:59-23:59"),
        ],
    )
    def test_at_the_ends_of_the_calendar_it_is_refused_not_overflown(self, start: str, end: str) -> None:
        for refuses in (slot_of, range_of):
            with pytest.raises(ServiceError):
                refuses(datetime.fromisoformat(start), datetime.fromisoformat(end))
        assert not Slot(datetime.fromisoformat(start), datetime.fromisoformat(end)).is_sound


def book(calendar: list[ScheduleEvent], slot: Slot, reason: str | None = None) -> ScheduleEvent:
    entry = Entry(what="booked", actor=ACTOR, at=DAY, reason=reason)
    return booked(calendar, REQUEST, slot, None, f"e{len(calendar)}", entry)


class TestBooked:
    @given(st.lists(slots(), max_size=25))
    def test_H6_no_two_events_of_one_leader_overlap(self, wanted: list[Slot]) -> None:
        calendar: list[ScheduleEvent] = []
        for slot in wanted:
            in_the_way = clashing(calendar, slot)
            if in_the_way:
                with pytest.raises(Clash) as refused:
                    book(calendar, slot)
                assert refused.value.events == in_the_way
            else:
                calendar.append(book(calendar, slot))
        taken = [minutes(event.slot) for event in calendar]
        assert sum(map(len, taken)) == len(set().union(*taken))

    @given(st.lists(st.tuples(slots(), st.booleans()), max_size=25))
    def test_H6_every_overlap_has_a_name_and_a_reason(self, wanted: list[tuple[Slot, bool]]) -> None:
        calendar: list[ScheduleEvent] = []
        for slot, insists in wanted:
            if insists or not clashing(calendar, slot):
                calendar.append(book(calendar, slot, "Perintah" if insists else None))
        for index, event in enumerate(calendar):
            under = {one.id for one in calendar[:index] if minutes(one.slot) & minutes(event.slot)}
            assert set(event.override.over if event.override else ()) == under

    def test_a_cancelled_event_is_in_nobodys_way(self) -> None:
        slot = Slot(DAY, DAY + timedelta(hours=1))
        cancelled = book([], slot).model_copy(update={"state": "cancelled"})
        assert book([cancelled], slot).override is None
