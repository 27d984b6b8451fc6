"""An event of the tests' own: the chassis knows no letter, so its tests use none."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.event import Event


class ParcelSent(Event, type="id.lontar.post.parcel.sent.v1", subject=("parcel", "parcel_id")):
    """Something was sent."""

    parcel_id: str
    note: str = ""


class Recorder:
    """A handler that records what it got and does what ``note`` says."""

    def __init__(self) -> None:
        self.seen: list[ParcelSent] = []
        self.fail: Exception | None = None

    async def __call__(self, event: ParcelSent, received: Received, transaction: Transaction) -> None:
        if self.fail is not None:
            raise self.fail
        self.seen.append(event)
