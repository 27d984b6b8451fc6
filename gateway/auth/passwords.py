"""Passwords: Argon2id (RFC 9106). Invariant: a wrong name costs the same time as a wrong password.

Hashing takes tens of megabytes and tens of milliseconds on purpose. It runs in a few threads of its own, and beyond a
short queue people are asked to come back, so that guessing cannot take the gateway's memory or its event loop.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.settings import GatewaySettings
from services.chassis.errors import unavailable

THREADS = 2
QUEUE = 64
T = TypeVar("T")


class Passwords:
    """Hashes and verifies, off the event loop."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_passes,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_lanes,
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The PHC string to store."""
        return await self._off_loop(lambda: self._hasher.hash(normalised(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` fits; with nothing stored the same work is done and the answer is no."""
        fits = await self._off_loop(lambda: self._fits(stored or self._nobody, password))
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, normalised(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, work: Callable[[], T]) -> T:
        if self._waiting >= QUEUE:
            raise unavailable("Terlalu banyak orang masuk bersamaan. Silakan coba lagi sebentar.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def normalised(password: str) -> str:
    """One form for what looks the same on different keyboards (NIST SP 800-63B, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
