"""The composition root: what routing is made of, and what it does on which event."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from services.chassis.auth import KeySource
from services.chassis.bus.consumer import Received, Subscription
from services.chassis.duty import attending, repeatedly
from services.chassis.lease import Lease
from services.chassis.newest import Newest
from services.chassis.service import Foundation, Service, assemble
from services.chassis.uow import Transaction
from services.contracts import disposition as d
from services.contracts import intake as i
from services.contracts import schedule as s
from services.contracts.event import Event
from services.routing import figure_room, front_desk, guidance, registry, searching, working_time
from services.routing.api import (
    audit,
    boxes,
    branches,
    calendar,
    deadline_rules,
    distribution_lists,
    figures,
    inbox,
    letters,
    organisation,
    proposals,
    public,
    receipts,
    routing_rules,
    search,
    tracks,
)
from services.routing.commands.complete_organisation import COMPLETE_SECONDS, complete_organisation
from services.routing.commands.count_letters import count_letters
from services.routing.commands.count_months import counting_at_ease
from services.routing.commands.decide_day import tell_decided_days
from services.routing.commands.index_letters import index_letters
from services.routing.commands.learn import learn_when_due
from services.routing.commands.watch_deadlines import watch_deadlines
from services.routing.consumers.on_confidential_opened import on_confidential_opened
from services.routing.consumers.on_disposition_completed import on_disposition_completed
from services.routing.consumers.on_disposition_news import on_disposition_news
from services.routing.consumers.on_letter_registered import on_letter_registered
from services.routing.consumers.on_reading_refused import on_reading_refused
from services.routing.consumers.on_register_news import on_register_news
from services.routing.consumers.on_request_approved import on_request_approved
from services.routing.consumers.on_request_declined import on_request_declined
from services.routing.consumers.on_request_submitted import on_request_submitted
from services.routing.consumers.on_scan_processed import on_scan_processed
from services.routing.consumers.on_scan_processed_route import on_scan_processed_route
from services.routing.context import Context
from services.routing.figure_room import FigureRoom
from services.routing.front_desk import FrontDesk
from services.routing.guidance import Guidance
from services.routing.registry import Registry
from services.routing.searching import Searching
from services.routing.settings import RoutingSettings
from services.routing.store.audit import Audit, order_of
from services.routing.store.branches import Branches
from services.routing.store.control_list import ControlList
from services.routing.store.letters import History, Letters
from services.routing.working_time import WorkingTime

STORES = (
    Letters,
    History,
    Branches,
    ControlList,
    Audit,
    *registry.STORES,
    *working_time.STORES,
    *front_desk.STORES,
    *guidance.STORES,
    *figure_room.STORES,
    *searching.STORES,
)
ROUTERS = organisation.ROUTERS + tuple(
    part.router
    for part in (
        inbox,
        boxes,
        branches,
        letters,
        tracks,
        audit,
        calendar,
        deadline_rules,
        public,
        receipts,
        distribution_lists,
        routing_rules,
        proposals,
        figures,
        search,
    )
)
Handler = Callable[[Context, Any, Received, Transaction], Awaitable[None]]

HANDLERS: tuple[tuple[type[Event], str, Handler], ...] = (
    (i.LetterRegistered, "deliver_letter", on_letter_registered),
    (i.ScanProcessed, "keep_text", on_scan_processed),
    (i.ScanProcessed, "forward_by_rule", on_scan_processed_route),
    (i.LetterCorrected, "follow_register.corrected", on_register_news),
    (i.LetterVoided, "follow_register.voided", on_register_news),
    (i.ScanParked, "follow_register.scan_parked", on_register_news),
    (i.ConfidentialOpened, "note_access.opened", on_confidential_opened),
    (i.ReadingRefused, "note_access.refused", on_reading_refused),
    (d.DispositionIssued, "follow_disposition.issued", on_disposition_news),
    (d.DispositionRead, "follow_disposition.read", on_disposition_news),
    (d.DispositionReceived, "follow_disposition.received", on_disposition_news),
    (d.DispositionReplied, "follow_disposition.replied", on_disposition_news),
    (d.DispositionProgressed, "follow_disposition.progressed", on_disposition_news),
    (d.DispositionCompleted, "follow_disposition.completed", on_disposition_completed),
    (d.DispositionDeclined, "follow_disposition.declined", on_disposition_news),
    (d.DispositionCommented, "follow_disposition.commented", on_disposition_news),
    (d.DispositionRecalled, "follow_disposition.recalled", on_disposition_news),
    (d.RecipientAdded, "follow_disposition.added", on_disposition_news),
    (d.RecipientAmended, "follow_disposition.amended", on_disposition_news),
    (d.RecipientReopened, "follow_disposition.reopened", on_disposition_news),
    (d.WorkHandedOver, "follow_disposition.handed_over", on_disposition_news),
    (d.ResponsibleChanged, "follow_disposition.responsible", on_disposition_news),
    (d.DispositionDeadlinePassed, "follow_disposition.overdue", on_disposition_news),
    (s.RequestSubmitted, "note_request.submitted", on_request_submitted),
    (s.RequestApproved, "note_request.approved", on_request_approved),
    (s.RequestDeclined, "note_request.declined", on_request_declined),
)


GUARDED = frozenset({"note_access.opened", "note_access.refused", "keep_text"})


def build(settings: RoutingSettings, keys: KeySource | None = None) -> Service:
    """Routing, ready to run."""
    foundation = Foundation.lay(settings, keys)
    database = foundation.database
    hours = WorkingTime.lay(settings, database, foundation.uow)
    org = Registry.on(database, foundation.uow, foundation.acts, settings.timezone)
    found = Searching.on(database, settings.timezone)
    context = Context(
        settings=settings,
        uow=foundation.uow,
        acts=foundation.acts,
        organisation=org,
        units=org.units,
        positions=org.positions,
        people=org.people,
        assignments=org.assignments,
        letters=Letters(database),
        branches=Branches(database),
        history=History(database),
        control_list=ControlList(database),
        audit=Audit(database),
        deadlines=hours.deadlines,
        working_time=hours,
        front_desk=FrontDesk.lay(settings, database),
        guidance=Guidance.lay(settings, database, foundation.uow, foundation.acts, found.texts.of),
        figures=FigureRoom.lay(settings.timezone, database, foundation.uow),
        searching=found,
        newest_branches=Newest(),
        newest_letters=Newest(),
        newest_audit=Newest(order_of),
    )
    watch = repeatedly(
        Lease(database, "deadlines"), partial(watch_deadlines, context), pause_seconds=settings.deadline_poll_seconds
    )
    learn = repeatedly(
        Lease(database, "learning", seconds=guidance.LEARNING_SECONDS),
        partial(learn_when_due, context.guidance),
        pause_seconds=guidance.LOOK_FOR_LETTERS_SECONDS,
    )
    measure = repeatedly(
        Lease(database, "figures"),
        partial(count_letters, context.figures),
        pause_seconds=figure_room.LETTERS_PAUSE_SECONDS,
    )
    count = repeatedly(
        Lease(database, "figure_months"),
        counting_at_ease(context.figures),
        pause_seconds=figure_room.MONTHS_PAUSE_SECONDS,
    )
    index = repeatedly(
        Lease(database, "search", seconds=searching.LEASE_SECONDS),
        partial(index_letters, context.searching),
        pause_seconds=searching.PAUSE_SECONDS,
    )
    complete = repeatedly(
        Lease(database, "complete_organisation"),
        partial(complete_organisation, org),
        pause_seconds=COMPLETE_SECONDS,
    )
    tell = repeatedly(
        Lease(database, "tell_decided_days"), partial(tell_decided_days, hours), pause_seconds=COMPLETE_SECONDS
    )
    return assemble(
        foundation,
        title="Routing",
        context=context,
        routers=ROUTERS,
        subscriptions=[
            Subscription(event, name, partial(handler, context), guarded=name in GUARDED)
            for event, name, handler in HANDLERS
        ],
        attendants=[
            attending("read_ahead", partial(searching.read_ahead, found), pause_seconds=searching.AHEAD_PAUSE_SECONDS)
        ],
        duties=[watch, learn, measure, count, index, complete, tell],
        indexes={name: models for store in STORES for name, models in store.INDEXES.items()},
    )
