"""``/v1/scans/{id}``: a scan that came before its letter, from its first byte until a letter has it, and after."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from pydantic import AwareDatetime, BaseModel

from services.chassis.errors import ServiceError
from services.chassis.files.handing_out import Kept, WantedPart, hand_out
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.api.files import ORIGINAL
from services.intake.api.letters import Reader, Registrar
from services.intake.api.models import FileView
from services.intake.commands.uploads.find_scan import Found, drop_scan, find_original, find_scan
from services.intake.context import Ctx

router = APIRouter(prefix="/v1/scans", tags=["intake"])


class Refused(BaseModel):
    """Why it cannot be a scan, or why it cannot be judged at present."""

    code: str
    detail: str


class ScanView(BaseModel):
    """A scan before its letter. ``arriving`` and ``checking`` go on, ``ready`` may be registered, ``refused`` not."""

    id: str
    state: Literal["arriving", "checking", "ready", "refused"]
    name: str
    size: int
    """In bytes, when it is whole."""
    offset: int
    """How many of them are here."""
    origin: Literal["upload", "batch"]
    file: FileView | None = None
    reason: Refused | None = None
    taken_by: str | None = None
    batch_id: str | None = None
    """The batch it is being split in."""
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None

    @classmethod
    def of(cls, found: Found) -> "ScanView":
        """The view of what was found."""
        if found.scan is not None:
            scan = found.scan
            file = FileView.model_validate(scan.file.model_dump(exclude={"object_key"}))
            return cls(
                id=scan.scan_id,
                state="ready",
                name=file.name,
                size=file.size,
                offset=file.size,
                origin=scan.origin,
                file=file,
                taken_by=scan.taken_by,
                batch_id=scan.batch_id,
                created_at=scan.created_at,
            )
        assert found.upload is not None  # noqa: S101 - one of the two is there
        return cls.model_validate(
            found.upload.model_dump(include={"id", "state", "name", "offset", "reason", "created_at", "expires_at"})
            | {"size": found.upload.length, "origin": "upload"}
        )


@router.get(
    "/{scan_id}",
    operation_id="get_scan",
    summary="A scan before its letter",
    response_model=ScanView,
    responses=problems(401, 403, 404, 422),
)
async def one(context: Ctx, caller: Registrar, scan_id: EntityId) -> ScanView:
    """To its uploader, and once it is whole to who handles all letters of the unit."""
    return ScanView.of(await find_scan(context, caller, scan_id))


@router.get(
    "/{scan_id}/file",
    operation_id="get_scan_file",
    summary="The original of a scan before its letter",
    response_class=StreamingResponse,
    responses=ORIGINAL,
)
async def original(context: Ctx, caller: Reader, scan_id: EntityId, wanted: WantedPart) -> Response:
    """When a letter has it, it is shown to who may read the letter, and to nobody else."""
    file = await find_original(context, caller, scan_id)
    lost = ServiceError(500, "scan_lost", "Berkas asli tidak dapat dibaca dengan utuh. Silakan hubungi administrator.")
    kept = Kept(file.object_key, file.name, file.media_type, file.size, file.sha256)
    return await hand_out(context.storage, kept, wanted, lost)


@router.delete(
    "/{scan_id}",
    operation_id="discard_scan",
    summary="Discard a scan that no letter has",
    status_code=204,
    response_class=Response,
    responses=problems(401, 403, 404, 409, 422, 423),
)
async def discard(context: Ctx, caller: Registrar, scan_id: EntityId) -> Response:
    """Or give up the upload it was to become; 409 where a letter has it, or something unfinished needs it."""
    await drop_scan(context, caller, scan_id)
    return Response(status_code=204)
