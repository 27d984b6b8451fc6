"""What is answered about who works with it, and about what lies undone."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.routing.api.figure_models import unit_fields
from services.routing.commands.figure_adoption import Adoption, ratio
from services.routing.commands.figure_backlogs import Backlogs
from services.routing.domain.figure_backlog import Standing
from services.routing.domain.organisation import UnitKind


class AdoptionView(BaseModel):
    """An office with its subdivisions in a month.

    ``active_positions`` are those in use now, ``acting_positions`` of them who did anything. Of the branches that came,
    copies included, ``opened`` were seen by somebody there; of those that ask for something (``asked``), something was
    done about ``acted``; of those with a deadline (``timed``), ``in_time`` were done by then and ``overdue`` were not.
    """

    unit_id: str
    unit_name: str
    unit_kind: UnitKind
    active_positions: int
    acting_positions: int
    acting_share: float | None
    acting_people: int
    sent: int
    entered: int
    delivered: int
    opened: int
    opened_share: float | None
    asked: int
    acted: int
    acted_share: float | None
    timed: int
    in_time: int
    in_time_share: float | None
    overdue: int
    overdue_share: float | None
    last_activity_at: datetime | None


class AdoptionsView(BaseModel):
    """``working_units``: offices where anybody acted in the month."""

    month: str
    units: int
    working_units: int
    items: list[AdoptionView]


class StandingView(BaseModel):
    """What asks for something and is not done: how much, how old, since when the oldest. Copies hold nothing up."""

    open: int
    not_followed_up: int
    overdue: int
    unread_copies: int
    to_dispatch: int
    ages: dict[str, int]
    oldest_at: datetime | None


class UnitStanding(StandingView):
    """One unit's."""

    unit_id: str
    unit_name: str
    unit_kind: UnitKind


class BacklogView(BaseModel):
    """At this moment; units with nothing open are not listed."""

    at: datetime
    total: StandingView
    units: list[UnitStanding]


def adoptions_view(month: str, found: list[Adoption]) -> AdoptionsView:
    """The answer for these offices."""
    working = sum(1 for one in found if one.people)
    return AdoptionsView(month=month, units=len(found), working_units=working, items=[_adoption(one) for one in found])


def backlog_view(found: Backlogs) -> BacklogView:
    """The answer for these backlogs."""
    units = [UnitStanding(**_standing(one), **unit_fields(unit)) for unit, one in found.units]
    return BacklogView(at=found.at, total=StandingView(**_standing(found.total)), units=units)


def _adoption(one: Adoption) -> AdoptionView:
    counted: dict[str, Any] = {name: one.tally.count(name) for name in COUNTED}
    return AdoptionView(
        **unit_fields(one.unit),
        **counted,
        active_positions=one.positions,
        acting_positions=one.acting,
        acting_share=ratio(one.acting, one.positions),
        acting_people=one.people,
        opened_share=one.share("opened"),
        acted_share=one.share("acted", "asked"),
        in_time_share=one.share("in_time", "timed"),
        overdue_share=one.share("overdue", "timed"),
        last_activity_at=one.last_at,
    )


COUNTED = ("sent", "entered", "delivered", "opened", "asked", "acted", "timed", "in_time", "overdue")


def _standing(one: Standing) -> dict[str, Any]:
    return {name: getattr(one, name) for name in StandingView.model_fields}
