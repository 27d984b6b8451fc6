"""Who may read which letter, as a service sees it. Invariant: nothing is shown of a letter this does not allow.

Routing owns the truth and publishes it; ``may_read`` is the one rule, used by routing and by every reader. Which role
reads what is said in ``reading``. What intake corrects of a letter lies over what routing said of it when it was
delivered: of several corrections the one with the highest version on the letter's stream, however they came.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from services.chassis.auth import Principal
from services.chassis.bus.consumer import Received, Subscription
from services.chassis.bus.outcome import RetryLater
from services.chassis.errors import not_found
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.routing import AccessChanged, LetterDelivered
from services.contracts.vocabulary import Access
from services.projections.reading import LETTER_HANDLERS, handles_letters, reads_across

__all__ = [
    "ACCESS_FIELDS",
    "INDEXES",
    "LETTER_HANDLERS",
    "LetterAccess",
    "access_in",
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
ACCESS_FIELDS = {"access": 1, "corrected.confidentiality": 1}
"""What of a row says who may read."""
_CORRECTABLE = set(LetterDelivered.model_fields) & set(LetterCorrected.model_fields) - {"letter_id"}
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
        row = await self._rows.find_one({"_id": letter_id}, ACCESS_FIELDS, session=session)
        return access_in(row) if row else None

    async def voided(self, letter_id: str, session: Session | None = None) -> LetterVoided | None:
        """Who declared the letter's registration void, and why; None where nobody did, as far as is known here."""
        row = await self._rows.find_one({"_id": letter_id}, {"voided": 1}, session=session)
        return LetterVoided.read(row["voided"]) if row and row.get("voided") else None

    async def delivery(self, letter_id: str, session: Session | None = None) -> LetterDelivered | None:
        """What routing told of the letter when it was delivered, as corrected since; or None."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return _delivery_in(row) if row and row.get("delivery") else None

    async def readable(self, letter_id: str, principal: Principal) -> LetterDelivered:
        """The delivery of a letter the principal may read; 404 otherwise, whether it exists or not.

        Someone who was told of a letter a moment ago may be faster than the event that tells this service. So what
        may not be read yet is looked at again a few times, and a letter that is not there takes as long to refuse as
        one that is not theirs.
        """

        async def look() -> LetterDelivered | None:
            row = await self._rows.find_one({"_id": letter_id})
            allowed = row and row.get("delivery") and may_read(principal, access_in(row))
            return _delivery_in(row) if row and allowed else None

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

    async def on_letter_corrected(self, event: LetterCorrected, got: Received, transaction: Transaction) -> None:
        """What is said of the letter has changed; RetryLater while nothing was said of it."""
        row = await self._delivered(event.letter_id, transaction)
        if row.get("corrected", {}).get("version", 0) < got.seq:
            said = event.model_dump(mode="json", include=_CORRECTABLE)
            known = {"version": got.seq, "said": said, "confidentiality": event.confidentiality}
            change = {"$set": {"corrected": known}}
            await self._rows.update_one({"_id": event.letter_id}, change, session=transaction.session)

    async def on_letter_voided(self, event: LetterVoided, _: Received, transaction: Transaction) -> None:
        """The letter's registration is void; RetryLater while it was not delivered."""
        await self._delivered(event.letter_id, transaction)
        change = {"$set": {"voided": event.model_dump(mode="json")}}
        await self._rows.update_one({"_id": event.letter_id}, change, session=transaction.session)

    def register_subscriptions(self) -> list[Subscription[Any]]:
        """Further rows, for a service that is told what the register says of letters later."""
        return [
            Subscription(LetterCorrected, "letter_access.corrected", self.on_letter_corrected),
            Subscription(LetterVoided, "letter_access.voided", self.on_letter_voided),
        ]

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(LetterDelivered, "letter_access.delivered", self.on_letter_delivered, guarded=True),
            Subscription(AccessChanged, "letter_access.changed", self.on_access_changed, guarded=True),
        ]

    async def _delivered(self, letter_id: str, transaction: Transaction) -> Document:
        row = await self._rows.find_one({"_id": letter_id}, session=transaction.session)
        if row is None or not row.get("delivery"):
            raise RetryLater(f"letter {letter_id} has not been delivered yet")
        return row

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


def access_in(row: Document) -> Access:
    """Who may read the letter kept in this row. How confidential it is, its own book says last."""
    corrected = row.get("corrected")
    known = {"confidentiality": corrected["confidentiality"]} if corrected else {}
    return Access.read(row["access"] | known)


def _delivery_in(row: Document) -> LetterDelivered:
    delivery = row["delivery"]
    said = row.get("corrected", {}).get("said", {})
    confidential = {"confidentiality": access_in(row).confidentiality}
    return LetterDelivered.read({**delivery, **said, "access": delivery["access"] | confidential})


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
