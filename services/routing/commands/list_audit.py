"""The record of readings and refusals. Invariant: an entry is shown to auditors as it was noted."""

from dataclasses import dataclass
from typing import Literal

from services.chassis.newest import Bounds
from services.routing.context import Context
from services.routing.store.audit import AuditEntry, What, order_of


@dataclass(frozen=True)
class AuditQuery:
    """One letter's entries, or one person's, or all of a kind."""

    letter_id: str | None
    person_id: str | None
    what: What
    cursor: str | None
    limit: int


async def list_audit(context: Context, query: AuditQuery) -> tuple[list[AuditEntry], str | None]:
    """A page, newest first, and the cursor of the next."""
    field: Literal["letter_id", "by", "what"] = "letter_id" if query.letter_id else "by" if query.person_id else "what"
    value = query.letter_id or query.person_id or query.what

    async def look(bounds: Bounds) -> list[AuditEntry]:
        return await context.audit.within(field, value, bounds)

    found = await context.newest_audit.read(f"{field} {value}", look, limit=query.limit + 1, before=query.cursor)
    shown = found[: query.limit]
    return shown, (order_of(shown[-1]) if len(found) > query.limit else None)
