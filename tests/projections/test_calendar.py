"""The calendar as a service that is told of decided days knows it."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.bus.outcome import Done
from services.chassis.mongo import Database
from services.contracts.routing import DayDecided
from services.projections.calendar import COLLECTION, Calendar
from tests.events import envelope_of
from tests.projections.conftest import Deliver

GALUNGAN = date(2050, 6, 15)
"""A Wednesday so far ahead that these tests stay what they are."""
HOLIDAY = DayDecided(day=GALUNGAN, kind="holiday", name="Hari Raya Galungan")
# The database outlives an example, so each begins with no row.
SHARED = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestWorking:
    async def test_where_nothing_was_decided_the_nation_and_the_week_decide(self, days: Calendar) -> None:
        calendar = await days.working()
        assert calendar.is_working(GALUNGAN)
        assert not calendar.is_working(date(2050, 8, 17))
        assert not calendar.is_working(date(2050, 6, 18))

    async def test_a_holiday_of_the_regency_is_counted_from_when_it_was_told(
        self, days: Calendar, deliver: Deliver
    ) -> None:
        assert (await days.working()).is_working(GALUNGAN)
        assert await deliver(envelope_of(HOLIDAY)) == Done()
        off = (await days.working()).why_off(GALUNGAN)
        assert off is not None
        assert (off.name, off.source) == ("Hari Raya Galungan", "regency")

    async def test_a_day_that_is_worked_elsewhere_off_is_known(self, days: Calendar, deliver: Deliver) -> None:
        worked = DayDecided(day=date(2050, 8, 17), kind="working_day", name="Pelayanan tetap buka")
        await deliver(envelope_of(worked))
        assert (await days.working()).is_working(worked.day)

    async def test_a_decision_that_was_taken_back_holds_no_more(self, days: Calendar, deliver: Deliver) -> None:
        await deliver(envelope_of(HOLIDAY, 1))
        await deliver(envelope_of(DayDecided(day=GALUNGAN), 2))
        assert (await days.working()).is_working(GALUNGAN)
        await deliver(envelope_of(HOLIDAY, 1))
        assert (await days.working()).is_working(GALUNGAN)
        await deliver(envelope_of(HOLIDAY, 3))
        assert not (await days.working()).is_working(GALUNGAN)

    async def test_what_is_asked_soon_again_is_not_read_again(
        self, days: Calendar, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await days.working()
        monkeypatch.setattr(days, "_rows", None)
        assert await days.working() is first

    @SHARED
    @given(order=st.permutations([1, 2, 3, 3, 4]))
    async def test_in_any_order_the_newest_decision_stands(
        self, days: Calendar, deliver: Deliver, database: Database, order: Sequence[int]
    ) -> None:
        await database[COLLECTION].delete_many({})
        for version in order:
            holiday = DayDecided(day=GALUNGAN, kind="holiday", name=str(version))
            await deliver(envelope_of(holiday if version % 2 == 0 else DayDecided(day=GALUNGAN), version))
        off = (await days.working()).why_off(GALUNGAN)
        assert off is not None
        assert off.name == "4"
