"""What is left lying. Invariant: each kind is swept for itself, so that one that fails holds up no other."""

from services.chassis.clock import now
from services.intake.commands.uploads.discard_scan import discard_forgotten
from services.intake.commands.uploads.end_upload import end_expired
from services.intake.commands.uploads.removing import remove_written_down
from services.intake.context import Context


async def sweep_uploads(context: Context) -> int:
    """End what is over, discard what nobody used, remove what is to be removed; how many."""
    at = now()
    return await end_expired(context, at) + await discard_forgotten(context, at) + await remove_written_down(context)
