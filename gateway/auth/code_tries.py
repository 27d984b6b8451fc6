"""How often codes may be tried. Invariant: only whoever has the password counts, and the owner's device counts alone.

A ticket takes five tries; here the tries of all tickets of an account are counted, so that nobody gets on by asking for
tickets. What a known device tries is counted apart from what is tried elsewhere.
"""

from collections.abc import Sequence

from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError
from services.chassis.limits import EXPIRY, Limits, too_many
from services.chassis.mongo import Database, IndexModel

COLLECTION = "second_factor_tries"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [EXPIRY]}


class CodeTries:
    """Counts tries of codes."""

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._limits = Limits(database, COLLECTION, settings.second_factor_tries)

    async def enter(self, account_id: str, device: str | None) -> None:
        """Count a try; 429 where there were too many."""
        wait = await self._limits.take("code", _name(account_id, device))
        if wait:
            raise too_many(f"Terlalu banyak kode yang salah. Silakan coba lagi dalam {wait} detik.", wait)

    async def forget(self, account_id: str, device: str | None) -> None:
        """The code was right."""
        await self._limits.forget("code", _name(account_id, device))


def code_refused(status: int) -> ServiceError:
    """The code is wrong, or was used already: which of both is not told."""
    headers = {"WWW-Authenticate": 'Bearer error="code_wrong"'} if status == 401 else None
    detail = "Kode salah atau sudah pernah dipakai. Tunggu kode berikutnya, lalu coba lagi."
    return ServiceError(status, "code_wrong", detail, headers=headers)


def _name(account_id: str, device: str | None) -> str:
    return f"{account_id} {device or ''}"
