"""Counting in the hours offices are open."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.disposition.domain.office_time import add_office_hours, opening, opening_after
from services.projections.working_days import WorkingCalendar
from tests.projections.calendars import INSTANTS, calendar, calendars, holiday

WITA = ZoneInfo("Asia/Makassar")
SPANS = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def at(text: str) -> datetime:
    """A local instant of March 2026, whose 2nd is a Monday: "2 08:00"."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-03-{int(day):02d}T{hour}").replace(tzinfo=WITA)


class TestAddOfficeHours:
    @pytest.mark.parametrize(
        ("start", "hours", "expected"),
        [
            ("2 09:00", 4, "2 13:00"),
            ("2 14:00", 4, "3 10:00"),
            ("2 08:00", 8, "3 08:00"),
            ("2 06:30", 4, "2 12:00"),
            ("2 19:00", 4, "3 12:00"),
            ("6 15:00", 2, "9 09:00"),
            ("7 11:00", 1, "9 09:00"),
            ("2 12:00", 4, "3 08:00"),
            ("2 10:00", 16, "4 10:00"),
            ("2 10:00", 0, "2 10:00"),
        ],
    )
    def test_nights_and_weekends_do_not_count(self, start: str, hours: int, expected: str) -> None:
        assert add_office_hours(calendar(), at(start), timedelta(hours=hours)) == at(expected)

    def test_a_holiday_of_the_regency_does_not_count(self) -> None:
        off = calendar(holiday(at("3 00:00").date()))
        assert add_office_hours(off, at("2 14:00"), timedelta(hours=4)) == at("4 10:00")

    @given(calendars(), INSTANTS, SPANS)
    def test_what_comes_of_it_is_in_office_hours_and_no_sooner(
        self, any_calendar: WorkingCalendar, start: datetime, span: timedelta
    ) -> None:
        found = add_office_hours(any_calendar, start, span)
        assert found >= start + span
        assert opening(any_calendar, found) == found
        assert any_calendar.is_working(any_calendar.local_day(found))

    @given(calendars(), INSTANTS, SPANS, SPANS)
    def test_in_two_steps_it_is_the_same(
        self, any_calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta
    ) -> None:
        steps = add_office_hours(any_calendar, add_office_hours(any_calendar, start, first), second)
        assert steps == add_office_hours(any_calendar, start, first + second)

    @given(calendars(), INSTANTS, SPANS)
    def test_who_begins_later_is_never_sooner(
        self, any_calendar: WorkingCalendar, start: datetime, later: timedelta
    ) -> None:
        span = timedelta(hours=4)
        assert add_office_hours(any_calendar, start, span) <= add_office_hours(any_calendar, start + later, span)


class TestOpening:
    @pytest.mark.parametrize(
        ("asked", "expected"),
        [("2 07:59", "2 08:00"), ("2 15:59", "2 15:59"), ("2 16:00", "3 08:00"), ("7 10:00", "9 08:00")],
    )
    def test_is_now_or_when_they_next_open(self, asked: str, expected: str) -> None:
        assert opening(calendar(), at(asked)) == at(expected)

    def test_after_working_days_it_is_in_the_morning(self) -> None:
        assert opening_after(calendar(), at("5 15:00"), 3) == at("10 08:00")
