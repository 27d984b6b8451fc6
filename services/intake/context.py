"""What intake's doors and commands are given."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.chassis.files.checks import FileChecks
from services.chassis.idempotency import IdempotentActs
from services.chassis.locks import NamedLocks
from services.chassis.storage import ObjectStorage
from services.chassis.uow import UnitOfWork
from services.intake.batch_room import BatchRoom
from services.intake.book_room import BookRoom
from services.intake.commands.record_reading import Readings
from services.intake.commands.suggestions.known_units import KnownUnits
from services.intake.commands.uploads.holds import Holds
from services.intake.settings import IntakeSettings
from services.intake.store.classifications import Classifications
from services.intake.store.copied_letters import CopiedLetters
from services.intake.store.copies import Copies
from services.intake.store.corrections import Corrections
from services.intake.store.counters import Counters
from services.intake.store.drafts import Drafts
from services.intake.store.kinds import Kinds
from services.intake.store.letters import Letters
from services.intake.store.likenesses import Likenesses
from services.intake.store.older_letters import OlderLetters
from services.intake.store.practising import Practising
from services.intake.store.readers import Readers
from services.intake.store.removals import Removals
from services.intake.store.scans import Scans
from services.intake.store.texts import Texts
from services.intake.store.underway import Underway
from services.intake.store.uploads import Uploads
from services.intake.store.usage import StorageUsage
from services.projections.organisation import Organisation


@dataclass(frozen=True)
class Context:
    """Everything a command may use; built once in the composition root."""

    settings: IntakeSettings
    uow: UnitOfWork
    acts: IdempotentActs
    storage: ObjectStorage
    checks: FileChecks
    letters: Letters
    likenesses: Likenesses
    scans: Scans
    uploads: Uploads
    holds: Holds
    removals: Removals
    drafts: Drafts
    texts: Texts
    copies: Copies
    copied_letters: CopiedLetters
    older_letters: OlderLetters
    counters: Counters
    books: BookRoom
    batching: BatchRoom
    corrections: Corrections
    underway: Underway
    usage: StorageUsage
    readers: Readers
    kinds: Kinds
    classifications: Classifications
    practising: Practising
    organisation: Organisation
    known_units: KnownUnits
    readings: Readings
    numbering: NamedLocks
    """Keeps neighbours in this process from clashing over one counter; the database guards the number itself."""


async def context(request: Request) -> Context:
    """FastAPI dependency: the context of the app that serves this request. Async, or it would be run on a thread."""
    found: Context = request.app.state.context
    return found


Ctx = Annotated[Context, Depends(context)]
