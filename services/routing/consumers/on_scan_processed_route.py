"""intake.scan.processed, for the rules: what a scan says may bring its letter to further places."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import ScanProcessed
from services.routing.commands.forward_by_rule import forward_by_rule
from services.routing.context import Context


async def on_scan_processed_route(context: Context, event: ScanProcessed, got: Received, tx: Transaction) -> None:  # noqa: ARG001
    """Go by the rules."""
    await forward_by_rule(context, tx, event)
