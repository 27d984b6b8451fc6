"""The kinds of papers. Invariant: what was changed or added wins over what a regency begins with, a kind is only
replaced by the version that follows the one it was read at, and every version it had is kept.
"""

import time
from collections.abc import Mapping

from services.chassis.documents import plain
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, Session
from services.intake.domain.catalogue.kinds import FIRST_KINDS, LetterKind, in_order

COLLECTION, CHANGES = "letter_kinds", "letter_kind_changes"
KNOWN_SECONDS = 2.0
"""How long they are answered from memory; whoever changes one is answered from the database at once."""


class Kinds:
    """What kinds of papers there are."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._changes = database[CHANGES]
        self._lately: tuple[float, dict[str, LetterKind]] = (0.0, {})

    async def all(self) -> Mapping[str, LetterKind]:
        """Every kind by its code, retired ones too, in order."""
        until, known = self._lately
        if until > time.monotonic():
            return known
        began = time.monotonic()
        rows = await self._rows.find({}).to_list(None)
        kinds = dict(FIRST_KINDS) | {str(row["_id"]): _kind(row) for row in rows}
        found = {one.code: one for one in in_order(kinds.values())}
        self._lately = (began + KNOWN_SECONDS, found)
        return found

    async def named(self, key: str) -> LetterKind | None:
        """The kind with this key, one in use rather than a retired one; None where there is none."""
        fitting = [one for one in (await self.all()).values() if one.key == key]
        return min(fitting, key=lambda one: one.retired, default=None)

    async def get(self, code: str, session: Session | None) -> LetterKind | None:
        """The kind as it is now, or None."""
        row = await self._rows.find_one({"_id": code}, session=session)
        return _kind(row) if row else FIRST_KINDS.get(code)

    async def keep(self, kind: LetterKind, session: Session | None) -> bool:
        """Keep a new kind, or the next version of one; False where another has changed it since.

        DuplicateKeyError where another was first to make or to change it.
        """
        row = {"_id": kind.code, **plain(kind)}
        before = {"_id": kind.code, "version": kind.version - 1}
        if not (await self._rows.replace_one(before, row, session=session)).matched_count:
            if await self._rows.find_one({"_id": kind.code}, {"version": 1}, session=session):
                return False
            await self._rows.insert_one(row, session=session)
        await self._changes.insert_one({"_id": new_id(), "kind": kind.code, "made": plain(kind)}, session=session)
        return True

    def forget(self) -> None:
        """Read anew when next asked."""
        self._lately = (0.0, {})


def _kind(row: Document) -> LetterKind:
    return LetterKind.model_validate({**row, "code": row["_id"]})
