"""What doors and commands of disposition are given. Invariant: built once, by the composition root; never changed."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.idempotency import IdempotentActs
from services.chassis.locks import NamedLocks
from services.chassis.newest import Newest
from services.chassis.uow import UnitOfWork
from services.disposition.domain.reminding import Patience
from services.disposition.file_room import FileRoom
from services.disposition.print_room import PrintRoom
from services.disposition.store.acts import Acts
from services.disposition.store.attachments import Attachments
from services.disposition.store.box_counts import BoxCounts
from services.disposition.store.catalogue import Instructions, QuickReplies
from services.disposition.store.desks import Desks
from services.disposition.store.dispositions import Dispositions
from services.disposition.store.hand_overs import HandOvers
from services.disposition.store.peers import Peers
from services.disposition.store.vacancies import Vacancies
from services.disposition.store.watch_list import WatchList
from services.projections.calendar import Calendar
from services.projections.letter_access import LetterAccess
from services.projections.letter_branches import LetterBranches
from services.projections.officials import Officials
from services.projections.organisation import Organisation


@dataclass(frozen=True)
class Context:
    """Stores, projections and the way to commit. ``thread`` holds what was done, ``locks`` are by disposition."""

    uow: UnitOfWork
    idempotent: IdempotentActs
    locks: NamedLocks
    dispositions: Dispositions
    newest: Newest
    box_counts: BoxCounts
    watch_list: WatchList
    patience: Patience
    thread: Acts
    desks: Desks
    peers: Peers
    attachments: Attachments
    files: FileRoom
    hand_overs: HandOvers
    vacancies: Vacancies
    vacancy_grace_days: int
    instructions: Instructions
    quick_replies: QuickReplies
    print_room: PrintRoom
    organisation: Organisation
    officials: Officials
    calendar: Calendar
    letters: LetterAccess
    branches: LetterBranches
    timezone: ZoneInfo


async def context(request: Request) -> Context:
    """FastAPI dependency: the context of this app."""
    found: Context = request.app.state.context
    return found


Ctx = Annotated[Context, Depends(context)]
