"""The regency's units, prepared to be found by what letters call them. Invariant: never older than it says."""

import asyncio
import time

from services.intake.domain.suggestions.directory import Directory
from services.projections.organisation import Organisation

HEADING = ("head", "leader")
KEPT_SECONDS = 60.0
"""An office that was made just now is suggested after that. Preparing looks through the whole organisation."""


class KnownUnits:
    """What this process knows of the organisation, for suggestions."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._directory: Directory | None = None

    async def directory(self) -> Directory:
        """The units as they were a minute ago at most; made once for all who ask together."""
        async with self._lock:
            if self._directory is None or self._until <= time.monotonic():
                began = time.monotonic()
                units = await self._organisation.all_units()
                heads = await self._organisation.all_with(HEADING)
                self._directory = await asyncio.to_thread(Directory, units, heads)
                self._until = began + KEPT_SECONDS
            return self._directory

    def forget(self) -> None:
        """Look anew when next asked."""
        self._until = 0.0
