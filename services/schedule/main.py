"""Composition root of schedule: routes and the subscription table."""

from functools import partial
from typing import Any

from services.chassis.auth import KeySource
from services.chassis.bus.consumer import Subscription
from services.chassis.locks import NamedLocks
from services.chassis.service import Foundation, Service, assemble
from services.contracts.disposition import DispositionIssued, RecipientAdded
from services.contracts.intake import LetterCorrected, LetterVoided
from services.projections import letter_access, organisation
from services.schedule.api import decisions, events, requests
from services.schedule.consumers.on_disposition_issued import on_disposition_issued
from services.schedule.consumers.on_recipient_added import on_recipient_added
from services.schedule.consumers.on_register_news import on_letter_corrected, on_letter_voided
from services.schedule.context import Context
from services.schedule.settings import ScheduleSettings
from services.schedule.store import calendars as calendar_store
from services.schedule.store import events as event_store
from services.schedule.store import letters as letter_store
from services.schedule.store import requests as request_store


def build(settings: ScheduleSettings, keys: KeySource | None = None) -> Service:
    """Schedule, ready to run."""
    foundation = Foundation.lay(settings, keys)
    database = foundation.database
    context = Context(
        idempotent=foundation.acts,
        locks=NamedLocks(),
        requests=request_store.Requests(database),
        events=event_store.Events(database),
        calendars=calendar_store.Calendars(database),
        organisation=organisation.Organisation(database),
        letters=letter_store.Letters(database),
    )
    return assemble(
        foundation,
        title="Jadwal pimpinan",
        context=context,
        routers=[requests.router, decisions.router, events.router],
        subscriptions=subscriptions(context),
        indexes={
            **request_store.INDEXES,
            **event_store.INDEXES,
            **calendar_store.INDEXES,
            **organisation.INDEXES,
            **letter_access.INDEXES,
        },
    )


def subscriptions(context: Context) -> list[Subscription[Any]]:
    """The subscription table."""
    return [
        *context.organisation.subscriptions(),
        *context.letters.subscriptions(),
        *context.letters.register_subscriptions(),
        Subscription(DispositionIssued, "schedule.disposition_issued", partial(on_disposition_issued, context)),
        Subscription(RecipientAdded, "schedule.recipient_added", partial(on_recipient_added, context)),
        Subscription(LetterCorrected, "schedule.letter_corrected", partial(on_letter_corrected, context)),
        Subscription(LetterVoided, "schedule.letter_voided", partial(on_letter_voided, context)),
    ]
