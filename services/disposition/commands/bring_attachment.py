"""Bring a file for a disposition. Invariant: it is written down, then put, then ready to be added to an answer.

Whatever is refused or fails leaves nothing behind, or is left to the sweep where the store or the database is away.
"""

import logging

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, conflict, forbidden, not_found
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import instant_of, new_id
from services.chassis.mongo import Document, PyMongoError, surely_rolled_back
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.disposition import Attachment
from services.disposition.commands.show_dispositions import may_see
from services.disposition.context import Context

log = logging.getLogger(__name__)

LOOSE_AT_MOST = 50
"""Files one person may have brought and not added; ten go with one answer."""


async def may_bring(context: Context, caller: Principal, disposition_id: str) -> None:
    """404 and 403 for whom it is no business of, before any of the file is taken in."""
    found = await context.dispositions.get(disposition_id)
    if found is None or not await may_see(context, caller, found):
        raise not_found("Disposisi")
    if not found.parties.intersection(caller.position_ids):
        raise forbidden("Hanya pemberi dan penerima disposisi yang dapat menambahkan lampiran.")
    if await context.attachments.loose_of(caller.person_id) >= LOOSE_AT_MOST:
        raise conflict(
            "too_many_loose_files",
            f"Sudah ada {LOOSE_AT_MOST} berkas yang belum dipakai dalam jawaban. Gunakan dahulu, atau tunggu sehari.",
        )


async def bring_attachment(
    context: Context, caller: Principal, disposition_id: str, sent: Received, key: str | None
) -> Document:
    """What is answered, first or repeated."""
    request = fingerprint(disposition_id, sent.name, sent.sha256)
    first = await context.idempotent.find(caller.person_id, key, request)
    if first is not None:
        return first
    file = _described(context, disposition_id, sent, await _media_type(context, sent))

    async def act(tx: Transaction) -> Document:
        if not await context.attachments.put(file.attachment_id, tx.session):
            raise conflict("attachment_swept", "Berkas terlalu lama dikirim. Silakan kirim ulang.")
        return file.model_dump(exclude={"key"})

    await context.attachments.begin(file, disposition_id, caller.person_id, now())
    try:
        await context.files.storage.put(file.key, sent.content, file.size, file.media_type)
        answer, repeated = await context.idempotent.run(caller.person_id, key, request, act)
    except Exception as error:
        if isinstance(error, ServiceError | StorageUnavailable) or surely_rolled_back(error):
            await discard(context, file)
        raise
    if repeated:
        await discard(context, file)
    return answer


async def discard(context: Context, file: Attachment) -> None:
    """Leave nothing of a file; what cannot be removed now is left to the sweep."""
    try:
        await context.files.storage.remove(file.key)
        await context.attachments.forget(file.attachment_id)
    except (StorageUnavailable, PyMongoError):
        log.warning("%s could not be removed and is left to the sweep", file.key)


def _described(context: Context, disposition_id: str, sent: Received, media_type: str) -> Attachment:
    attachment_id = new_id()
    month = f"{instant_of(disposition_id):%Y/%m}"
    return Attachment(
        attachment_id=attachment_id,
        name=sent.name,
        media_type=media_type,
        size=sent.size,
        sha256=sent.sha256,
        key=f"{context.files.folder}/{month}/{disposition_id}/{attachment_id}",
    )


async def _media_type(context: Context, sent: Received) -> str:
    try:
        return await context.files.checks.document(sent)
    except Unacceptable as refusal:
        unknown = refusal.fault == "unsupported_type"
        raise ServiceError(
            415 if unknown else 422,
            refusal.fault if unknown else f"file_{refusal.fault}",
            f"Berkas “{sent.name}” {refusal.sentence}",
            extra={"file": sent.name},
        ) from None
