"""The corrections of letters. Invariant: one is written with the letter's next version, and never changed."""

from collections.abc import Sequence

from services.chassis.documents import document, model
from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.correction import Correction

COLLECTION = "corrections"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [IndexModel([("letter_id", 1)], name="letter")]}


class Corrections:
    """What was corrected of each letter."""

    def __init__(self, database: Database) -> None:
        self._corrections = database[COLLECTION]

    async def add(self, correction: Correction, session: Session | None) -> None:
        """Keep it."""
        await self._corrections.insert_one(document(correction), session=session)

    async def of(self, letter_id: str) -> list[Correction]:
        """A letter's corrections, the latest first."""
        rows = await self._corrections.find({"letter_id": letter_id}).to_list(None)
        return sorted((model(Correction, row) for row in rows), key=lambda one: one.version, reverse=True)
