"""Routing rules in the database, and what was changed of them. Invariant: every change is kept with who made it; of the
rules that are not retired, no two have the same name.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session, take_document
from services.chassis.pagination import after, page_of
from services.contracts.vocabulary import Actor
from services.routing.domain.routing_rule import RoutingRule


class RuleChange(BaseModel):
    """A rule as it was from some moment on. ``actor`` is None where the person held no position."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    rule_id: str
    what: Literal["created", "changed", "retired"]
    at: AwareDatetime
    person_id: str
    person_name: str
    actor: Actor | None = None
    rule: RoutingRule


class RoutingRules:
    """Every rule, retired ones too."""

    COLLECTION = "routing_rules"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("name_key", 1)], name="name", unique=True),
            IndexModel([("in_force", 1)], name="in_force"),
            IndexModel([("retired", 1), ("_id", -1)], name="retired"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, rule_id: str, session: Session | None) -> RoutingRule | None:
        """The rule, or None."""
        row = await self._rows.find_one({"_id": rule_id}, session=session)
        return model(RoutingRule, row) if row else None

    async def take(self, rule_id: str, session: Session | None) -> RoutingRule | None:
        """The rule, held until the transaction ends."""
        row = await take_document(self._rows, rule_id, session)
        return model(RoutingRule, row) if row else None

    async def add(self, rule: RoutingRule, session: Session | None) -> None:
        """Keep a new rule; the driver's DuplicateKeyError where the name is taken."""
        await self._rows.insert_one(_row(rule), session=session)

    async def change(self, rule: RoutingRule, session: Session | None) -> None:
        """Keep the rule's new state; the driver's DuplicateKeyError where the name is taken."""
        fields = _row(rule)
        await self._rows.update_one({"_id": fields.pop("_id")}, {"$set": fields}, session=session)

    async def in_force(self, session: Session | None) -> list[RoutingRule]:
        """The rules that are looked at."""
        rows = await self._rows.find({"in_force": True}, session=session).to_list(None)
        return [model(RoutingRule, row) for row in rows]

    async def page(self, cursor: str | None, limit: int) -> tuple[list[RoutingRule], str | None]:
        """A page of those that are not retired, newest first, and the cursor of the next."""
        found = self._rows.find({"retired": False, **after(cursor)}).sort("_id", -1).limit(limit + 1)
        rows, following = page_of(await found.to_list(limit + 1), limit)
        return [model(RoutingRule, row) for row in rows], following


class RuleChanges:
    """The history of each rule."""

    COLLECTION = "routing_rule_changes"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("rule_id", 1), ("_id", -1)], name="rule")]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, change: RuleChange, session: Session | None) -> None:
        """Keep a change."""
        await self._rows.insert_one(document(change), session=session)

    async def page(self, rule_id: str, cursor: str | None, limit: int) -> tuple[list[RuleChange], str | None]:
        """A page of a rule's changes, the newest first, and the cursor of the next."""
        found = self._rows.find({"rule_id": rule_id, **after(cursor)}).sort("_id", -1).limit(limit + 1)
        rows, following = page_of(await found.to_list(limit + 1), limit)
        return [model(RuleChange, row) for row in rows], following


def _row(rule: RoutingRule) -> Document:
    """A retired rule gives its name free."""
    name_key = rule.id if rule.retired else rule.name.casefold()
    return {**document(rule), "name_key": name_key, "in_force": rule.in_force}
