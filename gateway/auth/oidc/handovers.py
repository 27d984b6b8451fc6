"""Codes an app swaps for a session. Invariant: a code works once, for a minute, and for the app that asked for it.

The code goes through the browser's address, where others may see it; whoever shows it must also show the verifier of
the challenge the app began with (RFC 7636). A wrong verifier uses the code up.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta

from gateway.auth.oidc.proven import Proven
from services.chassis.auth import unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, IndexModel

COLLECTION = "oidc_handovers"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)]
}
SECONDS = 60


class Handovers:
    """Keeps what was proven until the app comes for it."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def give(self, proven: Proven, challenge: str) -> str:
        """A code for what was proven."""
        code = secrets.token_urlsafe(32)
        row = {"_id": _digest(code), "challenge": challenge, "proven": proven.model_dump()}
        await self._rows.insert_one({**row, "expires_at": now() + timedelta(seconds=SECONDS)})
        return code

    async def take(self, code: str, verifier: str) -> Proven:
        """What the code stands for; 401 where it is no good (any more)."""
        row = await self._rows.find_one({"_id": _digest(code)})
        if row is None or not (await self._rows.delete_one({"_id": row["_id"]})).deleted_count:
            raise _refused()
        if row["expires_at"] <= now() or not hmac.compare_digest(row["challenge"], challenge_of(verifier)):
            raise _refused()
        return Proven.model_validate(row["proven"])


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _refused() -> ServiceError:
    return unauthenticated("handover_invalid", "Kode masuk ini tidak berlaku lagi. Silakan masuk kembali dari awal.")
