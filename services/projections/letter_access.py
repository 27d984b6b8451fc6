"""Who may read which letter, as a service sees it. Invariant: nothing is shown of a letter this does not allow.

Routing owns the truth and publishes it; ``may_read`` is the one rule, used by routing and by every reader. Which role
reads what is said in ``reading``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from services.chassis.auth import Principal
from services.chassis.bus.consumer import Received, Subscription
from services.chassis.errors import not_found
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.routing import AccessChanged, LetterDelivered
from services.contracts.vocabulary import Access
from services.projections.reading import LETTER_HANDLERS, handles_letters, reads_across

__all__ = [
    "INDEXES",
    "LETTER_HANDLERS",
    "LetterAccess",
    "handles_letters",
    "may_read",
    "oversees",
    "patiently",
    "reads_across",
]

COLLECTION = "letter_access"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: []}
PAUSES = (0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each look at a letter that may be about to arrive."""
Found = TypeVar("Found")


def oversees(principal: Principal, access: Access) -> bool:
    """Whether one of the principal's positions sees the letter wherever it goes."""
    return any(reads_across(held.role, access.confidentiality) for held in principal.positions)


def may_read(principal: Principal, access: Access) -> bool:
    """Whether one of the principal's positions is named, handles letters in a named unit, or reads every unit's."""
    return any(
        held.position_id in access.positions
        or (held.unit_id in access.units and handles_letters(held.role, access.confidentiality))
        or reads_across(held.role, access.confidentiality)
        for held in principal.positions
    )


class LetterAccess:
    """Access per letter, with what the delivery said of the letter where it has been delivered."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def of(self, letter_id: str, session: Session | None = None) -> Access | None:
        """The access of a letter, or None where the letter is unknown here."""
        row = await self._rows.find_one({"_id": letter_id}, {"access": 1}, session=session)
        return Access.read(row["access"]) if row else None

    async def delivery(self, letter_id: str, session: Session | None = None) -> LetterDelivered | None:
        """What routing told of the letter when it was delivered, or None."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return LetterDelivered.read(row["delivery"]) if row and row.get("delivery") else None

    async def readable(self, letter_id: str, principal: Principal) -> LetterDelivered:
        """The delivery of a letter the principal may read; 404 otherwise, whether it exists or not.

        Someone who was told of a letter a moment ago may be faster than the event that tells this service. So what
        may not be read yet is looked at again a few times, and a letter that is not there takes as long to refuse as
        one that is not theirs.
        """

        async def look() -> LetterDelivered | None:
            row = await self._rows.find_one({"_id": letter_id})
            allowed = row and row.get("delivery") and may_read(principal, Access.read(row["access"]))
            return LetterDelivered.read(row["delivery"]) if row and allowed else None

        return await _found(look)

    async def admit(self, letter_id: str, principal: Principal) -> None:
        """Return where the principal may read the letter; 404 otherwise, as patiently as ``readable``."""

        async def look() -> Access | None:
            access = await self.of(letter_id)
            return access if access and may_read(principal, access) else None

        await _found(look)

    async def put(self, letter_id: str, access: Access, version: int, session: Session | None) -> None:
        """Keep ``access`` if it is newer than what is known."""
        await self._keep(letter_id, {"access": access.model_dump(mode="json")}, version, session)

    async def on_letter_delivered(self, event: LetterDelivered, _: Received, transaction: Transaction) -> None:
        """A letter came; keep what was said of it and who may read it."""
        said = {"delivery": event.model_dump(mode="json")}
        access = {"access": event.access.model_dump(mode="json")}
        if not await self._keep(event.letter_id, access | said, event.access_version, transaction.session):
            await self._rows.update_one({"_id": event.letter_id}, {"$set": said}, session=transaction.session)

    async def on_access_changed(self, event: AccessChanged, _: Received, transaction: Transaction) -> None:
        """Who may read has changed."""
        await self.put(event.letter_id, event.access, event.access_version, transaction.session)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(LetterDelivered, "letter_access.delivered", self.on_letter_delivered, guarded=True),
            Subscription(AccessChanged, "letter_access.changed", self.on_access_changed, guarded=True),
        ]

    async def _keep(self, letter_id: str, fields: Document, version: int, session: Session | None) -> bool:
        """Write ``fields`` in one stroke if ``version`` is newer than what is known; False where it is not."""
        older = {"_id": letter_id, "version": {"$lt": version}}
        change = {"$set": fields | {"version": version}}
        try:
            await self._rows.update_one(older, change, upsert=True, session=session)
        except DuplicateKeyError:
            # A row is there: a newer one, or one that another worker made in this very moment, perhaps an older one.
            return (await self._rows.update_one(older, change, session=session)).matched_count == 1
        return True


async def patiently(look: Callable[[], Awaitable[Found | None]]) -> Found | None:
    """What ``look`` finds, now or in a moment: news of it may be on its way; None where nothing came."""
    for pause in PAUSES:
        await asyncio.sleep(pause)
        found = await look()
        if found is not None:
            return found
    return None


async def _found(look: Callable[[], Awaitable[Found | None]]) -> Found:
    found = await patiently(look)
    if found is None:
        raise not_found("Surat")
    return found
