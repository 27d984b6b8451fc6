"""Passwords: Argon2id (RFC 9106). Invariant: a wrong name costs the same time as a wrong password.

Hashing takes tens of megabytes and tens of milliseconds on purpose. It runs in a few threads of its own, and who comes
next is decided fairly, so that guessing takes neither the gateway's memory nor its event loop nor other people's turns.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.auth.fair_queue import Asker, FairQueue
from gateway.settings import GatewaySettings

THREADS = 2
HOUSE = Asker("known", "house")
"""Who is signed in and sets or proves a password."""
SPOKEN = "abcdefghjkmnpqrstuvwxyz23456789"
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
        self._queue = FairQueue(THREADS)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def place(self, asker: Asker) -> AbstractContextManager[None]:
        """A place in the queue, to be held before anything is spent on a stranger; 503 at once where none is left."""
        return self._queue.place(asker)

    async def hash(self, password: str, asker: Asker = HOUSE) -> str:
        """The PHC string to store."""
        return await self._off_loop(asker, lambda: self._hasher.hash(normalised(password)))

    async def verify(self, stored: str | None, password: str, asker: Asker = HOUSE) -> bool:
        """Whether ``password`` fits; with nothing stored the same work is done and the answer is no."""
        fits = await self._off_loop(asker, lambda: self._fits(stored or self._nobody, password))
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, normalised(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, asker: Asker, work: Callable[[], T]) -> T:
        async with self._queue.turn(asker):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def normalised(password: str) -> str:
    """One form for what looks the same on different keyboards (NIST SP 800-63B-4, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def spoken_password() -> str:
    """A password a person reads out and another types: 79 random bits, without letters that look alike."""
    return "-".join("".join(secrets.choice(SPOKEN) for _ in range(4)) for _ in range(4))
