"""When a part is due: pure, on the calendar of the demo's regency."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.disposition.domain.deadline import Deadline, deadline
from services.projections.working_days import WorkingCalendar
from tests.projections.calendars import INSTANTS, MAKASSAR, calendars, klungkung

DAYS_AHEAD = st.integers(0, 400)


def local(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=MAKASSAR)


class TestDeadline:
    def test_without_a_day_there_is_none(self) -> None:
        assert deadline(klungkung(), None, None, datetime(2026, 6, 15, tzinfo=UTC)) == Deadline()

    def test_H13_a_day_is_over_when_offices_close_and_reminded_of_the_working_day_before(self) -> None:
        found = deadline(klungkung(), date(2026, 6, 19), None, local(date(2026, 6, 10), 9))
        assert found.due_at == local(date(2026, 6, 19), 16)
        assert found.remind_at == local(date(2026, 6, 15), 8)  # between them Galungan, three days

    def test_H13_working_days_do_not_count_the_days_off_between(self) -> None:
        found = deadline(klungkung(), None, 2, local(date(2026, 6, 15), 9))
        assert found.due_on == date(2026, 6, 22)  # Friday the 19th, then Monday

    def test_what_is_given_for_today_is_due_today_and_not_reminded_of(self) -> None:
        found = deadline(klungkung(), date(2026, 6, 15), None, local(date(2026, 6, 15), 10))
        assert found == Deadline(date(2026, 6, 15), local(date(2026, 6, 15), 16), None)

    def test_what_is_given_for_today_after_hours_is_due_with_the_day(self) -> None:
        found = deadline(klungkung(), date(2026, 6, 15), None, local(date(2026, 6, 15), 20))
        assert found == Deadline(date(2026, 6, 15), local(date(2026, 6, 16), 0), None)

    @given(calendars(), INSTANTS, DAYS_AHEAD)
    def test_a_day_is_kept_and_never_over_before_it_began(self, on: WorkingCalendar, at: datetime, ahead: int) -> None:
        day = on.local_day(at) + timedelta(days=ahead)
        found = deadline(on, day, None, at)
        assert found.due_on == day
        assert found.due_at is not None
        assert at < found.due_at
        assert found.remind_at is None or at < found.remind_at < found.due_at

    @given(calendars(), INSTANTS, st.integers(1, 60))
    def test_so_many_working_days_end_on_one(self, on: WorkingCalendar, at: datetime, days: int) -> None:
        found = deadline(on, None, days, at)
        assert found.due_on is not None
        assert on.is_working(found.due_on)
        assert found.due_at == on.add_working_days(at, days)
        assert found.remind_at is not None
        assert at < found.remind_at < found.due_at
