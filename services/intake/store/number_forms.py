"""What numbers look like. Invariant: a version is never written twice, and every version that was is kept."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import plain
from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.numbers.forms import KeptForms


class NumberFormsStore:
    """One document for the present forms of a unit or the regency, and one for each version."""

    COLLECTION = "number_forms"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def read(self, owner: str, session: Session | None = None) -> KeptForms:
        """The present forms of ``owner``: a unit's id, or the regency."""
        row = await self._rows.find_one({"_id": owner}, session=session)
        return KeptForms.model_validate(row) if row else KeptForms()

    async def write(self, owner: str, kept: KeptForms, session: Session | None) -> None:
        """Keep new forms; DuplicateKeyError where another has written this version."""
        row = plain(kept)
        await self._rows.insert_one({"_id": f"{owner}/{kept.version}", **row}, session=session)
        await self._rows.replace_one({"_id": owner}, row, upsert=True, session=session)
