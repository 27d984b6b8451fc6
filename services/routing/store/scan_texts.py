"""What is written on scans, as intake tells it. Invariant: of each file the newest reading is kept, however often and
in whatever order readings arrive.
"""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, DuplicateKeyError, IndexModel
from services.contracts.intake import ScanProcessed


class ScanTexts:
    """The text of each file."""

    COLLECTION = "scan_texts"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("letter_id", 1)], name="letter")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def put(self, event: ScanProcessed) -> None:
        """Keep the reading, unless a newer one of the file is known."""
        row = {"letter_id": event.letter_id, "sha256": event.sha256, "text": event.text, "at": event.at}
        older = {"_id": event.file_id, "at": {"$lte": event.at}}
        try:
            await self._rows.replace_one(older, {"_id": event.file_id, **row}, upsert=True)
        except DuplicateKeyError:
            # A row is there: a newer one, or one that another worker made in this very moment, perhaps an older one.
            await self._rows.replace_one(older, row)

    async def of(self, letter_id: str) -> str | None:
        """What the letter's scans say, file after file; None where none has been read."""
        return (await self.several([letter_id])).get(letter_id)

    async def several(self, letter_ids: Sequence[str]) -> dict[str, str]:
        """The same of a few letters; those of which nothing has been read are left out."""
        rows = await self._rows.find({"letter_id": {"$in": list(letter_ids)}}).to_list(None)
        found: dict[str, list[str]] = {}
        for row in sorted(rows, key=lambda row: str(row["_id"])):
            found.setdefault(row["letter_id"], []).append(row["text"])
        return {letter_id: "\n\n".join(texts) for letter_id, texts in found.items()}
