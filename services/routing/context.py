"""What routing's doors and commands are given. Invariant: made once, at the composition root."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request

from services.chassis.idempotency import IdempotentActs
from services.chassis.newest import Newest
from services.chassis.uow import UnitOfWork
from services.contracts.vocabulary import Urgency
from services.routing.domain.delivery import Deadline
from services.routing.figure_room import FigureRoom
from services.routing.front_desk import FrontDesk
from services.routing.guidance import Guidance
from services.routing.registry import Registry
from services.routing.searching import Searching
from services.routing.settings import RoutingSettings
from services.routing.store.assignments import Assignments
from services.routing.store.audit import Audit
from services.routing.store.branches import Branches
from services.routing.store.control_list import ControlList
from services.routing.store.letters import History, Letters
from services.routing.store.organisation import People, Positions, Units
from services.routing.working_time import WorkingTime


class Deadlines(Protocol):
    """Says when a letter must have been dealt with."""

    async def for_letter(self, urgency: Urgency, kind: str, at: datetime) -> Deadline | None:
        """When a letter that comes ``at`` is due, and when its unit is reminded; None where it has no deadline."""
        ...


@dataclass(frozen=True)
class Context:
    """Settings, the unit of work and the stores."""

    settings: RoutingSettings
    uow: UnitOfWork
    acts: IdempotentActs
    organisation: Registry
    units: Units
    positions: Positions
    people: People
    assignments: Assignments
    letters: Letters
    branches: Branches
    history: History
    control_list: ControlList
    audit: Audit
    deadlines: Deadlines
    working_time: WorkingTime
    front_desk: FrontDesk
    guidance: Guidance
    figures: FigureRoom
    searching: Searching
    newest_branches: Newest
    newest_letters: Newest
    newest_audit: Newest


async def context(request: Request) -> Context:
    """FastAPI dependency: the service's context."""
    return cast(Context, request.app.state.context)


Ctx = Annotated[Context, Depends(context)]
