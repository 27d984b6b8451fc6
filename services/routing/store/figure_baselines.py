"""Baselines in the database. Invariant: every version stays as it was stated, and no two have the same number."""

from typing import ClassVar

from services.chassis.documents import plain
from services.chassis.mongo import Database, IndexModel, Session
from services.routing.domain.figure_baseline import Baseline


class Baselines:
    """Every version; there are few."""

    COLLECTION = "figure_baselines"
    INDEXES: ClassVar[dict[str, list[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def newest(self, session: Session | None = None) -> Baseline | None:
        """The one that counts; None before the first."""
        rows = await self._rows.find({}, session=session).to_list(None)
        return max((Baseline.model_validate(row) for row in rows), key=lambda one: one.version, default=None)

    async def add(self, baseline: Baseline, session: Session | None) -> None:
        """Keep a further version; the driver's DuplicateKeyError where its number is taken."""
        await self._rows.insert_one({"_id": f"baseline/{baseline.version}", **plain(baseline)}, session=session)
