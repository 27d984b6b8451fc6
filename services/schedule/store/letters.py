"""Who may read which letter, for many letters at once. Invariant: as in the projection it extends."""

from collections.abc import Iterable

from services.chassis.mongo import Session
from services.contracts.vocabulary import Access
from services.projections.letter_access import ACCESS_FIELDS, LetterAccess, access_in


class Letters(LetterAccess):
    """The projection, with the access of several letters in one question."""

    async def of_many(self, letter_ids: Iterable[str]) -> dict[str, Access]:
        """The access of those letters that are known here."""
        wanted = list(dict.fromkeys(letter_ids))
        if not wanted:
            return {}
        rows = self._rows.find({"_id": {"$in": wanted}, "access": {"$exists": True}}, ACCESS_FIELDS)
        return {row["_id"]: access_in(row) async for row in rows}

    async def claim(self, letter_id: str, session: Session | None) -> None:
        """Write the letter's row: who asks because of it and who hears that it is void cannot miss each other."""
        await self._rows.update_one({"_id": letter_id}, {"$inc": {"asked": 1}}, session=session)
