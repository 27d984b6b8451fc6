"""Reading a notification. Invariant: the first reader and time are kept; later readings change nothing."""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.uow import Transaction
from services.notify.context import Context
from services.notify.domain.notification import Notification, Reading
from services.notify.store.notifications import view


async def mark_read(context: Context, caller: Principal, identifier: str) -> Notification:
    """Mark it as read by the position it belongs to; 404 where the caller does not hold that position."""

    async def work(tx: Transaction) -> Notification:
        row = await context.notifications.get(identifier, caller.position_ids, tx.session)
        held = caller.holding(row["position_id"]) if row else None
        if row is None or held is None:
            raise not_found("Pemberitahuan")
        if row.get("read") is None:
            reading = Reading(at=tx.now, actor=caller.acting_as(held))
            await context.notifications.mark_read(identifier, reading, tx.session)
            row["read"] = reading
        return view(row)

    return await context.uow.run(work)
