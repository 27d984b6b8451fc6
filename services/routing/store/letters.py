"""Letters and their timelines in the database."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel, ReturnDocument, Session
from services.routing.domain.letter import Letter
from services.routing.domain.track import Step
from services.routing.store.documents import document, model


class Letters:
    """Facts of each letter, and the version of its stream."""

    COLLECTION = "letters"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, letter_id: str, session: Session | None) -> Letter | None:
        """The letter, or None."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return model(Letter, row) if row else None

    async def add(self, letter: Letter, session: Session | None) -> None:
        """Keep a new letter; the driver's DuplicateKeyError where it was opened before."""
        await self._rows.insert_one(document(letter), session=session)

    async def take(self, letter_id: str, session: Session | None) -> Letter | None:
        """The letter, held until the transaction ends: whatever happens to one letter happens one after the other."""
        row = await self._rows.find_one_and_update(
            {"_id": letter_id}, {"$inc": {"taken": 1}}, session=session, return_document=ReturnDocument.AFTER
        )
        return model(Letter, row) if row else None

    async def change(self, letter: Letter, session: Session | None) -> None:
        """Keep what can change of a letter."""
        fields = document(letter)
        changes = {name: fields[name] for name in ("version", "access", "access_version", "dispositions")}
        await self._rows.update_one({"_id": letter.id}, {"$set": changes}, session=session)


class Timeline:
    """The steps of each letter, under the id of the event that told of them."""

    COLLECTION = "timeline"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("letter_id", 1), ("at", 1)], name="letter")]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, steps: Sequence[Step], session: Session | None) -> None:
        """Keep new steps."""
        if steps:
            await self._rows.insert_many([document(step) for step in steps], session=session)

    async def of(self, letter_id: str) -> list[Step]:
        """Every step of a letter."""
        rows = await self._rows.find({"letter_id": letter_id}).to_list(None)
        return [model(Step, row) for row in rows]
