"""Find an upload. Invariant: it is its maker's alone; for everybody else it is not there."""

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, not_found
from services.intake.context import Context
from services.intake.domain.uploads.upload import Upload


async def find_upload(context: Context, caller: Principal, upload_id: str) -> Upload:
    """The upload; 404 for what is not the caller's, 410 for what is over."""
    upload = await context.uploads.get(upload_id)
    if upload is None or upload.person_id != caller.person_id:
        raise not_found("Unggahan")
    if upload.over(now()):
        raise over()
    return upload


def over() -> ServiceError:
    """The refusal of an upload whose time is over, or that was given up."""
    return ServiceError(410, "upload_over", "Unggahan ini sudah berakhir. Silakan mulai unggahan baru.")
