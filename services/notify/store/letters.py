"""What is remembered of each letter. Invariant: a letter not known here counts as secret."""

from collections.abc import Sequence

from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, Session
from services.notify.domain.known_letter import KnownLetter

COLLECTION = "known_letters"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: []}
LEARNED = {"confidentiality", "source", "agenda", "training", "registrar"}
CORRECTED = {"confidentiality", "source", "corrected", "opened"}


class Letters:
    """A small projection of routing's deliveries and recalls."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def learn(self, letter_id: str, letter: KnownLetter) -> KnownLetter:
        """Keep what the delivery said, unless it was heard before; gives it with what was heard besides."""
        if not (known := await self.known(letter_id)).is_delivered:
            known = await self._change(letter_id, {"$set": letter.model_dump(include=LEARNED)})
        return known

    async def correct(self, letter_id: str, letter: KnownLetter) -> None:
        """Keep what is true of the letter since it was corrected."""
        await self._change(letter_id, {"$set": letter.model_dump(include=CORRECTED)})

    async def void(self, letter_id: str) -> KnownLetter:
        """Keep that the letter is void."""
        return await self._change(letter_id, {"$set": {"voided": True}})

    async def recall(self, letter_id: str, *identifiers: str) -> KnownLetter:
        """Keep that branches, or parts of dispositions, were taken back, whether or not the letter was heard of."""
        return await self._change(letter_id, {"$addToSet": {"recalled": {"$each": list(identifiers)}}})

    async def known(self, letter_id: str, session: Session | None = None) -> KnownLetter:
        """What is known of the letter, perhaps nothing."""
        return _read(await self._rows.find_one({"_id": letter_id}, session=session))

    async def _change(self, letter_id: str, change: Document) -> KnownLetter:
        for upsert in (True, False):
            try:
                await self._rows.update_one({"_id": letter_id}, change, upsert=upsert)
            except DuplicateKeyError:
                continue  # another worker made the row in this very moment
            return await self.known(letter_id)
        raise LookupError(letter_id)


def _read(row: Document | None) -> KnownLetter:
    return KnownLetter.model_validate(row or {})
