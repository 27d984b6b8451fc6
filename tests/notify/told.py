"""What positions were told, as it is stored and as they see it."""

from services.chassis.mongo import Document
from services.chassis.service import Service
from services.notify.domain.notification import Notification
from services.notify.store.notifications import COLLECTION, view


async def told(notify: Service, position_id: str) -> list[Document]:
    """What a position was told, oldest first."""
    rows = notify.foundation.database[COLLECTION]
    return await rows.find({"position_id": position_id}).sort("_id", 1).to_list(None)


async def the_one(notify: Service, position_id: str) -> Document:
    """The only thing a position was told."""
    (row,) = await told(notify, position_id)
    return row


async def seen(notify: Service, position_id: str) -> Notification:
    """The only thing a position was told, as its holder sees it."""
    return view(await the_one(notify, position_id))
