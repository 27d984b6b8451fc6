"""Composition root of disposition: routes and the subscription table."""

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from services.chassis.auth import KeySource
from services.chassis.bus.consumer import Subscription
from services.chassis.duty import repeatedly
from services.chassis.lease import Lease
from services.chassis.locks import NamedLocks
from services.chassis.newest import Newest
from services.chassis.service import Duty, Foundation, Service, assemble
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.routing import AssignmentChanged, PositionChanged
from services.disposition.api import (
    attachments,
    boxes,
    candidates,
    changes,
    conversation,
    dispositions,
    hand_overs,
    instructions,
    peers,
    quick_replies,
    recipients,
    sheets,
)
from services.disposition.commands.hand_over import move_on_all
from services.disposition.commands.sweep_attachments import sweep_attachments
from services.disposition.commands.sweep_vacancies import sweep_vacancies
from services.disposition.commands.watch_dispositions import watch_dispositions
from services.disposition.consumers.on_assignment_changed import on_assignment_changed
from services.disposition.consumers.on_position_changed import on_position_changed
from services.disposition.consumers.on_register_news import on_letter_corrected, on_letter_voided
from services.disposition.context import Context
from services.disposition.file_room import FileRoom
from services.disposition.print_room import INDEXES as PRINTING
from services.disposition.print_room import PrintRoom
from services.disposition.settings import DispositionSettings
from services.disposition.store import catalogue
from services.disposition.store.acts import Acts
from services.disposition.store.attachments import Attachments
from services.disposition.store.box_counts import BoxCounts
from services.disposition.store.desks import Desks
from services.disposition.store.dispositions import Dispositions
from services.disposition.store.hand_overs import HandOvers
from services.disposition.store.peers import Peers
from services.disposition.store.vacancies import Vacancies
from services.disposition.store.watch_list import WatchList
from services.projections import calendar, letter_access, letter_branches, officials, organisation
from services.projections.office_hours import hours_of


def build(settings: DispositionSettings, keys: KeySource | None = None) -> Service:
    """Disposition, ready to run."""
    foundation = Foundation.lay(settings, keys)
    database = foundation.database
    context = Context(
        uow=foundation.uow,
        idempotent=foundation.acts,
        locks=NamedLocks(),
        dispositions=Dispositions(database),
        newest=Newest(),
        box_counts=BoxCounts(database),
        watch_list=WatchList(database),
        patience=settings.patience(),
        thread=Acts(database),
        desks=Desks(database),
        peers=Peers(database),
        attachments=Attachments(database),
        files=FileRoom.lay(settings),
        hand_overs=HandOvers(database),
        vacancies=Vacancies(database),
        vacancy_grace_days=settings.vacancy_grace_days,
        instructions=catalogue.Instructions(database),
        quick_replies=catalogue.QuickReplies(database),
        print_room=PrintRoom.lay(settings, database),
        organisation=organisation.Organisation(database),
        officials=officials.Officials(database),
        calendar=calendar.Calendar(database, hours_of(settings)),
        letters=letter_access.LetterAccess(database),
        branches=letter_branches.LetterBranches(database),
        timezone=ZoneInfo(settings.timezone),
    )
    context.files.checks.report_to(foundation.health)
    watch = repeatedly(
        Lease(database, "watch"), partial(watch_dispositions, context), pause_seconds=settings.watch_poll_seconds
    )
    sweep = repeatedly(
        Lease(database, "attachments"), partial(sweep_attachments, context), pause_seconds=settings.sweep_seconds
    )
    return assemble(
        foundation,
        title="Disposisi",
        context=context,
        routers=[
            instructions.router,
            boxes.router,
            candidates.router,
            peers.router,
            dispositions.router,
            recipients.router,
            attachments.router,
            changes.router,
            conversation.router,
            hand_overs.router,
            quick_replies.router,
            sheets.router,
        ],
        subscriptions=[
            *context.print_room.particulars.subscriptions(),
            *context.organisation.subscriptions(),
            *context.letters.subscriptions(),
            *context.letters.register_subscriptions(),
            *context.branches.subscriptions(),
            *context.officials.subscriptions(),
            *context.calendar.subscriptions(),
            *_vacancy_rows(context),
            *_register_rows(context),
        ],
        duties=[watch, sweep, *_seeing_to_work(settings, context, foundation)],
        indexes={
            **Dispositions.INDEXES,
            **BoxCounts.INDEXES,
            **Acts.INDEXES,
            **Desks.INDEXES,
            **Peers.INDEXES,
            **Attachments.INDEXES,
            **HandOvers.INDEXES,
            **Vacancies.INDEXES,
            **catalogue.INDEXES,
            **PRINTING,
            **organisation.INDEXES,
            **letter_access.INDEXES,
            **letter_branches.INDEXES,
            **officials.INDEXES,
            **calendar.INDEXES,
        },
    )


def _vacancy_rows(context: Context) -> list[Subscription[Any]]:
    """What is listened to for positions that may be vacant; behind the projections, which are asked when it is seen."""
    assigned, changed = partial(on_assignment_changed, context), partial(on_position_changed, context)
    return [
        Subscription(AssignmentChanged, "see_to_vacancy.assignment", assigned, guarded=True),
        Subscription(PositionChanged, "see_to_vacancy.position", changed, guarded=True),
    ]


def _register_rows(context: Context) -> list[Subscription[Any]]:
    """What is listened to of a letter's register; behind the projection of letters, which is asked when it is heard."""
    corrected, voided = partial(on_letter_corrected, context), partial(on_letter_voided, context)
    return [
        Subscription(LetterCorrected, "follow_register.corrected", corrected),
        Subscription(LetterVoided, "follow_register.voided", voided),
    ]


def _seeing_to_work(settings: DispositionSettings, context: Context, foundation: Foundation) -> list[Duty]:
    """The duties that let no work lie with nobody."""
    pause = settings.vacancy_poll_seconds
    return [
        repeatedly(Lease(foundation.database, name), partial(sweep, context), pause_seconds=pause)
        for name, sweep in (("hand_overs", move_on_all), ("vacancies", sweep_vacancies))
    ]
