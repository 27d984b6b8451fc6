"""Composition root of intake: what is built from what, and the tables of routes, subscriptions and indexes."""

from services.chassis.auth import KeySource
from services.chassis.duty import repeatedly
from services.chassis.files.checks import FileChecks
from services.chassis.lease import Lease
from services.chassis.locks import NamedLocks
from services.chassis.service import Foundation, Service, assemble
from services.chassis.storage import S3Storage
from services.intake import batch_room, book_room
from services.intake.api import (
    batches,
    books,
    changes,
    classifications,
    copies,
    dispatches,
    doubles,
    drafts,
    files,
    kinds,
    letters,
    number_templates,
    practice,
    register,
    scans,
    separator_sheets,
    storage_report,
    suggestions,
    uploads,
)
from services.intake.batch_room import BatchRoom
from services.intake.book_room import BookRoom
from services.intake.commands.batches.work_batches import LEASE_SECONDS, work_batches
from services.intake.commands.copies.keep_copied import keep_copied
from services.intake.commands.copies.show_queue import show_queue
from services.intake.commands.count_usage import count_usage
from services.intake.commands.extract_text import PATIENCE
from services.intake.commands.read_texts import read_texts
from services.intake.commands.record_reading import Readings
from services.intake.commands.suggestions.known_units import KnownUnits
from services.intake.commands.sweep_orphans import keep_swept
from services.intake.commands.uploads.admit import admit_due
from services.intake.commands.uploads.holds import Holds
from services.intake.commands.uploads.sweep import sweep_uploads
from services.intake.consumers.subscriptions import subscriptions
from services.intake.context import Context
from services.intake.settings import IntakeSettings
from services.intake.store import classifications as classifications_store
from services.intake.store import copies as copies_store
from services.intake.store import corrections as corrections_store
from services.intake.store import counters as counters_store
from services.intake.store import drafts as drafts_store
from services.intake.store import letters as letters_store
from services.intake.store import readers as readers_store
from services.intake.store import scans as scans_store
from services.intake.store import uploads as uploads_store
from services.intake.store import usage as usage_store
from services.intake.store.classifications import Classifications
from services.intake.store.copied_letters import CopiedLetters
from services.intake.store.copies import Copies
from services.intake.store.corrections import Corrections
from services.intake.store.counters import Counters
from services.intake.store.drafts import Drafts
from services.intake.store.kinds import Kinds
from services.intake.store.letters import Letters
from services.intake.store.likenesses import Likenesses
from services.intake.store.older_letters import OlderLetters
from services.intake.store.practising import Practising
from services.intake.store.readers import Readers
from services.intake.store.removals import Removals
from services.intake.store.scans import Scans
from services.intake.store.texts import Texts
from services.intake.store.underway import Underway
from services.intake.store.uploads import Uploads
from services.intake.store.usage import StorageUsage
from services.projections import organisation
from services.projections.organisation import Organisation


def build(settings: IntakeSettings, keys: KeySource | None = None) -> Service:
    """Intake, ready to run; touches no network."""
    foundation = Foundation.lay(settings, keys)
    database = foundation.database
    storage = S3Storage(settings.storage)
    foundation.health.probe("storage", storage.reachable)
    checks = FileChecks.lay(settings)
    checks.report_to(foundation.health)
    arriving = Uploads(database)
    known = Organisation(database)
    context = Context(
        settings=settings,
        uow=foundation.uow,
        acts=foundation.acts,
        storage=storage,
        checks=checks,
        letters=Letters(database),
        likenesses=Likenesses(database),
        scans=Scans(database),
        uploads=arriving,
        holds=Holds(arriving),
        removals=Removals(database),
        drafts=Drafts(database),
        texts=Texts(database),
        copies=Copies(database),
        copied_letters=CopiedLetters(database),
        older_letters=OlderLetters(database),
        counters=Counters(database),
        books=BookRoom.lay(database),
        batching=BatchRoom.lay(database),
        corrections=Corrections(database),
        underway=Underway(database),
        usage=StorageUsage(database),
        readers=Readers(database),
        kinds=Kinds(database),
        classifications=Classifications(database),
        practising=Practising(database),
        organisation=known,
        known_units=KnownUnits(known),
        readings=Readings(foundation.uow),
        numbering=NamedLocks(),
    )
    sweeping = Lease(database, "sweeper", seconds=settings.sweep_seconds * 2)
    batching = Lease(database, "batches", seconds=LEASE_SECONDS)
    reading = Lease(database, "text_reader", seconds=settings.text_seconds * PATIENCE + 60)
    counting = Lease(database, "usage_counter", seconds=settings.count_seconds * 2)
    showing = Lease(database, "copies_queue", seconds=90)
    admitting = Lease(database, "upload_admission", seconds=30)
    tidying = Lease(database, "upload_sweeper", seconds=settings.sweep_seconds * 2)
    return assemble(
        foundation,
        title="Lontar intake",
        context=context,
        routers=(
            drafts.router,
            doubles.router,
            letters.router,
            changes.router,
            kinds.router,
            classifications.router,
            practice.router,
            register.router,
            files.router,
            uploads.router,
            scans.router,
            copies.router,
            suggestions.router,
            number_templates.router,
            books.router,
            dispatches.router,
            storage_report.router,
            separator_sheets.router,
            batches.router,
        ),
        subscriptions=subscriptions(context),
        indexes=letters_store.INDEXES
        | counters_store.INDEXES
        | book_room.INDEXES
        | batch_room.INDEXES
        | copies_store.INDEXES
        | corrections_store.INDEXES
        | classifications_store.INDEXES
        | organisation.INDEXES
        | readers_store.INDEXES
        | scans_store.INDEXES
        | uploads_store.INDEXES
        | drafts_store.INDEXES
        | usage_store.INDEXES,
        limits={"/v1/uploads": settings.max_resumable_bytes},
        duties=(
            lambda: keep_swept(context, sweeping),
            repeatedly(admitting, lambda: admit_due(context), pause_seconds=2),
            repeatedly(tidying, lambda: sweep_uploads(context), pause_seconds=settings.sweep_seconds),
            repeatedly(reading, lambda: read_texts(context, reading), pause_seconds=settings.text_pause_seconds),
            lambda: keep_copied(context),
            repeatedly(showing, lambda: show_queue(context), pause_seconds=30),
            repeatedly(batching, lambda: work_batches(context, batching), pause_seconds=settings.batch_pause_seconds),
            repeatedly(counting, lambda: count_usage(context, counting), pause_seconds=settings.count_seconds),
        ),
    )
