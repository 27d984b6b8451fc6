"""The subscription table of intake. Invariant: the names are inbox keys and never change once released."""

from services.chassis.bus.consumer import Subscription, Subscriptions
from services.contracts.routing import AccessChanged
from services.intake.consumers.keep_dispatches import DispatchKeeping
from services.intake.context import Context


def subscriptions(context: Context) -> Subscriptions:
    """What intake listens to. Of a delivery only where the letter went is kept: who may read it, intake knows first."""
    return [
        *context.organisation.subscriptions(),
        Subscription(AccessChanged, "letter_access.changed", context.readers.on_access_changed, guarded=True),
        *DispatchKeeping(context.letters, context.books.dispatches).subscriptions(),
    ]
