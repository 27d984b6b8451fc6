"""What a letter's own office wrote of it in its book: number, dates, sender. Invariant: as the newest correction says,
in whatever order the entry and its corrections were heard of.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterRegistered
from services.disposition.domain.sheet import Particulars


class LetterParticulars:
    """By letter."""

    COLLECTION = "letter_particulars"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def of(self, letter_id: str, session: Session | None = None) -> Particulars | None:
        """Of a letter, or None where this service has not heard of it."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        if row is None:
            return None
        letter_date = row["letter_date"]
        return Particulars(
            sender=row["sender"],
            letter_number=row["letter_number"],
            letter_date=date.fromisoformat(letter_date) if letter_date else None,
            received_on=date.fromisoformat(row["received_on"]),
        )

    async def on_letter_registered(self, event: LetterRegistered, _: Received, tx: Transaction) -> None:
        """Keep what a printed sheet says of the letter, and nothing else of it."""
        first = {"$setOnInsert": _said(event)}
        await self._rows.update_one({"_id": event.letter_id}, first, upsert=True, session=tx.session)

    async def on_letter_corrected(self, event: LetterCorrected, got: Received, tx: Transaction) -> None:
        """Keep what is written there now."""
        row: Document = await self._rows.find_one({"_id": event.letter_id}, session=tx.session) or {}
        if row.get("corrected", 0) < got.seq:
            now = {"$set": {**_said(event), "corrected": got.seq}}
            await self._rows.update_one({"_id": event.letter_id}, now, upsert=True, session=tx.session)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows of the subscription table that keep this."""
        return [
            Subscription(LetterRegistered, "letter_particulars", self.on_letter_registered, guarded=True),
            Subscription(LetterCorrected, "letter_particulars.corrected", self.on_letter_corrected),
        ]


def _said(event: LetterRegistered | LetterCorrected) -> Document:
    return {
        "sender": event.sender.name,
        "letter_number": event.letter_number,
        "letter_date": event.letter_date.isoformat() if event.letter_date else None,
        "received_on": event.received_on.isoformat(),
    }
