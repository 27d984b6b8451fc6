"""Who opened which confidential letter, and who was refused. Invariant: an entry never changes and is kept 5 years."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.documents import document, model
from services.chassis.ids import first_id_of
from services.chassis.mongo import Database, DuplicateKeyError, IndexModel
from services.chassis.newest import Bounds

What = Literal["opened", "refused"]
KEEP_SECONDS = 5 * 366 * 24 * 3600


class AuditEntry(BaseModel):
    """One reading or refusal. ``positions`` are those the person held."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    file_id: str | None = None
    what: What
    by: str
    name: str
    positions: tuple[str, ...] = ()
    at: AwareDatetime


class Audit:
    """The record of readings and refusals."""

    COLLECTION = "audit"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1), ("order", -1)], name="letter"),
            IndexModel([("by", 1), ("order", -1)], name="person"),
            IndexModel([("what", 1), ("order", -1)], name="what"),
            IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def note(self, entry: AuditEntry, *, keep: bool = True) -> None:
        """Keep the entry, unless the same was noted before; with ``keep`` off do the like and keep nothing."""
        if not keep:
            await self._rows.find_one({"_id": entry.id})
            return
        if await self._rows.find_one({"_id": entry.id}, {"_id": 1}) is not None:
            return
        try:
            await self._rows.insert_one({**document(entry), "order": order_of(entry)})
        except DuplicateKeyError:
            return

    async def within(self, field: Literal["letter_id", "by", "what"], value: str, bounds: Bounds) -> list[AuditEntry]:
        """The entries with ``value`` in ``field``, newest first."""
        span = {"order": bounds.condition["_id"]} if bounds.condition else {}
        rows = await self._rows.find({field: value, **span}).to_list(None)
        return [model(AuditEntry, row) for row in sorted(rows, key=lambda row: str(row["order"]), reverse=True)]


def order_of(entry: AuditEntry) -> str:
    """What entries are sorted by: like an id, it tells the time."""
    return f"{first_id_of(entry.at)[:18]}-{entry.id[19:]}"
