"""Tickets between the steps of a sign-in. Invariant: a ticket opens one step, once, for a few minutes.

256 random bits of which only the SHA-256 is kept. It says that the steps before were passed, so that a password need
not be sent again; a few wrong answers void it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from gateway.auth.accounts import Account
from gateway.auth.session_rows import Via
from services.chassis.auth import unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, Document, IndexModel

COLLECTION = "sign_in_tickets"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)]
}
TRIES = 5
Stage = Literal["second_factor", "set_up_second_factor", "new_password"]


@dataclass(frozen=True)
class Ticket:
    """What a ticket stands for: an account as it was (``version``), how its owner proved who they are, and whether a
    second factor was shown already.
    """

    digest: str
    account_id: str
    stage: Stage
    second_factor: bool
    version: int
    via: Via


class Tickets:
    """Gives tickets out and takes them back."""

    def __init__(self, database: Database, seconds: int) -> None:
        self._rows = database[COLLECTION]
        self.seconds = seconds

    async def issue(self, account: Account, stage: Stage, via: Via, *, second_factor: bool = False) -> str:
        """A new ticket."""
        token = secrets.token_urlsafe(32)
        row = {"account_id": account.id, "version": account.version, "via": via}
        row |= {"stage": stage, "second_factor": second_factor}
        until = now() + timedelta(seconds=self.seconds)
        await self._rows.insert_one({"_id": _digest(token), **row, "tries": 0, "expires_at": until})
        return token

    async def show(self, token: str, *stages: Stage) -> Ticket:
        """The ticket, if it is for one of these stages; it is not counted."""
        return _ticket(await self._row(token, stages))

    async def enter(self, token: str, *stages: Stage) -> Ticket:
        """The same, and a try is counted before the answer is looked at; 401 where there were too many."""
        while True:
            row = await self._row(token, stages)
            if row["tries"] >= TRIES:
                raise invalid()
            expected = {"_id": row["_id"], "tries": row["tries"]}
            if (await self._rows.update_one(expected, {"$set": {"tries": row["tries"] + 1}})).matched_count:
                return _ticket(row)

    async def spend(self, ticket: Ticket) -> None:
        """It was good, once; 401 where somebody else was sooner with it."""
        if not (await self._rows.delete_one({"_id": ticket.digest})).deleted_count:
            raise invalid()

    async def _row(self, token: str, stages: Sequence[Stage]) -> Document:
        row = await self._rows.find_one({"_id": _digest(token)})
        if row is None or row["expires_at"] <= now() or row["stage"] not in stages:
            raise invalid()
        return row


def invalid() -> ServiceError:
    """401 for every ticket that opens nothing: why is nobody's business."""
    over = "Langkah ini tidak berlaku lagi (sudah dipakai, terlalu lama, atau terlalu sering salah)."
    return unauthenticated("ticket_invalid", f"{over} Silakan masuk kembali dari awal.")


def _ticket(row: Document) -> Ticket:
    return Ticket(row["_id"], row["account_id"], row["stage"], row["second_factor"], row["version"], row["via"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
