"""Dispositions as documents. Invariant: a row is only replaced by the version that follows the one it was read at, and
``tabs`` are exactly the boxes it stands in, ``watch_at`` exactly when the house has to look after it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from services.chassis.documents import document, indexed, model, plain
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.newest import Bounds
from services.chassis.pagination import after, page_of
from services.disposition.domain.boxes import tabs_of
from services.disposition.domain.candidates import Given, Traits
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.finding import found_by
from services.disposition.domain.watching import watch_at

GIVEN_FIELDS = {f"letter.{name}": 1 for name in ("sender", "kind", "category", "training")} | {
    "recipients.position_id": 1,
    "recipients.role": 1,
}


@dataclass(frozen=True)
class GivenRow:
    """A disposition, and of it no more than about what letter and to whom it was given."""

    id: str
    given: Given


class Dispositions:
    """Dispositions by id, by letter, by desk, by box, and by when they need looking after."""

    COLLECTION = "dispositions"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1), ("_id", -1)], name="letter"),
            IndexModel([("desk", 1)], name="desk"),
            IndexModel([("tabs", 1), ("_id", -1)], name="tabs"),
            IndexModel([("watch_at", 1)], name="watch", sparse=True),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, disposition: Disposition, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(disposition_row(disposition), session=session)

    async def get(self, disposition_id: str, session: Session | None = None) -> Disposition | None:
        """The disposition, or None."""
        row = await self._rows.find_one({"_id": disposition_id}, session=session)
        return model(Disposition, row) if row else None

    async def save(self, disposition: Disposition, version: int, session: Session | None) -> bool:
        """Keep what has changed since it was read at ``version``; False where it has moved on since."""
        known = {"_id": disposition.id, "version": version}
        result = await self._rows.replace_one(known, disposition_row(disposition), session=session)
        return result.matched_count == 1

    async def received(
        self, letter_id: str, position_ids: Sequence[str], session: Session | None = None
    ) -> list[Disposition]:
        """What these positions were instructed about this letter and still have, newest first."""
        mine = set(position_ids)
        given = await self.about(letter_id, session)
        return [one for one in given if mine.intersection(part.position_id for part in one.live)]

    async def about(self, letter_id: str, session: Session | None = None) -> list[Disposition]:
        """Everything that was instructed about this letter, newest first."""
        rows = await self._rows.find({"letter_id": letter_id}, session=session).sort("_id", -1).to_list(None)
        return [model(Disposition, row) for row in rows]

    async def on_desk(self, desk: str, session: Session | None) -> list[Disposition]:
        """Everything that was given from one desk, the first of them first."""
        rows = await self._rows.find({"desk": desk}, session=session).to_list(None)
        return sorted((model(Disposition, row) for row in rows), key=lambda one: one.id)

    async def of_letter(self, letter_id: str, cursor: str | None, limit: int) -> tuple[list[Disposition], str | None]:
        """A page of what was instructed about this letter, newest first."""
        found = self._rows.find({"letter_id": letter_id} | after(cursor)).sort("_id", -1).limit(limit + 1)
        rows, following = page_of(await found.to_list(limit + 1), limit)
        return [model(Disposition, row) for row in rows], following

    async def within(self, tabs: Sequence[str], bounds: Bounds, further: Document) -> list[Disposition]:
        """Those that stand at one of ``tabs``, within bounds and further conditions, newest first."""
        lists = await asyncio.gather(*(indexed(self._rows, {"tabs": one, **bounds.condition}, further) for one in tabs))
        rows = {row["_id"]: row for rows in lists for row in rows}
        return [model(Disposition, rows[one]) for one in sorted(rows, reverse=True)]

    async def given_to(self, given: str, bounds: Bounds) -> list[GivenRow]:
        """About what letters, and to whom, what stands at this tab was given in earnest: newest first, in bounds."""
        rows = await self._rows.find({"tabs": given, **bounds.condition}, GIVEN_FIELDS).to_list(None)
        found = [_given_row(row) for row in rows if row.get("letter") and not row["letter"].get("training")]
        return sorted(found, key=lambda one: one.id, reverse=True)


def _given_row(row: Document) -> GivenRow:
    letter = row["letter"]
    working = tuple(one["position_id"] for one in row["recipients"] if one["role"] != "informed")
    return GivenRow(row["_id"], Given(Traits(letter["sender"], letter["kind"], letter["category"]), working))


def disposition_row(disposition: Disposition) -> Document:
    """The document, with what queries ask for beside the facts it follows from."""
    at = watch_at(disposition)
    kept = {**document(disposition), "memory": plain(disposition.memory), **found_by(disposition)}
    return {**kept, "tabs": tabs_of(disposition), **({"watch_at": at} if at else {})}
