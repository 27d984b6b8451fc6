"""Who is at an upload. Invariant: one request at a time, in whichever process; a newer one has the older give way.

The newer request is most likely the same client's, back after its connection broke, while the older still waits for
bytes that never come. So the older is told, saves what it has, and lets go. A process that died is waited out.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.mongo import PyMongoError
from services.intake.store.uploads import Uploads

log = logging.getLogger(__name__)
LEASE_SECONDS = 10.0
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 13.0
"""Longer than the lease, so that whoever comes back after a process died is let in at the first try."""
SENT_AT_ONCE = 3
"""Parts of one process on their way to the store at the same time: each is in memory whole."""
JUDGED_AT_ONCE = 4
"""Uploads of one process that are read back to be judged at the same time: each lies on its disk meanwhile."""


class Hold:
    """One request's hold on an upload; ``wanted`` is set when somebody else should have it."""

    def __init__(self, uploads: Uploads, upload_id: str) -> None:
        self._uploads = uploads
        self.upload_id = upload_id
        self.holder = new_id()
        self.wanted = asyncio.Event()

    async def taken(self, patience: float) -> bool:
        """Take it, waiting for whoever has it to give way."""
        deadline = asyncio.get_running_loop().time() + patience
        while not await self._uploads.hold(self.upload_id, self.holder, LEASE_SECONDS):
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await self._uploads.want(self.upload_id, self.holder)
            await asyncio.sleep(0.1)
        return True

    async def watch(self) -> None:
        """Keep the hold, and notice who wants it."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if not await self._uploads.keep_hold(self.upload_id, self.holder, LEASE_SECONDS):
                    self.wanted.set()
            except PyMongoError as error:
                log.warning("upload %s: the hold cannot be renewed: %s", self.upload_id, type(error).__name__)

    async def let_go(self) -> None:
        """Let others have it; where the database is away the lease runs out."""
        with contextlib.suppress(PyMongoError):
            await self._uploads.let_go(self.upload_id, self.holder)


class Holds:
    """The holds of this process. Those of one process tell each other at once, those of others within a second."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._here: dict[str, Hold] = {}
        self.sending = asyncio.Semaphore(SENT_AT_ONCE)
        self.judging = asyncio.Semaphore(JUDGED_AT_ONCE)

    @asynccontextmanager
    async def hold(self, upload_id: str, patience: float = PATIENCE_SECONDS) -> AsyncIterator[Hold]:
        """Hold the upload for the length of the block; 423 where somebody has it and does not give way."""
        hold = Hold(self._uploads, upload_id)
        if patience and upload_id in self._here:
            self._here[upload_id].wanted.set()
        if not await hold.taken(patience):
            raise locked()
        self._here[upload_id] = hold
        watching = asyncio.create_task(hold.watch())
        try:
            yield hold
        finally:
            watching.cancel()
            if self._here.get(upload_id) is hold:
                del self._here[upload_id]
            await hold.let_go()


def locked() -> ServiceError:
    """Somebody else is at this upload."""
    detail = "Unggahan ini sedang dikirim dari tempat lain. Silakan coba lagi sebentar."
    return ServiceError(423, "upload_locked", detail, headers={"Retry-After": "2"})


def interrupted() -> ServiceError:
    """Somebody newer goes on with it."""
    detail = "Unggahan ini dilanjutkan oleh permintaan lain. Yang sudah diterima tetap tersimpan."
    return ServiceError(423, "upload_interrupted", detail)
