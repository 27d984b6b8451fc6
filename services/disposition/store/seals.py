"""Seals and printings. Invariant: rows are added and never changed; one page of one disposition has one seal."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.ids import new_id
from services.chassis.mongo import Database, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.disposition.domain.seal import Seal


class Seals:
    """Seals by their code and by the page they are on, and who printed which file when."""

    COLLECTION = "seals"
    PRINTINGS = "printings"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("disposition_id", 1), ("page", 1)], name="page", unique=True)],
        PRINTINGS: [IndexModel([("code", 1), ("sha256", 1)], name="file")],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._printings = database[self.PRINTINGS]

    async def get(self, code: str) -> Seal | None:
        """The seal with this code, or None."""
        row = await self._rows.find_one({"_id": code})
        return model(Seal, row) if row else None

    async def on_page(self, disposition_id: str, page: str, session: Session | None) -> Seal | None:
        """The seal of this page, or None where it was never printed."""
        row = await self._rows.find_one({"disposition_id": disposition_id, "page": page}, session=session)
        return model(Seal, row) if row else None

    async def add(self, seal: Seal, session: Session | None) -> None:
        """Keep a new one; DuplicateKeyError where the page has one, or the code is another's."""
        await self._rows.insert_one(document(seal), session=session)

    async def note_printing(self, code: str, sha256: str, person: Actor | str, tx: Transaction) -> None:
        """Keep that this file was printed, by whom."""
        by = person.model_dump() if isinstance(person, Actor) else {"person_id": person}
        row = {"_id": new_id(), "code": code, "sha256": sha256, "by": by, "at": tx.now}
        await self._printings.insert_one(row, session=tx.session)

    async def printed(self, code: str, sha256: str) -> bool:
        """Whether this very file was printed under this code."""
        return await self._printings.find_one({"code": code, "sha256": sha256}) is not None
