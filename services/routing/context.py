"""What routing's doors and commands are given. Invariant: made once, at the composition root."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from services.chassis.idempotency import IdempotentActs
from services.chassis.uow import UnitOfWork
from services.routing.settings import RoutingSettings
from services.routing.store.assignments import Assignments
from services.routing.store.branches import Branches
from services.routing.store.letters import Letters, Timeline
from services.routing.store.organisation import People, Positions, Units


@dataclass(frozen=True)
class Context:
    """Settings, the unit of work and the stores."""

    settings: RoutingSettings
    uow: UnitOfWork
    acts: IdempotentActs
    units: Units
    positions: Positions
    people: People
    assignments: Assignments
    letters: Letters
    branches: Branches
    timeline: Timeline


async def context(request: Request) -> Context:
    """FastAPI dependency: the service's context."""
    return cast(Context, request.app.state.context)


Ctx = Annotated[Context, Depends(context)]
