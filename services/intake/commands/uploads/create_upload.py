"""Begin an upload. Invariant: nobody has more begun than the limits say, however many are begun at once."""

from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, unprocessable
from services.chassis.files.received import clean_name
from services.chassis.idempotency import fingerprint
from services.chassis.ids import EntityId, new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.intake.commands.acting import acting_position
from services.intake.commands.uploads.find_upload import over
from services.intake.commands.uploads.places import scan_key
from services.intake.context import Context
from services.intake.domain.scans.scan import NAMELESS
from services.intake.domain.uploads.metadata import Unreadable, parse_metadata
from services.intake.domain.uploads.upload import Upload

AS_POSITION = "as_position"
_entity_id: TypeAdapter[str] = TypeAdapter(EntityId)


async def create_upload(
    context: Context, caller: Principal, length: int, metadata: str, key: str | None
) -> tuple[Upload, bool]:
    """The new upload, and whether it is not new at all but what this idempotency key began before."""
    upload = _begun(context, caller, length, metadata)

    async def act(transaction: Transaction) -> Document:
        await context.uploads.add(upload, transaction.session)
        return {"id": upload.id}

    answer, repeated = await context.acts.run(caller.person_id, key, fingerprint("upload", length, metadata), act)
    if repeated:
        return await _begun_before(context, answer["id"]), True
    await _within_limits(context, upload)
    return upload, False


async def _begun_before(context: Context, upload_id: str) -> Upload:
    """What the key began; 410 where nothing is left of it, as of one that was over the limits."""
    upload = await context.uploads.get(upload_id)
    if upload is None:
        raise over()
    return upload


def _begun(context: Context, caller: Principal, length: int, metadata: str) -> Upload:
    settings = context.settings
    if length > settings.max_resumable_bytes:
        megabytes = settings.max_resumable_bytes / (1024 * 1024)
        raise ServiceError(413, "upload_too_large", f"Berkas terlalu besar. Batasnya {megabytes:g} MB.")
    if length == 0:
        raise unprocessable("scan_empty", "Berkas kosong. Silakan pindai atau unggah ulang.")
    said = _said(metadata)
    acting = acting_position(caller, _position(said.get(AS_POSITION)))
    upload_id, at = new_id(), now()
    return Upload(
        id=upload_id,
        person_id=caller.person_id,
        unit_id=acting.unit_id,
        position_id=acting.position_id,
        name=clean_name(said.get("filename") or said.get("name") or "", NAMELESS),
        metadata=metadata.strip(),
        length=length,
        key=scan_key(upload_id),
        created_at=at,
        expires_at=at + timedelta(days=settings.upload_days),
    )


def _said(metadata: str) -> dict[str, str]:
    try:
        return parse_metadata(metadata)
    except Unreadable:
        raise ServiceError(400, "bad_metadata", "Keterangan unggahan (Upload-Metadata) tidak dapat dibaca.") from None


def _position(given: str | None) -> str | None:
    try:
        return _entity_id.validate_python(given) if given else None
    except ValidationError:
        raise ServiceError(400, "bad_metadata", "Jabatan dalam keterangan unggahan tidak dikenal.") from None


async def _within_limits(context: Context, upload: Upload) -> None:
    """Counted with the new one in it, so that of those begun at once none slips through; it goes where it is over."""
    settings = context.settings
    lengths = await context.uploads.open_lengths(upload.person_id)
    if len(lengths) <= settings.max_open_uploads and sum(lengths) <= settings.max_open_upload_bytes:
        return
    await context.uploads.forget(upload.id)
    raise ServiceError(
        429,
        "too_many_uploads",
        "Terlalu banyak unggahan yang belum selesai. Selesaikan atau batalkan yang lama terlebih dahulu.",
        headers={"Retry-After": "60"},
        extra={"open": len(lengths) - 1, "bytes": sum(lengths) - upload.length},
    )
