"""What the figures are given. Invariant: made once, at the composition root."""

from dataclasses import dataclass, field
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.mongo import Database
from services.chassis.newest import Newest
from services.chassis.uow import UnitOfWork
from services.routing.store.absences import Absences
from services.routing.store.assignments import Assignments
from services.routing.store.figure_baselines import Baselines
from services.routing.store.figure_months import Activity, FigureMonths
from services.routing.store.figures import DueLetters, FigureRows, order_of
from services.routing.store.letters import History
from services.routing.store.organisation import Positions, Units

STORES = (FigureRows, Activity, FigureMonths)
"""Whose indexes have to be made."""
LETTERS_PAUSE_SECONDS = 1.0
MONTHS_PAUSE_SECONDS = 1.0
"""How often it is looked for letters to measure, and for months to count."""


@dataclass(frozen=True)
class FigureRoom:
    """The time zone, the unit of work, own stores, and those of the letters and offices that are measured.

    ``unreadable``: letters whose history cannot be measured, told of once by each process.
    """

    zone: ZoneInfo
    uow: UnitOfWork
    due: DueLetters
    rows: FigureRows
    activity: Activity
    months: FigureMonths
    baselines: Baselines
    history: History
    units: Units
    positions: Positions
    assignments: Assignments
    absences: Absences
    newest: Newest
    unreadable: set[str] = field(default_factory=set)

    @classmethod
    def lay(cls, timezone: str, database: Database, uow: UnitOfWork) -> "FigureRoom":
        """Build it on routing's database."""
        return cls(
            zone=ZoneInfo(timezone),
            uow=uow,
            due=DueLetters(database),
            rows=FigureRows(database),
            activity=Activity(database),
            months=FigureMonths(database),
            baselines=Baselines(database),
            history=History(database),
            units=Units(database),
            positions=Positions(database),
            assignments=Assignments(database),
            absences=Absences(database),
            newest=Newest(order_of),
        )


async def figure_room(request: Request) -> FigureRoom:
    """FastAPI dependency: the figures of the service's context."""
    return cast(FigureRoom, request.app.state.context.figures)


Figures = Annotated[FigureRoom, Depends(figure_room)]
