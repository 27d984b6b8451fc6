"""May they come now? Invariant: asked after who they are and before anything of theirs is read."""

from collections.abc import Sequence
from typing import Protocol

from gateway.credentials import Identity
from gateway.routes import Pace

Fields = Sequence[tuple[bytes, bytes]]


class Admission(Protocol):
    """Counts what is asked."""

    async def admit(self, identity: Identity | None, address: str, pace: Pace, device: str | None = None) -> Fields:
        """The header fields that tell how much is left; 429 with Retry-After where nothing is.

        ``identity`` is None on an open address, where only the network address is known, or the ``device`` that has
        signed in before.
        """
        ...
