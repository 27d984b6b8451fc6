"""The working calendar: which days offices work, and what the regency decides of single days."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Caller, Principal, require
from services.chassis.clock import now
from services.chassis.conditions import SeenVersion, tag
from services.chassis.openapi import problems
from services.projections.national_days import FIRST_YEAR, LAST_YEAR
from services.projections.working_days import DayOff, Decided, DecidedKind, OfficeHours, Source, WorkingCalendar
from services.routing.commands.decide_day import Asked, decide_day, undecide_day
from services.routing.store.calendar import Decision
from services.routing.working_time import Hours

router = APIRouter(prefix="/v1/calendar", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]
Day = Annotated[date, Path(description="A local date.")]


class WantedDay(BaseModel):
    """What the regency decides of a day."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: DecidedKind
    name: str = Field(min_length=1, max_length=200, description="Such as `Hari Raya Galungan`.")


class DayOffView(BaseModel):
    """A day off, and who says so: the week, the national calendar, joint leave (cuti bersama) or the regency."""

    date: date
    name: str
    source: Source


class DecisionView(BaseModel):
    """What the regency has decided of a day."""

    date: date
    kind: DecidedKind
    name: str
    by_name: str
    at: datetime
    version: int


class DayView(BaseModel):
    """A day: whether offices work, why not, and the regency's decision where there is one."""

    date: date
    working: bool
    off: DayOffView | None
    decision: DecisionView | None


class YearView(BaseModel):
    """A year: every day off, and every decision of the regency."""

    year: int
    week_days: int
    timezone: str
    days_off: list[DayOffView]
    decisions: list[DecisionView]


@router.get("", operation_id="read_calendar", summary="The days off of a year", responses=problems(401, 422))
async def get_year(
    time: Hours, _: Caller, year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None
) -> YearView:
    """Of this year where none is named."""
    hours = time.hours
    wanted = year or now().astimezone(hours.zone).year
    decisions = await time.days.in_year(wanted)
    calendar = WorkingCalendar(hours, {one.day: one.decided for one in decisions})
    return YearView(
        year=wanted,
        week_days=hours.week_days,
        timezone=hours.zone.key,
        days_off=[_off(one) for one in calendar.days_off(wanted)],
        decisions=[_decision(one) for one in decisions],
    )


@router.get(
    "/days/{day}", operation_id="read_calendar_day", summary="Whether a day is worked", responses=problems(401, 422)
)
async def get_day(time: Hours, _: Caller, day: Day, response: Response) -> DayView:
    """The entity tag is that of the regency's decision; without one there is none."""
    decision = await time.days.find(day, None)
    return _day(time.hours, day, decision, response)


@router.put(
    "/days/{day}",
    operation_id="decide_calendar_day",
    summary="Make a day a holiday of the regency, or a working day",
    responses={
        201: {"model": DayView, "description": "The first decision about this day"},
        **problems(401, 403, 412, 422),
    },
)
async def put_day(
    time: Hours, caller: Writer, day: Day, body: WantedDay, seen: SeenVersion, response: Response
) -> DayView:
    """Deadlines that were given before stay as they are."""
    decision, first = await decide_day(time, Asked(caller, seen), Decided(day, body.kind, body.name))
    response.status_code = 201 if first else 200
    return _day(time.hours, day, decision, response)


@router.delete(
    "/days/{day}",
    operation_id="undecide_calendar_day",
    summary="Take back what was decided of a day",
    status_code=204,
    responses=problems(401, 403, 404, 412, 422),
)
async def delete_day(time: Hours, caller: Writer, day: Day, seen: SeenVersion) -> Response:
    """The day is again what the national calendar and the week make of it."""
    await undecide_day(time, Asked(caller, seen), day)
    return Response(status_code=204)


def _day(hours: OfficeHours, day: date, decision: Decision | None, response: Response) -> DayView:
    if decision:
        tag(response, decision.version)
    off = WorkingCalendar(hours, {day: decision.decided} if decision else {}).why_off(day)
    return DayView(
        date=day,
        working=off is None,
        off=_off(off) if off else None,
        decision=_decision(decision) if decision else None,
    )


def _off(off: DayOff) -> DayOffView:
    return DayOffView(date=off.day, name=off.name, source=off.source)


def _decision(decision: Decision) -> DecisionView:
    return DecisionView(date=decision.day, **decision.model_dump(exclude={"day", "by_id"}))
