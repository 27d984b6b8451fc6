"""Who holds which position, as routing last said. Invariant: each assignment is at its newest known state, and one that
was cancelled lends nobody a position.

Kept here so that people can sign in while routing is away.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.chassis.auth import HeldPosition
from services.chassis.bus.consumer import Received, Subscription
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.routing import AssignmentChanged

COLLECTION = "assignments"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [IndexModel([("person_id", 1)], name="person")]}


class Assignments:
    """The gateway's projection of routing's assignments."""

    def __init__(self, database: Database, timezone: str) -> None:
        self._rows = database[COLLECTION]
        self._zone = ZoneInfo(timezone)

    async def held_by(self, person_id: str, on: date | None = None) -> list[HeldPosition]:
        """The positions the person holds on a local date, today where none is given."""
        today = (on or now().astimezone(self._zone).date()).isoformat()
        rows = await self._rows.find({"person_id": person_id}).to_list(None)
        return [_held(row) for row in sorted(rows, key=_rank) if _in_force(row, today)]

    async def told_of(self, person_id: str, session: Session | None = None) -> bool:
        """Whether the person was ever said to hold a position, at whatever time."""
        return await self._rows.find_one({"person_id": person_id}, {"_id": 1}, session=session) is not None

    async def on_assignment_changed(
        self, event: AssignmentChanged, received: Received, transaction: Transaction
    ) -> None:
        """Keep the assignment's newest state."""
        known = await self._rows.find_one({"_id": event.assignment_id}, {"last_seq": 1}, session=transaction.session)
        if known and known["last_seq"] >= received.seq:
            return
        row = event.model_dump(mode="json") | {"_id": event.assignment_id, "last_seq": received.seq}
        await self._rows.replace_one({"_id": event.assignment_id}, row, upsert=True, session=transaction.session)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The gateway's subscription table."""
        return [Subscription(AssignmentChanged, "assignments.changed", self.on_assignment_changed)]


def _in_force(row: Document, today: str) -> bool:
    # ISO dates compare as text; what was kept before assignments could be cancelled does not say so
    in_term = row["starts_on"] <= today and (row["ends_on"] is None or today <= row["ends_on"])
    return in_term and not row.get("cancelled", False)


def _rank(row: Document) -> tuple[bool, str]:
    """The person's own position first, those they only stand in for after it."""
    return row["capacity"] != "definitive", row["starts_on"]


def _held(row: Document) -> HeldPosition:
    return HeldPosition(
        position_id=row["position_id"],
        title=row["position_title"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        role=row["role"],
        capacity=row["capacity"],
    )
