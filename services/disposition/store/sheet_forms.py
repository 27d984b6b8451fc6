"""The printed form in the database. Invariant: there is always one; every version it had is kept."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel, Session
from services.disposition.domain.sheet_form import KeptForm

ONLY = "form"


class SheetForms:
    """One document for the present form, and one for each version."""

    COLLECTION = "sheet_forms"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def read(self, session: Session | None = None) -> KeptForm:
        """The present form."""
        row = await self._rows.find_one({"_id": ONLY}, session=session)
        return KeptForm.model_validate(row) if row else KeptForm()

    async def write(self, kept: KeptForm, session: Session | None) -> None:
        """Keep a new form; DuplicateKeyError where another has written this version."""
        row = kept.model_dump()
        await self._rows.insert_one({"_id": f"{ONLY}/{kept.version}", **row}, session=session)
        await self._rows.replace_one({"_id": ONLY}, row, upsert=True, session=session)
