"""The subscription table of intake. Invariant: the names are inbox keys and never change once released."""

from services.chassis.bus.consumer import Subscription, Subscriptions
from services.contracts.routing import AccessChanged
from services.intake.context import Context


def subscriptions(context: Context) -> Subscriptions:
    """What intake listens to. Deliveries are not needed: intake knows its letters, only who may read them changes."""
    return [
        *context.organisation.subscriptions(),
        Subscription(AccessChanged, "letter_access.changed", context.readers.on_access_changed, guarded=True),
    ]
