"""H13: deadlines of dispositions, counted in the working days that routing has told of."""

from datetime import UTC, date, datetime, time, timedelta

from services.chassis.clock import now
from services.contracts.routing import DayDecided
from services.projections.working_days import OfficeHours, WorkingCalendar
from tests.disposition.world import Json, World, to


def calendar(world: World) -> WorkingCalendar:
    """The calendar without a decision of the regency's."""
    return WorkingCalendar(OfficeHours(world.service.app.state.context.timezone))


def due(given: Json) -> datetime:
    """When the first recipient's part is due."""
    return datetime.fromisoformat(given["recipients"][0]["due_at"])


class TestWorkingDays:
    async def test_H13_so_many_working_days_end_as_offices_close(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary, working_days=3))
        days = calendar(world)
        expected = days.add_working_days(now(), 3)
        assert due(given) == expected
        assert given["recipients"][0]["due_on"] == days.local_day(expected).isoformat()

    async def test_H13_a_holiday_the_regency_decides_is_not_counted(self, world: World) -> None:
        days = calendar(world)
        today = days.local_day(now())
        await world.tell(DayDecided(day=days.following(today, 2), kind="holiday", name="Libur daerah"))
        given = await world.disposed(world.head, to(world.secretary, working_days=3))
        assert given["recipients"][0]["due_on"] == days.following(today, 4).isoformat()

    async def test_H13_a_day_is_over_when_offices_close(self, world: World) -> None:
        day = calendar(world).local_day(now()) + timedelta(days=30)
        given = await world.disposed(world.head, to(world.secretary, due_on=day.isoformat()))
        zone = world.service.app.state.context.timezone
        assert due(given) == datetime.combine(day, time(16), zone).astimezone(UTC)
        assert date.fromisoformat(given["recipients"][0]["due_on"]) == day

    async def test_without_one_there_is_none(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary))
        assert (given["recipients"][0]["due_on"], given["recipients"][0]["due_at"]) == (None, None)

    async def test_a_day_and_a_number_are_not_both(self, world: World) -> None:
        both = to(world.secretary, due_on=date(2099, 1, 1).isoformat(), working_days=2)
        assert (await world.dispose(world.head, both))[0] == 422
