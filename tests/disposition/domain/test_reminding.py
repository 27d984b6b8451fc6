"""What the house says of a part, and when."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.disposition.domain.office_time import opening
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.reminding import House, Patience, Saying, due_of, first_of, unread_from
from services.disposition.domain.watching import instants_of
from services.projections.working_days import WorkingCalendar
from tests.disposition.domain.parts import part
from tests.disposition.domain.test_office_time import at
from tests.projections.calendars import INSTANTS, calendar, calendars

PATIENCE = Patience(unread=timedelta(hours=4), reminders_at_most=3, escalation=timedelta(hours=8), report_days=5)
HOUSE = House(calendar(), PATIENCE)


def given_at(begin: datetime, *codes: str, house: House = HOUSE, **facts: Any) -> DispositionRecipient:
    """A part with the reminders it begins with."""
    made = part(begin, *codes, **facts)
    return made.model_copy(update={"reminders": first_of(house, made.instructions, begin)})


def until(
    one: DispositionRecipient, end: datetime, house: House = HOUSE, heard_at: datetime | None = None
) -> list[tuple[Saying, datetime]]:
    """Everything that is said up to ``end``, with when, where the house looks at the very instants."""
    said: list[tuple[Saying, datetime]] = []
    while (instants := instants_of(one)) and (moment := min(instants)) <= end:
        found, reminders = due_of(house, one, heard_at or one.issued_at, moment)
        said += [(saying, moment) for saying in found]
        one = one.model_copy(update={"reminders": reminders})
    return said


class TestUnread:
    def test_H14_recipient_is_reminded_thrice_and_the_issuer_told_once(self) -> None:
        assert until(given_at(at("2 09:00")), at("20 08:00")) == [
            ("unread", at("2 13:00")),
            ("unread", at("3 09:00")),
            ("escalated", at("3 09:00")),
            ("unread", at("3 13:00")),
        ]

    def test_very_urgent_takes_half_as_long(self) -> None:
        urgent = House(HOUSE.calendar, PATIENCE.halved())
        assert until(given_at(at("2 09:00"), house=urgent), at("2 13:00"), urgent) == [
            ("unread", at("2 11:00")),
            ("unread", at("2 13:00")),
            ("escalated", at("2 13:00")),
        ]

    def test_nobody_is_reminded_at_night_or_on_sundays(self) -> None:
        said = until(given_at(at("6 15:00")), at("9 12:00"))
        assert said == [("unread", at("9 11:00"))]

    def test_what_was_due_while_nobody_looked_is_said_once(self) -> None:
        one = given_at(at("2 09:00"))
        found, reminders = due_of(HOUSE, one, one.issued_at, at("5 10:00"))
        assert found == ("unread", "escalated")
        assert (reminders.unread, reminders.next_unread_at) == (1, at("5 14:00"))

    def test_due_at_night_after_all_it_waits_until_offices_open(self) -> None:
        one = given_at(at("2 09:00"))
        found, reminders = due_of(HOUSE, one, one.issued_at, at("3 22:00"))
        assert found == ()
        assert (reminders.next_unread_at, reminders.escalate_at) == (at("4 08:00"), at("4 08:00"))

    def test_once_read_nothing_more_is_said(self) -> None:
        one = given_at(at("2 09:00")).seen(at("2 10:00"))
        assert until(one, at("20 08:00")) == []

    def test_without_reminders_the_issuer_is_told_all_the_same(self) -> None:
        quiet = House(HOUSE.calendar, Patience(timedelta(hours=4), 0, timedelta(hours=8), 5))
        assert until(given_at(at("2 09:00"), house=quiet), at("20 08:00"), quiet) == [("escalated", at("3 09:00"))]

    def test_handed_to_another_it_begins_anew(self) -> None:
        _, said = due_of(HOUSE, given_at(at("2 09:00")), at("2 09:00"), at("5 10:00"))
        anew = unread_from(HOUSE, said, at("9 09:00"))
        assert (anew.unread, anew.escalated, anew.next_unread_at) == (0, False, at("9 13:00"))


class TestDeadline:
    def read(self, *codes: str, **facts: Any) -> DispositionRecipient:
        due = {"due_at": at("5 16:00"), "remind_at": at("4 08:00")}
        return given_at(at("2 09:00"), *codes, **(due | facts)).seen(at("2 10:00"))

    def test_near_and_passed_are_said_once_each(self) -> None:
        assert until(self.read(), at("20 08:00")) == [("neared", at("4 08:00")), ("passed", at("5 16:00"))]

    def test_where_it_has_passed_nothing_is_said_of_nearing(self) -> None:
        one = self.read()
        found, reminders = due_of(HOUSE, one, one.issued_at, at("9 09:00"))
        assert found == ("passed",)
        assert (reminders.neared, reminders.overdue) == (True, True)

    def test_passing_is_said_at_that_very_instant_although_offices_are_closed(self) -> None:
        assert until(self.read(due_at=at("7 23:59")), at("8 00:00"))[-1] == ("passed", at("7 23:59"))

    def test_unread_until_the_deadline_both_are_said(self) -> None:
        one = given_at(at("5 11:00"), due_at=at("5 16:00"), remind_at=at("5 08:00"))
        assert [saying for saying, _ in until(one, at("5 23:00"))] == ["neared", "unread", "passed"]

    def test_done_nothing_is_said(self) -> None:
        one = self.read()
        assert until(one.seen(at("3 10:00"), completed_at=at("3 10:00")), at("20 08:00")) == []

    def test_closed_by_its_holder_but_open_below_it_still_is_waited_for(self) -> None:
        one = self.read().seen(at("3 10:00"), completed_at=at("3 10:00"), below=1)
        assert [saying for saying, _ in until(one, at("20 08:00"))] == ["neared", "passed"]


class TestReport:
    def test_is_asked_for_after_five_working_days_without_one(self) -> None:
        one = given_at(at("2 09:00"), "pantau").seen(at("2 10:00"))
        assert until(one, at("20 08:00")) == [("report", at("9 08:00")), ("report", at("16 08:00"))]

    def test_a_report_puts_it_off(self) -> None:
        one = given_at(at("2 09:00"), "pantau").seen(at("2 10:00"))
        assert until(one, at("13 08:00"), heard_at=at("6 14:00")) == [("report", at("13 08:00"))]

    def test_who_has_done_their_share_is_not_asked_while_others_below_are_at_work(self) -> None:
        one = given_at(at("2 09:00"), "pantau", "ingatkan").seen(at("2 10:00"), completed_at=at("2 11:00"), below=1)
        assert one.is_open
        assert until(one, at("20 08:00")) == []


class TestReminder:
    def test_ingatkan_is_said_as_offices_open_each_working_day(self) -> None:
        one = given_at(at("5 09:00"), "ingatkan").seen(at("5 10:00"))
        assert until(one, at("10 07:00")) == [("reminder", at("6 08:00")), ("reminder", at("9 08:00"))]

    def test_with_a_deadline_once_that_has_passed(self) -> None:
        one = given_at(at("2 09:00"), "ingatkan", due_at=at("5 16:00"), remind_at=at("4 08:00")).seen(at("2 10:00"))
        assert until(one, at("10 07:00")) == [
            ("neared", at("4 08:00")),
            ("passed", at("5 16:00")),
            ("reminder", at("6 08:00")),
            ("reminder", at("9 08:00")),
        ]

    def test_opened_again_it_is_not_said_the_same_day(self) -> None:
        one = given_at(at("2 09:00"), "ingatkan").seen(at("2 10:00"), reopened_at=at("5 09:00"))
        found, reminders = due_of(HOUSE, one, at("5 09:00"), at("5 09:01"))
        assert (found, reminders.next_reminder_at) == ((), at("6 08:00"))


CODES = st.lists(st.sampled_from(["tindaklanjuti", "pantau", "ingatkan", "diketahui"]), min_size=1, max_size=3)


class TestAlways:
    @given(calendars(), INSTANTS, CODES, st.integers(0, 900), st.integers(0, 60), st.booleans())
    def test_what_was_said_is_settled_and_reminders_come_in_office_hours(
        self, days: WorkingCalendar, begin: datetime, codes: list[str], due_in: int, looked_after: int, read: bool
    ) -> None:
        house = House(days, PATIENCE)
        due_at = begin + timedelta(hours=due_in)
        one = given_at(begin, *codes, house=house, due_at=due_at, remind_at=due_at - timedelta(hours=30))
        one = one.seen(begin) if read else one
        for number in range(1, 40):
            moment = begin + timedelta(hours=number * looked_after, minutes=number)
            found, reminders = due_of(house, one, begin, moment)
            one = one.model_copy(update={"reminders": reminders})
            assert all(instant > moment for instant in instants_of(one))
            assert not set(found) - {"neared", "passed"} or opening(days, moment) == moment
            assert due_of(house, one, begin, moment) == ((), one.reminders)
