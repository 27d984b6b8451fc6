"""Count what letters take up, behind their registration. Invariant: each once, whichever process does it."""

from collections import defaultdict
from datetime import date

from prometheus_client import Gauge

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.uow import Transaction
from services.intake.context import Context
from services.intake.domain.agenda import AgendaBook
from services.intake.domain.usage import Usage, forecast, usage_of
from services.intake.store.usage import BookBehind

BATCH = 200
STORED = Gauge("lontar_stored_bytes", "Bytes of letters in the object store", ["unit_id", "kind"])
PAGES = Gauge("lontar_stored_pages", "Pages of letters in the object store", ["unit_id"])
FULL_IN = Gauge("lontar_storage_full_in_days", "Days until the store is full, as it grows now; absent means unknown")


async def count_usage(context: Context, lease: Lease) -> int:
    """Count what was registered since, as long as the lease is held; gives how many letters were counted."""
    counted = 0
    for book in await context.usage.behind():
        if not await lease.hold():
            break
        counted += await _count(context, book)
    await _show(context)
    return counted


async def _count(context: Context, book: BookBehind) -> int:
    until = min(book.last, book.counted + BATCH)
    added: dict[tuple[str, date], Usage] = defaultdict(Usage)
    letters = await context.letters.numbered(AgendaBook.of_key(book.key), book.counted + 1, until)
    for letter in letters:
        month = letter.registered_at.astimezone(context.settings.zone).date().replace(day=1)
        added[letter.unit_id, month] += usage_of(letter)

    async def work(transaction: Transaction) -> bool:
        if book.counted == 0:
            # Whoever comes by a book for the first time finds it as an older version of this service left it.
            await context.counters.describe(AgendaBook.of_key(book.key), transaction.session)
        return await context.usage.count(book, until, added, transaction.session)

    return len(letters) if await context.uow.run(work) else 0


async def _show(context: Context) -> None:
    """The gauges of this process; whoever counts shows them."""
    units: dict[str, Usage] = defaultdict(Usage)
    rows = await context.usage.months(None)
    for row in rows:
        units[row.unit_id] += row.usage
    for unit_id, usage in units.items():
        STORED.labels(unit_id, "originals").set(usage.original_bytes)
        STORED.labels(unit_id, "copies").set(usage.copied_bytes)
        PAGES.labels(unit_id).set(usage.pages)
    today = now().astimezone(context.settings.zone).date()
    expected = forecast([(row.month, row.usage.bytes) for row in rows], context.settings.storage_capacity_bytes, today)
    if expected and expected.full_on:
        FULL_IN.set(max(0, (expected.full_on - today).days))
