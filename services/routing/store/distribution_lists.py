"""Distribution lists in the database. Invariant: of the lists in use, no two of one owner have the same name."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session, take_document
from services.chassis.pagination import after, page_of
from services.routing.domain.distribution_list import DistributionList


class DistributionLists:
    """Every list, retired ones too."""

    COLLECTION = "distribution_lists"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("owner", 1), ("name_key", 1)], name="name", unique=True),
            IndexModel([("owner", 1), ("retired", 1), ("_id", -1)], name="owner"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, list_id: str, session: Session | None) -> DistributionList | None:
        """The list, or None."""
        row = await self._rows.find_one({"_id": list_id}, session=session)
        return model(DistributionList, row) if row else None

    async def take(self, list_id: str, session: Session | None) -> DistributionList | None:
        """The list, held until the transaction ends."""
        row = await take_document(self._rows, list_id, session)
        return model(DistributionList, row) if row else None

    async def add(self, one: DistributionList, session: Session | None) -> None:
        """Keep a new list; the driver's DuplicateKeyError where the name is taken."""
        await self._rows.insert_one(_row(one), session=session)

    async def change(self, one: DistributionList, session: Session | None) -> None:
        """Keep the list's new state; the driver's DuplicateKeyError where the name is taken."""
        fields = _row(one)
        await self._rows.update_one({"_id": fields.pop("_id")}, {"$set": fields}, session=session)

    async def page(
        self, owners: Sequence[str], cursor: str | None, limit: int
    ) -> tuple[list[DistributionList], str | None]:
        """A page of the lists in use of these owners, newest first, and the cursor of the next."""
        rows: list[Document] = []
        for owner in owners:
            query = {"owner": owner, "retired": False, **after(cursor)}
            rows += await self._rows.find(query).sort("_id", -1).limit(limit + 1).to_list(limit + 1)
        shown, following = page_of(sorted(rows, key=lambda row: str(row["_id"]), reverse=True), limit)
        return [model(DistributionList, row) for row in shown], following


def _row(one: DistributionList) -> Document:
    """A retired list gives its name free."""
    name_key = one.id if one.retired else one.name.casefold()
    return {**document(one), "owner": one.owner, "name_key": name_key}
