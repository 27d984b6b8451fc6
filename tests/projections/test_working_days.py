"""Working days: counted right over weekends, national days, the regency's own days and the turn of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projections.working_days import DayOff, OfficeHours, WorkingCalendar
from tests.projections.calendars import INSTANTS, MAKASSAR, calendar, calendars, holiday, klungkung, working

COUNTS = st.integers(1, 30)


def local(day: date, hour: int = 9, zone: ZoneInfo = MAKASSAR) -> datetime:
    """An hour of a day in the regency, in UTC."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


class TestWhyOff:
    @pytest.mark.parametrize(
        ("day", "source", "name"),
        [
            (date(2026, 3, 19), "national", "Hari Suci Nyepi"),
            (date(2026, 3, 18), "joint_leave", "Cuti Bersama Hari Suci Nyepi"),
            (date(2026, 8, 17), "national", "Hari Kemerdekaan Republik Indonesia"),
            (date(2026, 3, 7), "weekend", "Sabtu"),
            (date(2026, 3, 8), "weekend", "Minggu"),
            (date(2026, 6, 17), "regency", "Hari Raya Galungan"),
            (date(2026, 6, 27), "regency", "Hari Raya Kuningan"),
        ],
    )
    def test_a_day_off_says_why(self, day: date, source: str, name: str) -> None:
        off = klungkung().why_off(day)
        assert off is not None
        assert (off.source, off.name) == (source, name)

    def test_a_plain_day_is_worked(self) -> None:
        assert klungkung().why_off(date(2026, 3, 4)) is None

    def test_with_six_days_saturday_is_worked_and_sunday_is_not(self) -> None:
        six = calendar(week_days=6)
        assert six.is_working(date(2026, 3, 7))
        assert six.why_off(date(2026, 3, 8)) == DayOff(date(2026, 3, 8), "Minggu", "weekend")

    @pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 18), date(2026, 3, 19)])
    def test_the_regency_may_work_when_others_do_not(self, day: date) -> None:
        assert calendar(working(day)).is_working(day)


class TestDaysOff:
    def test_a_year_lists_each_day_once_and_in_order(self) -> None:
        listed = klungkung().days_off(2026)
        days = [one.day for one in listed]
        assert days == sorted(set(days))
        assert {one.source for one in listed} == {"weekend", "national", "joint_leave", "regency"}
        assert sum(day.weekday() == 6 for day in days) == 52

    def test_the_last_day_of_a_leap_year_is_looked_at(self) -> None:
        assert calendar(holiday(date(2024, 12, 31))).days_off(2024)[-1].day == date(2024, 12, 31)


class TestAddWorkingDays:
    @pytest.mark.parametrize(
        ("start", "count", "due"),
        [
            (date(2026, 3, 2), 1, date(2026, 3, 3)),
            (date(2026, 3, 2), 5, date(2026, 3, 9)),
            (date(2026, 3, 6), 1, date(2026, 3, 9)),
            (date(2026, 3, 7), 1, date(2026, 3, 9)),
            # Nyepi with its joint leave, Ngembak Geni, Idul Fitri with two more days of joint leave.
            (date(2026, 3, 17), 1, date(2026, 3, 25)),
            # Galungan from Penampahan to Umanis; 16 June is the Islamic new year too.
            (date(2026, 6, 15), 1, date(2026, 6, 19)),
            # Christmas with its eve, the weekend, New Year.
            (date(2025, 12, 24), 5, date(2026, 1, 5)),
        ],
    )
    def test_it_counts_as_a_clerk_would(self, start: date, count: int, due: date) -> None:
        assert klungkung().add_working_days(local(start), count) == local(due, 16)

    def test_the_day_it_arrives_is_the_local_one(self) -> None:
        """Late on Sunday in UTC it is Monday morning in Klungkung."""
        sunday_night_utc = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        assert klungkung().add_working_days(sunday_night_utc, 1) == local(date(2026, 3, 3), 16)

    @given(calendars(), INSTANTS, COUNTS)
    def test_it_never_falls_on_a_day_off_and_is_later(self, days: WorkingCalendar, start: datetime, count: int) -> None:
        due = days.add_working_days(start, count)
        assert days.is_working(days.local_day(due))
        assert due > start
        assert due.astimezone(days.hours.zone).time() == days.hours.closes

    @given(calendars(), INSTANTS, COUNTS)
    def test_exactly_so_many_working_days_lie_between(self, days: WorkingCalendar, start: datetime, count: int) -> None:
        first, last = days.local_day(start), days.local_day(days.add_working_days(start, count))
        between = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        assert sum(days.is_working(day) for day in between) == count

    @given(calendars(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=40)), COUNTS)
    def test_who_comes_later_is_never_due_earlier(
        self, days: WorkingCalendar, start: datetime, later: timedelta, count: int
    ) -> None:
        assert days.add_working_days(start + later, count) >= days.add_working_days(start, count)

    @given(calendars(), INSTANTS, COUNTS, COUNTS)
    def test_more_days_are_always_later_and_can_be_counted_in_parts(
        self, days: WorkingCalendar, start: datetime, one: int, more: int
    ) -> None:
        whole, part = days.add_working_days(start, one + more), days.add_working_days(start, one)
        assert whole > part
        assert days.add_working_days(part, more) == whole

    @given(calendars(), INSTANTS, COUNTS, st.dates(date(2024, 1, 1), date(2028, 12, 31)))
    def test_one_more_day_off_never_brings_it_forward(
        self, days: WorkingCalendar, start: datetime, count: int, day: date
    ) -> None:
        fewer = WorkingCalendar(days.hours, {**days.decided, day: holiday(day)})
        assert fewer.add_working_days(start, count) >= days.add_working_days(start, count)


class TestPreceding:
    @given(calendars(), st.dates(date(2024, 2, 1), date(2028, 12, 31)))
    def test_it_is_the_last_working_day_before(self, days: WorkingCalendar, day: date) -> None:
        before = days.preceding(day)
        assert before < day
        assert days.is_working(before)
        gap = (before + timedelta(days=number) for number in range(1, (day - before).days))
        assert not any(days.is_working(one) for one in gap)


class TestReminder:
    def test_it_comes_as_offices_open_on_the_working_day_before(self) -> None:
        start, due = local(date(2026, 3, 2)), local(date(2026, 3, 9), 16)
        assert klungkung().reminder(start, due) == local(date(2026, 3, 6), 8)

    def test_with_one_day_it_comes_on_the_day_itself(self) -> None:
        start, due = local(date(2026, 3, 2)), local(date(2026, 3, 3), 16)
        assert klungkung().reminder(start, due) == local(date(2026, 3, 3), 8)

    @given(calendars(), INSTANTS, COUNTS)
    def test_it_lies_between_on_a_working_day(self, days: WorkingCalendar, start: datetime, count: int) -> None:
        due = days.add_working_days(start, count)
        reminder = days.reminder(start, due)
        assert start < reminder < due
        assert days.is_working(days.local_day(reminder))


class TestOfficeHours:
    def test_offices_close_after_they_open(self) -> None:
        with pytest.raises(ValueError, match="close"):
            OfficeHours(MAKASSAR, opens=time(16), closes=time(8))
