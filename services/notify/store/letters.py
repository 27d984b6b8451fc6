"""How confidential each letter is. Invariant: a letter not known here counts as secret."""

from collections.abc import Sequence

from services.chassis.mongo import Database, IndexModel, Session
from services.contracts.vocabulary import Confidentiality

COLLECTION = "known_letters"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: []}


class Letters:
    """A small projection of routing's deliveries."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def put(self, letter_id: str, confidentiality: Confidentiality, session: Session | None) -> None:
        """Keep how confidential the letter is."""
        change = {"$set": {"confidentiality": confidentiality}}
        await self._rows.update_one({"_id": letter_id}, change, upsert=True, session=session)

    async def confidentiality(self, letter_id: str, session: Session | None = None) -> str:
        """Its confidentiality; ``secret`` where the letter is not known."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return str(row["confidentiality"]) if row else "secret"
