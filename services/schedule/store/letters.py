"""Who may read which letter, for many letters at once. Invariant: as in the projection it extends."""

from collections.abc import Iterable

from services.contracts.vocabulary import Access
from services.projections.letter_access import LetterAccess


class Letters(LetterAccess):
    """The projection, with the access of several letters in one question."""

    async def of_many(self, letter_ids: Iterable[str]) -> dict[str, Access]:
        """The access of those letters that are known here."""
        wanted = list(dict.fromkeys(letter_ids))
        if not wanted:
            return {}
        rows = self._rows.find({"_id": {"$in": wanted}, "access": {"$exists": True}}, {"access": 1})
        return {row["_id"]: Access.read(row["access"]) async for row in rows}
