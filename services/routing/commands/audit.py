"""Noting who asked for what. Invariant: a confidential letter is not shown before it is noted that it was; the same
person is noted once an hour for each letter, so nobody can flood the record.
"""

import uuid

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.contracts.intake import ConfidentialOpened, ReadingRefused
from services.routing.context import Context
from services.routing.domain.letter import Letter
from services.routing.store.audit import AuditEntry, What

NAMESPACE = uuid.UUID("6b1f4f0e-8a53-4f0c-9c0e-6d2f6a4a51c7")


async def note_opening(context: Context, caller: Principal, letter: Letter) -> None:
    """Note that a confidential letter was opened; an ordinary one is not noted."""
    if letter.summary.confidentiality != "ordinary":
        await context.audit.note(_entry(caller, letter.id, "opened"))


async def note_refusal(context: Context, caller: Principal, letter_id: str, *, known: bool) -> None:
    """Note that somebody asked for a letter that is not theirs. Of an unknown id nothing is kept, but the same done."""
    await context.audit.note(_entry(caller, letter_id, "refused"), keep=known)


async def note_heard(context: Context, event: ConfidentialOpened | ReadingRefused) -> None:
    """Keep what another service noted, under its own id."""
    opened = isinstance(event, ConfidentialOpened)
    entry = AuditEntry(
        id=event.access_id,
        letter_id=event.letter_id,
        file_id=event.file_id if isinstance(event, ConfidentialOpened) else None,
        what="opened" if opened else "refused",
        by=event.person_id,
        name=event.person_name,
        positions=event.positions,
        at=event.at,
    )
    await context.audit.note(entry)


def _entry(caller: Principal, letter_id: str, what: What) -> AuditEntry:
    at = now()
    hour = at.strftime("%Y-%m-%dT%H")
    return AuditEntry(
        id=str(uuid.uuid5(NAMESPACE, f"{caller.person_id}/{letter_id}/{what}/{hour}")),
        letter_id=letter_id,
        what=what,
        by=caller.person_id,
        name=caller.name,
        positions=tuple(caller.position_ids),
        at=at,
    )
