"""What notify's doors and commands are given."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.locks import NamedLocks
from services.chassis.uow import UnitOfWork
from services.notify.settings import NotifySettings
from services.notify.store.feed import Feed
from services.notify.store.letters import Letters
from services.notify.store.notifications import Notifications
from services.notify.store.receipts import Receipts


@dataclass(frozen=True)
class Context:
    """Everything a command may use; built once in the composition root. ``locks`` are by letter and position."""

    settings: NotifySettings
    uow: UnitOfWork
    notifications: Notifications
    letters: Letters
    feed: Feed
    receipts: Receipts
    locks: NamedLocks
    zone: ZoneInfo


async def context(request: Request) -> Context:
    """FastAPI dependency: the context of the app that serves this request."""
    found: Context = request.app.state.context
    return found


Ctx = Annotated[Context, Depends(context)]
