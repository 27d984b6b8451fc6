"""Who may read which letter: the house's projection, begun by the registration itself.

Invariant: what a registration says is version 0, so whatever routing publishes (from version 1 on) overrules it; but
how confidential a letter is, the register says, and what routing said before it heard of a correction changes nothing.
"""

from collections.abc import Sequence

from services.chassis.mongo import Session
from services.contracts.vocabulary import Access, Confidentiality
from services.projections import letter_access
from services.projections.letter_access import ACCESS_FIELDS, LetterAccess, access_in

INDEXES = letter_access.INDEXES


class Readers(LetterAccess):
    """The projection, with what only the registering service does."""

    async def begin(self, letter_id: str, access: Access, session: Session | None) -> None:
        """Keep the first access of a new letter. No look at what is known: the letter's id was made a moment ago."""
        row = {"_id": letter_id, "access": access.model_dump(mode="json"), "version": 0}
        await self._rows.insert_one(row, session=session)

    async def classify(self, letter_id: str, confidentiality: Confidentiality, session: Session | None) -> None:
        """The letter is so confidential from now on. Beside what routing says of it: so neither undoes the other."""
        change = {"corrected.confidentiality": confidentiality}
        await self._rows.update_one({"_id": letter_id}, {"$set": change}, session=session)

    async def of_many(self, letter_ids: Sequence[str], session: Session | None = None) -> dict[str, Access]:
        """The access of each of these letters that is known."""
        rows = self._rows.find({"_id": {"$in": list(letter_ids)}}, ACCESS_FIELDS, session=session)
        return {str(row["_id"]): access_in(row) async for row in rows}
