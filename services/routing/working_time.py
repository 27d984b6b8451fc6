"""What acts on the calendar and the deadline rules are given. Invariant: made once, at the composition root."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from services.chassis.mongo import Database
from services.chassis.uow import UnitOfWork
from services.projections.office_hours import hours_of
from services.projections.working_days import OfficeHours
from services.routing.commands.deadlines import Deadlines
from services.routing.office_settings import OfficeSettings
from services.routing.store.calendar import CalendarDays
from services.routing.store.deadline_rules import DeadlineRuleBook

STORES = (CalendarDays, DeadlineRuleBook)
"""Whose indexes have to be made."""


@dataclass(frozen=True)
class WorkingTime:
    """The unit of work, the decided days, the rules, and what is reckoned from them."""

    uow: UnitOfWork
    hours: OfficeHours
    days: CalendarDays
    rules: DeadlineRuleBook
    deadlines: Deadlines

    @classmethod
    def lay(cls, settings: OfficeSettings, database: Database, uow: UnitOfWork) -> "WorkingTime":
        """Build it on routing's database."""
        hours = hours_of(settings)
        days, rules = CalendarDays(database), DeadlineRuleBook(database)
        return cls(uow, hours, days, rules, Deadlines(days, rules, hours))


async def working_time(request: Request) -> WorkingTime:
    """FastAPI dependency: the working time of the service's context."""
    return cast(WorkingTime, request.app.state.context.working_time)


Hours = Annotated[WorkingTime, Depends(working_time)]
