"""What the record needs done by itself. Invariant: one worker links, each process that answers tells what it has held
back.
"""

import asyncio
import contextlib
import logging

from gateway.audit.quota import WINDOW_SECONDS
from gateway.audit.store import Audit
from services.chassis.duty import repeatedly
from services.chassis.lease import Lease
from services.chassis.mongo import Database, PyMongoError
from services.chassis.service import Duty

log = logging.getLogger(__name__)
LINK_SECONDS = 1.0
LEAVING_SECONDS = 2.0


def duties(audit: Audit, database: Database) -> list[Duty]:
    """A worker's."""
    return [repeatedly(Lease(database, "identity_audit"), audit.link, pause_seconds=LINK_SECONDS)]


def attendants(audit: Audit) -> list[Duty]:
    """Of each process that answers: it alone knows what it has held back."""
    return [lambda: _tell(audit)]


async def _tell(audit: Audit) -> None:
    """Once a minute, and when the process leaves: what was held back into the record, and the last hash into the log,
    which others keep.
    """
    told = (0, "")
    try:
        while True:
            await asyncio.sleep(WINDOW_SECONDS)
            told = await _tell_once(audit, told)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVING_SECONDS):
                await _tell_once(audit, told, leaving=True)


async def _tell_once(audit: Audit, told: tuple[int, str], *, leaving: bool = False) -> tuple[int, str]:
    try:
        await audit.tell_suppressed(leaving=leaving)
        head = await audit.head()
    except PyMongoError as error:
        log.warning("the record of sign-ins cannot be written: %s", type(error).__name__)
        return told
    if head != told:
        log.info("the record of sign-ins ends with %d:%s", *head)
    return head
