"""The deadline rules in the database. Invariant: there are always rules; before any are set, the defaults."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.mongo import Database, IndexModel, Session
from services.routing.domain.deadline import DEFAULT_RULES, DeadlineRules

ONLY = "rules"


class KeptRules(BaseModel):
    """The rules with their version, and who set them; nobody has set the first ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rules: DeadlineRules = DEFAULT_RULES
    version: int = 1
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None


class DeadlineRuleBook:
    """One document."""

    COLLECTION = "deadline_rules"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def read(self, session: Session | None) -> KeptRules:
        """The present rules."""
        row = await self._rows.find_one({"_id": ONLY}, session=session)
        return KeptRules.model_validate(row) if row else KeptRules()

    async def write(self, kept: KeptRules, session: Session | None) -> None:
        """Keep new rules in place of the present ones."""
        await self._rows.update_one({"_id": ONLY}, {"$set": kept.model_dump()}, upsert=True, session=session)
