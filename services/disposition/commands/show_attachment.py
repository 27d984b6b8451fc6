"""Who opens a file. Invariant: an added one: who may see the disposition; one that was not: who brought it."""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.files.handing_out import Kept
from services.disposition.commands.show_dispositions import may_see
from services.disposition.context import Context


async def find_attachment(context: Context, caller: Principal, disposition_id: str, attachment_id: str) -> Kept:
    """The file; 404 equally for one that is not there and for one the caller may not open."""
    disposition = await context.dispositions.get(disposition_id)
    if disposition is None or not await may_see(context, caller, disposition):
        raise not_found("Disposisi")
    found = await context.attachments.get(attachment_id, disposition_id)
    if found is None or (found.is_loose and found.person_id != caller.person_id):
        raise not_found("Lampiran")
    file = found.file
    return Kept(file.key, file.name, file.media_type, file.size, file.sha256)
