"""Reading the record, newest first. Invariant: a page costs what it shows, however long the record has grown."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.audit.entries import AuditEntry, Outcome
from gateway.audit.store import LOG, Audit
from services.chassis.ids import first_id_of
from services.chassis.newest import Bounds

PATIENCE_SECONDS = 2.0
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True)
class AuditQuery:
    """What is asked for. ``kind`` is a whole one ("sign_in.password") or the first part of several ("sign_in")."""

    kind: str | None = None
    actor_id: str | None = None
    subject: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    limit: int = 50

    @property
    def prefix(self) -> tuple[str, str]:
        """The indexed field that narrows most, and its value."""
        if self.subject:
            return "subject", self.subject
        if self.actor_id:
            return "actor.id", self.actor_id
        if self.kind:
            return ("kind" if "." in self.kind else "group"), self.kind
        return "log", LOG

    def fits(self, entry: AuditEntry) -> bool:
        """Whether the entry is what all conditions ask for, whichever of them the index has held already."""
        return (
            (self.subject is None or entry.subject == self.subject)
            and (self.actor_id is None or (entry.actor is not None and entry.actor.id == self.actor_id))
            and (self.kind is None or self.kind in (entry.kind, entry.group))
            and (self.outcome is None or entry.outcome == self.outcome)
        )


async def page(audit: Audit, query: AuditQuery) -> tuple[list[AuditEntry], str | None]:
    """A page and the cursor of the next. Where little fits, a page may hold less than was asked for, and go on."""
    field, value = query.prefix
    before = query.cursor or (first_id_of(query.until) if query.until else None)
    since = first_id_of(query.since) if query.since else None
    if before is not None and since is not None and before <= since:
        return [], None

    async def look(bounds: Bounds) -> list[AuditEntry]:
        return [one for one in await audit.within(field, value, bounds.since, bounds.before) if query.fits(one)]

    reading = await audit.newest.browse(
        f"{field} {value} {query.kind} {query.actor_id} {query.outcome}",
        look,
        limit=query.limit + 1,
        before=before,
        since=since,
        patience_seconds=PATIENCE_SECONDS,
    )
    shown = reading.rows[: query.limit]
    return shown, (shown[-1].id if len(reading.rows) > query.limit else reading.upto)


async def everything(audit: Audit, query: AuditQuery) -> AsyncIterator[list[AuditEntry]]:
    """All that fits, page by page."""
    query = replace(query, limit=EXPORTED_AT_ONCE)
    while True:
        rows, following = await page(audit, query)
        yield rows
        if following is None:
            return
        query = replace(query, cursor=following)
