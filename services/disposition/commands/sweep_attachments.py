"""Remove files that were brought and added to no answer. Invariant: what an act has taken is never removed.

A file that no act can take any more is withdrawn first, in a transaction that clashes with one that takes it; then it
goes from the store, then its row. Cut off anywhere, the next sweep goes on: the row goes last.
"""

import logging

from services.chassis.clock import now
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.disposition import Attachment
from services.disposition.context import Context

log = logging.getLogger(__name__)

BATCH = 200


async def sweep_attachments(context: Context) -> int:
    """Remove a batch of those that have waited too long; gives how many."""
    waiting = await context.attachments.loose_before(now() - context.files.patience, BATCH)
    removed = 0
    try:
        for file in waiting:
            removed += await _remove(context, file)
    except StorageUnavailable as error:
        log.warning("the sweep is put off: %s", error)
        return 0
    return removed


async def _remove(context: Context, file: Attachment) -> bool:
    async def withdraw(tx: Transaction) -> bool:
        return await context.attachments.withdraw(file.attachment_id, tx.session)

    if not await context.uow.run(withdraw):
        return False
    await context.files.storage.remove(file.key)
    await context.attachments.forget(file.attachment_id)
    log.info("removed %s: brought, never added", file.key)
    return True
