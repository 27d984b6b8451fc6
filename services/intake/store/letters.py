"""Registered letters. Invariant: a letter is written once, whole, in the transaction that numbered it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.ids import instant_of
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import page_of
from services.contracts.vocabulary import Confidentiality
from services.intake.domain.letter import Letter

COLLECTION = "letters"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("unit_id", 1), ("_id", -1)], name="register"),
        IndexModel([("tracking_code", 1)], name="tracking_code", unique=True),
        IndexModel([("unit_id", 1), ("book", 1), ("year", 1), ("agenda_number", 1)], name="agenda", unique=True),
        # Sparse, not partial: an equality uses it on every server the house runs on.
        IndexModel([("likeness", 1)], name="likeness", sparse=True),
    ]
}

WINDOWS = (timedelta(days=30), timedelta(days=365))
"""A register is read backwards in windows of this reach, so that a page never sorts years of letters."""


class Letters:
    """The letters of this service."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]

    async def add(self, letter: Letter, likeness: str | None, session: Session | None) -> None:
        """Write a new letter."""
        await self._letters.insert_one(_document(letter, likeness), session=session)

    async def get(self, letter_id: str, session: Session | None = None) -> Letter | None:
        """The letter with this id, or None."""
        row = await self._letters.find_one({"_id": letter_id}, session=session)
        return _letter(row) if row else None

    async def alike(self, likeness: str | None, session: Session | None = None) -> Document | None:
        """Id, agenda number and year of the first letter registered with the same likeness, or None."""
        if likeness is None:
            return None
        fields = {"agenda_number": 1, "year": 1, "book": 1}
        found: Document | None = await self._letters.find_one({"likeness": likeness}, fields, session=session)
        return found

    async def known(self, letter_ids: Sequence[str], session: Session | None = None) -> set[str]:
        """Those of these ids that are letters."""
        rows = self._letters.find({"_id": {"$in": list(letter_ids)}}, {"_id": 1}, session=session)
        return {str(row["_id"]) async for row in rows}

    async def register(
        self,
        readable: Mapping[str, Sequence[Confidentiality]],
        before: str | None,
        limit: int,
        session: Session | None = None,
    ) -> tuple[list[Letter], str | None]:
        """A page of these units' registers, newest first; of each unit only letters this confidential."""
        if not readable:
            return [], None
        mine = {"$or": [{"unit_id": u, "confidentiality": {"$in": list(c)}} for u, c in readable.items()]}
        rows: list[Document] = []
        for span in _windows(before):
            query = {"unit_id": {"$in": list(readable)}, "_id": span, **mine}
            wanted = limit + 1 - len(rows)
            rows += await self._letters.find(query, session=session).sort([("_id", -1)]).limit(wanted).to_list(wanted)
            if len(rows) > limit:
                break
        page, following = page_of(rows, limit)
        return [_letter(row) for row in page], following


def _windows(before: str | None) -> list[Document]:
    """Conditions on ``_id`` that cut what is older than ``before`` into adjoining windows, newest first."""
    start = instant_of(before) if before else now()
    upper: Document = {"$lt": before} if before else {}
    spans: list[Document] = []
    for reach in WINDOWS:
        floor = first_id_from(start - reach)
        spans.append({**upper, "$gte": floor})
        upper = {"$lt": floor}
    return [*spans, upper]


def first_id_from(instant: datetime) -> str:
    """A text that sorts just before every UUIDv7 made from ``instant`` on."""
    milliseconds = f"{max(0, int(instant.timestamp() * 1000)):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


def _document(letter: Letter, likeness: str | None) -> Document:
    document: Document = letter.model_dump(mode="json", exclude={"letter_id"})
    document |= {"_id": letter.letter_id, "unit_id": letter.unit_id, "version": 1}
    document["registered_at"] = letter.registered_at
    if letter.occasion:
        document["occasion"] |= {"starts_at": letter.occasion.starts_at, "ends_at": letter.occasion.ends_at}
    if likeness:
        document["likeness"] = likeness
    return document


def _letter(row: Document) -> Letter:
    return Letter.model_validate({**row, "letter_id": row["_id"]})
