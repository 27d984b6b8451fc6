"""Show how many scans wait for their copies, and how long. Invariant: of the whole queue, whoever shows it."""

from prometheus_client import Gauge

from services.chassis.clock import now
from services.intake.context import Context

WAITING = Gauge("lontar_scans_waiting", "Scans whose copies are still to be made")
OLDEST = Gauge("lontar_scans_waiting_seconds", "How long the one that is next has been waiting")
PARKED = Gauge("lontar_scans_parked", "Scans whose copies were given up")


async def show_queue(context: Context) -> int:
    """Set the gauges of this process; nothing is left to do afterwards."""
    queue = await context.copies.queue()
    WAITING.set(queue.waiting)
    OLDEST.set((now() - queue.next_wanted_at).total_seconds() if queue.next_wanted_at else 0)
    PARKED.set(queue.parked)
    return 0
