"""Composition root of notify: what is built from what, and the tables of routes, subscriptions and indexes."""

from zoneinfo import ZoneInfo

from services.chassis.auth import KeySource
from services.chassis.locks import NamedLocks
from services.chassis.service import Foundation, Service, assemble
from services.notify.api import notifications, stream
from services.notify.consumers.subscriptions import subscriptions
from services.notify.context import Context
from services.notify.settings import NotifySettings
from services.notify.store import letters as letters_store
from services.notify.store import notifications as notifications_store
from services.notify.store.feed import Feed
from services.notify.store.letters import Letters
from services.notify.store.notifications import Notifications
from services.notify.store.receipts import Receipts


def build(settings: NotifySettings, keys: KeySource | None = None) -> Service:
    """Notify, ready to run; touches no network."""
    foundation = Foundation.lay(settings, keys)
    store = Notifications(foundation.database)
    feed = Feed(store, poll_seconds=settings.poll_seconds)
    context = Context(
        settings=settings,
        uow=foundation.uow,
        notifications=store,
        letters=Letters(foundation.database),
        feed=feed,
        receipts=Receipts(),
        locks=NamedLocks(),
        zone=ZoneInfo(settings.timezone),
    )
    return assemble(
        foundation,
        title="Lontar notify",
        context=context,
        routers=(stream.router, notifications.router),
        subscriptions=subscriptions(context),
        indexes=notifications_store.INDEXES | letters_store.INDEXES,
        publishes=False,
    )
