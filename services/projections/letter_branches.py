"""The ways each letter goes, as a service sees them. Invariant: they are the same in whatever order news of them came.

The delivery tells of the first ways, and is kept by ``letter_access``. Each later event only adds facts that no other
event adds: a branch that was opened, or in which manner a letter left one. So nothing has to be compared or put in
order, a repetition changes nothing, and an event that is early waits here for the delivery. Closing and opening again
take turns, so of those the version of the letter's stream at which each last happened is kept, and the later one holds.
"""

from collections.abc import Sequence
from typing import Any

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.routing import (
    Branch,
    BranchClosed,
    BranchRecalled,
    BranchRedirected,
    BranchReopened,
    BranchReturned,
    LetterDelivered,
    LetterForwarded,
)
from services.projections.ways import EXITS, Way, destination

COLLECTION = "letter_branches"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: []}


class LetterBranches:
    """What was opened after a letter's delivery, and what it has left."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def of(self, letter: LetterDelivered, session: Session | None = None) -> tuple[Way, ...]:
        """Every way of a delivered letter: the delivery's as it names them, then the later ones, oldest first."""
        row: Document = await self._rows.find_one({"_id": letter.letter_id}, session=session) or {}
        later = [Branch.read(one) for _, one in sorted(row.get("opened", {}).items())]
        branches = {one.branch_id: one for one in (*letter.branches, *letter.external, *later)}
        return tuple(_way(branch, row) for branch in branches.values())

    async def on_letter_forwarded(self, event: LetterForwarded, _: Received, __: Transaction) -> None:
        """The letter goes further ways."""
        await self._note(event.letter_id, {f"opened.{one.branch_id}": _kept(one) for one in event.branches})

    async def on_branch_redirected(self, event: BranchRedirected, _: Received, __: Transaction) -> None:
        """The letter left one way for another."""
        new = {f"opened.{event.branch.branch_id}": _kept(event.branch)}
        await self._note(event.letter_id, new | {f"redirected.{event.branch_id}": destination(event.branch)})

    async def on_branch_returned(self, event: BranchReturned, _: Received, __: Transaction) -> None:
        """The letter went back to its sender."""
        await self._note(event.letter_id, {f"returned.{event.branch_id}": None})

    async def on_branch_recalled(self, event: BranchRecalled, _: Received, __: Transaction) -> None:
        """The sender took the letter back."""
        await self._note(event.letter_id, {f"recalled.{event.branch_id}": None})

    async def on_branch_closed(self, event: BranchClosed, received: Received, _: Transaction) -> None:
        """The letter needs nothing more there."""
        await self._last(event.letter_id, f"closed.{event.branch_id}", received.seq)

    async def on_branch_reopened(self, event: BranchReopened, received: Received, _: Transaction) -> None:
        """It is work again."""
        await self._last(event.letter_id, f"reopened.{event.branch_id}", received.seq)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(LetterForwarded, "letter_branches.forwarded", self.on_letter_forwarded, guarded=True),
            Subscription(BranchRedirected, "letter_branches.redirected", self.on_branch_redirected, guarded=True),
            Subscription(BranchReturned, "letter_branches.returned", self.on_branch_returned, guarded=True),
            Subscription(BranchRecalled, "letter_branches.recalled", self.on_branch_recalled, guarded=True),
            Subscription(BranchClosed, "letter_branches.closed", self.on_branch_closed, guarded=True),
            Subscription(BranchReopened, "letter_branches.reopened", self.on_branch_reopened, guarded=True),
        ]

    async def _note(self, letter_id: str, facts: Document) -> None:
        await self._write(letter_id, {"$set": facts})

    async def _last(self, letter_id: str, what: str, version: int) -> None:
        await self._write(letter_id, {"$max": {what: version}})

    async def _write(self, letter_id: str, change: Document) -> None:
        try:
            await self._rows.update_one({"_id": letter_id}, change, upsert=True)
        except DuplicateKeyError:
            # Another worker made the row in this very moment.
            await self._rows.update_one({"_id": letter_id}, change)


def _kept(branch: Branch) -> Document:
    return branch.model_dump(mode="json")


def _way(branch: Branch, row: Document) -> Way:
    left = next((one for one in EXITS if branch.branch_id in row.get(one, {})), None)
    to = row["redirected"][branch.branch_id] if left == "redirected" else None
    closed = row.get("closed", {}).get(branch.branch_id, 0) > row.get("reopened", {}).get(branch.branch_id, 0)
    return Way(branch, left, to, closed)
