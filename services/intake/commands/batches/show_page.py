"""Show a page of a batch. Invariant: to whoever may see the batch, as long as its original is kept."""

from typing import Literal

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.storage import ObjectMissing
from services.intake.commands.batches.find_batch import find_batch
from services.intake.commands.batches.split_batch import preview_key
from services.intake.context import Context

Size = Literal["small", "large"]


async def show_page(context: Context, caller: Principal, batch_id: str, page: int, size: Size) -> tuple[bytes, str]:
    """A picture of the page, which is small, and its tag; 404 where there is none (yet, or any more)."""
    batch = await find_batch(context, caller, batch_id)
    looked_at = 1 <= page <= len(batch.findings) and not batch.findings[page - 1].failed
    if not looked_at or batch.emptied_at is not None:
        raise not_found("Gambar halaman ini")
    pieces = bytearray()
    try:
        async for piece in context.storage.read(preview_key(batch.id, page, size)):
            pieces += piece
    except ObjectMissing:
        raise not_found("Gambar halaman ini") from None
    return bytes(pieces), f'"{batch.id}-{page}-{size}"'
