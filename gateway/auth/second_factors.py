"""Second factors. Invariant: a code opens once, on whichever gateway it is shown first.

The secret is sealed for its account. One that is being set up waits beside the present one and counts for nothing
until a code has shown that the app has it; the recovery codes given out with it begin to hold in the same moment, so
nobody has a second factor without them. New ones wait likewise until one of them was shown. They open without the
sealing key, which may be lost.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.auth import recovery_codes, totp
from gateway.auth.sealing import SealBroken, Sealer
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, DuplicateKeyError, Session

log = logging.getLogger(__name__)
COLLECTION = "second_factors"
SET_UP_SECONDS = 3600
Proof = Literal["totp", "recovery_code"]


@dataclass(frozen=True)
class SetUp:
    """What is shown once, to be taken into an authenticator app and onto paper."""

    secret: str
    uri: str
    recovery_codes: list[str]


@dataclass(frozen=True)
class Standing:
    """What stands, without any secret."""

    since: datetime
    recovery_codes_left: int


class SecondFactors:
    """Each account's second factor."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._rows = database[COLLECTION]
        self._sealer = sealer

    async def standing(self, account_id: str) -> Standing | None:
        """The account's second factor, if it has one."""
        row = await self._rows.find_one({"_id": account_id})
        if row is None or row.get("secret") is None:
            return None
        return Standing(row["since"], len(row["recovery"]))

    async def begin(self, account_id: str, username: str) -> SetUp:
        """Begin to set one up; what was begun before is forgotten. 503 without a sealing key."""
        secret, codes = totp.fresh_secret(), recovery_codes.fresh_codes()
        sealed = self._sealer.seal(secret, purpose_of(account_id))
        waiting = {"secret": sealed, "recovery": [recovery_codes.digest(code) for code in codes], "begun_at": now()}
        change = {"$set": {"waiting": waiting}, "$inc": {"version": 1}}
        try:
            await self._rows.update_one({"_id": account_id}, change, upsert=True)
        except DuplicateKeyError:
            await self._rows.update_one({"_id": account_id}, change)
        return SetUp(secret, totp.otpauth_uri(secret, username), codes)

    async def confirm(self, account_id: str, code: str, session: Session | None = None) -> bool:
        """Whether ``code`` shows that the app has what was begun; from then on it holds."""
        row = await self._rows.find_one({"_id": account_id}, session=session)
        waiting = _begun(row, "waiting")
        shown = self._shown(account_id, waiting["secret"], code, after=0) if waiting else None
        if row is None or waiting is None or shown is None:
            return False
        held = {**shown, "recovery": waiting["recovery"], "since": now()}
        return await self._swap(row, {**held, "waiting": None, "renewal": None}, session)

    async def accept(self, account_id: str, code: str, session: Session | None = None) -> Proof | None:
        """What ``code`` is, and it is used up; None where it is no good (any more)."""
        while True:
            row = await self._rows.find_one({"_id": account_id}, session=session)
            if row is None or row.get("secret") is None:
                return None
            proof, change = self._judged(account_id, row, code.strip())
            if proof is None or await self._swap(row, change, session):
                return proof

    async def begin_renewal(self, account_id: str) -> list[str]:
        """Ten new recovery codes; until one of them was shown those before go on to hold."""
        codes = recovery_codes.fresh_codes()
        renewal = {"recovery": [recovery_codes.digest(code) for code in codes], "begun_at": now()}
        await self._rows.update_one({"_id": account_id}, {"$set": {"renewal": renewal}, "$inc": {"version": 1}})
        return codes

    async def confirm_renewal(self, account_id: str, code: str, session: Session | None = None) -> bool:
        """Whether ``code`` shows that the new codes have arrived; from then on they hold, this one too."""
        row = await self._rows.find_one({"_id": account_id}, session=session)
        renewal = _begun(row, "renewal")
        if row is None or renewal is None or recovery_codes.without(code, renewal["recovery"]) is None:
            return False
        return await self._swap(row, {"recovery": renewal["recovery"], "renewal": None}, session)

    async def remove(self, account_id: str, session: Session | None = None) -> None:
        """There is none any more, nor one begun."""
        await self._rows.delete_one({"_id": account_id}, session=session)

    def _judged(self, account_id: str, row: Document, code: str) -> tuple[Proof | None, Document]:
        code = code.replace(" ", "")
        left = recovery_codes.without(code, row["recovery"])
        if left is not None:
            return "recovery_code", {"recovery": left}
        shown = self._shown(account_id, row["secret"], code, after=row["last_step"])
        return ("totp", shown) if shown else (None, {})

    async def _swap(self, row: Document, change: Document, session: Session | None) -> bool:
        """Whether the change was made to the very state that was judged."""
        expected = {"_id": row["_id"], "version": row["version"]}
        moved = await self._rows.update_one(
            expected, {"$set": {**change, "version": row["version"] + 1}}, session=session
        )
        return bool(moved.matched_count)

    def _shown(self, account_id: str, sealed: str, code: str, after: int) -> Document | None:
        """What is kept once ``code`` has shown that the app has the secret; it is sealed by the present key then."""
        purpose = purpose_of(account_id)
        try:
            step = totp.step_of(self._sealer.open(sealed, purpose), code, after=after)
        except SealBroken:
            log.warning("the second factor of account %s cannot be opened: its sealing key is not here", account_id)
            return None
        return None if step is None else {"secret": self._sealer.renewed(sealed, purpose), "last_step": step}


def _begun(row: Document | None, field: str) -> Document | None:
    """What was begun and waits to be confirmed, unless that was too long ago."""
    begun: Document | None = row.get(field) if row else None
    return begun if begun and begun["begun_at"] >= now() - timedelta(seconds=SET_UP_SECONDS) else None


def purpose_of(account_id: str) -> str:
    """What an account's secret is sealed for."""
    return f"totp:{account_id}"
