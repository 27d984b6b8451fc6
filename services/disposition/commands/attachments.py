"""Files added to answers. Invariant: a file is added once, by whoever brought it, to what it was brought for."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.errors import unprocessable
from services.chassis.uow import Transaction
from services.contracts.disposition import Attachment
from services.disposition.context import Context


async def taken(
    context: Context, tx: Transaction, caller: Principal, disposition_id: str, attachment_ids: Sequence[str]
) -> tuple[Attachment, ...]:
    """The files with these ids, from now on part of the disposition's thread; 422 for one that cannot be added."""
    found = []
    for attachment_id in dict.fromkeys(attachment_ids):
        one = await context.attachments.take(attachment_id, disposition_id, caller.person_id, tx.session)
        if one is None:
            raise unprocessable(
                "unknown_attachment", "Lampiran tidak ditemukan atau sudah dipakai.", attachment_id=attachment_id
            )
        found.append(one)
    return tuple(found)
