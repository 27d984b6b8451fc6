"""What doors, consumers and commands of schedule are given. Invariant: built once, by the composition root."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.chassis.idempotency import IdempotentActs
from services.chassis.locks import NamedLocks
from services.projections.organisation import Organisation
from services.schedule.store.calendars import Calendars
from services.schedule.store.events import Events
from services.schedule.store.letters import Letters
from services.schedule.store.requests import Requests


@dataclass(frozen=True)
class Context:
    """Stores, projections and the way to commit. ``locks`` are by leader."""

    idempotent: IdempotentActs
    locks: NamedLocks
    requests: Requests
    events: Events
    calendars: Calendars
    organisation: Organisation
    letters: Letters


async def context(request: Request) -> Context:
    """FastAPI dependency: the context of this app."""
    found: Context = request.app.state.context
    return found


Ctx = Annotated[Context, Depends(context)]
