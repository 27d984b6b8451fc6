"""What is answered about figures. Times are seconds; a share is between 0 and 1, null of nothing."""

from datetime import date, datetime
from typing import Annotated, Any, get_args

from fastapi import Query
from pydantic import BaseModel

from services.chassis.ids import EntityId
from services.contracts.vocabulary import LetterOutcome
from services.routing.domain.branch import State
from services.routing.domain.figure_baseline import Baseline, saved
from services.routing.domain.figure_counts import Tally, times_of
from services.routing.domain.figure_measures import (
    LEADERS,
    PATH,
    SPANS,
    Leader,
    Measure,
    by_leader,
)
from services.routing.domain.figure_period import MONTH
from services.routing.domain.letter import RANKED_OUTCOMES, Status
from services.routing.domain.organisation import Unit, UnitKind

STATUSES: tuple[Status, ...] = tuple(one for one in get_args(Status) if one != "void")
"""Of what is void nothing is counted."""
STATES: tuple[State, ...] = get_args(State)
OwnUnit = Annotated[EntityId | None, Query(description="One unit alone; without it, every unit the caller sees.")]
FromMonth = Annotated[
    str | None, Query(alias="from", pattern=MONTH, description="Twelve months in all where it is left out.")
]
ToMonth = Annotated[str | None, Query(alias="to", pattern=MONTH, description="This month where it is left out.")]
OneMonth = Annotated[str | None, Query(pattern=MONTH, description="This month where it is left out.")]


class TimesView(BaseModel):
    """How many times were taken, their median and 90th percentile, and how long it took before (see the baseline).

    ``saved_share``: what share of the time before the median saves; less than 0 where it takes longer now.
    """

    count: int
    median_seconds: float | None
    p90_seconds: float | None
    before_seconds: float | None = None
    saved_share: float | None = None


class StepsGroup(BaseModel):
    """Times of the branches that were opened in a period.

    ``spans`` run from the arrival at the unit; ``to_inbox`` and ``to_dispatch`` from the registration. ``path`` are the
    steps of the whole way, each from the one before it that was taken. ``branches`` are all, copies and ways out too.
    """

    branches: int
    spans: dict[Measure, TimesView]
    to_disposition_by_leader: dict[Leader, TimesView]
    by_acting: int
    path: dict[Measure, TimesView]


class MonthSteps(StepsGroup):
    """One month."""

    month: str


class UnitSteps(StepsGroup):
    """One unit, over all the months asked for."""

    unit_id: str
    unit_name: str
    unit_kind: UnitKind


class StepsView(BaseModel):
    """Both months are included; ``counted_at`` is null where nothing was counted yet."""

    from_month: str
    to_month: str
    counted_at: datetime | None
    total: StepsGroup
    months: list[MonthSteps]
    units: list[UnitSteps]


class OutcomesGroup(BaseModel):
    """What became of letters that were registered, and where those ended that came in.

    ``ways``: how many branches are in each state: the final position of the letters that came to these units.
    """

    letters: int
    sent: int
    entered: int
    by_status: dict[Status, int]
    by_outcome: dict[LetterOutcome, int]
    without_outcome: int
    to_completion: TimesView
    branches: int
    ways: dict[State, int]


class MonthOutcomes(OutcomesGroup):
    """One month."""

    month: str


class UnitOutcomes(OutcomesGroup):
    """One unit, over all the months asked for."""

    unit_id: str
    unit_name: str
    unit_kind: UnitKind


class OutcomesView(BaseModel):
    """Both months are included."""

    from_month: str
    to_month: str
    counted_at: datetime | None
    total: OutcomesGroup
    months: list[MonthOutcomes]
    units: list[UnitOutcomes]


class BaselineView(BaseModel):
    """How long things took on paper: the median hours of each measure that was taken."""

    version: int
    hours: dict[Measure, float]
    source: str
    measured_from: date | None
    measured_to: date | None
    letters: int | None
    stated_at: datetime
    stated_by_id: str
    stated_by_name: str


def steps_group(tally: Tally, before: Baseline | None) -> StepsGroup:
    """The times of a tally."""
    return StepsGroup(
        branches=sum(tally.counted_by("role").values()),
        spans={name: times_view(tally, name, before) for name in SPANS if name != "to_completion"},
        to_disposition_by_leader={one: _times(tally, by_leader(one), None) for one in LEADERS},
        by_acting=tally.count("by_acting"),
        path={name: times_view(tally, name, before) for name in PATH},
    )


def outcomes_group(tally: Tally, before: Baseline | None) -> OutcomesGroup:
    """What became of the letters of a tally."""
    letters = tally.count("letters")
    return OutcomesGroup(
        letters=letters,
        sent=tally.count("sent"),
        entered=tally.count("entered"),
        by_status={name: tally.count(f"status/{name}") for name in STATUSES},
        by_outcome={name: tally.count(f"outcome/{name}") for name in RANKED_OUTCOMES},
        without_outcome=letters - sum(tally.counted_by("outcome").values()),
        to_completion=times_view(tally, "to_completion", before),
        branches=sum(tally.counted_by("role").values()),
        ways={name: tally.count(f"state/{name}") for name in STATES},
    )


def times_view(tally: Tally, measure: Measure, before: Baseline | None) -> TimesView:
    """The times of a measure, beside what it took before."""
    return _times(tally, measure, before.seconds(measure) if before else None)


def _times(tally: Tally, name: str, before_seconds: float | None) -> TimesView:
    found = times_of(tally, name)
    return TimesView(
        count=found.count,
        median_seconds=found.median_seconds,
        p90_seconds=found.p90_seconds,
        before_seconds=before_seconds,
        saved_share=saved(before_seconds, found.median_seconds),
    )


def unit_fields(unit: Unit) -> dict[str, Any]:
    """How a unit is named in answers."""
    return {"unit_id": unit.id, "unit_name": unit.name, "unit_kind": unit.kind}
