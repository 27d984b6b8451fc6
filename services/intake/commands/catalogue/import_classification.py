"""Bring the classification in from a file. Invariant: nothing is taken in of a file with a mistake in it, and every
mistake is told.
"""

import asyncio
from collections.abc import Sequence
from typing import get_args

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, unprocessable
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.sheets import Row, read_sheets
from services.chassis.uow import Transaction
from services.intake.context import Context
from services.intake.domain.catalogue.class_file import Action, ClassPlan, Mistake, plan_file
from services.intake.domain.catalogue.classification import Classification

MOST_BYTES = 5 * 1024 * 1024


async def import_classification(
    context: Context, by: Principal, content: bytes, name: str, *, whole: bool, dry_run: bool
) -> tuple[ClassPlan, int]:
    """What the file changes and the version that makes; with ``dry_run`` what it would. 422 for a mistake else."""
    if len(content) > MOST_BYTES:
        raise ServiceError(413, "import_too_large", "Berkas lebih besar dari 5 MB. Bagilah menjadi beberapa berkas.")
    sheet, rows = await asyncio.to_thread(_read, content, name)
    if dry_run:
        there = await context.classifications.newest()
        return await asyncio.to_thread(_plan, there, sheet, rows, whole=whole), there.version

    async def work(transaction: Transaction) -> tuple[ClassPlan, int]:
        there = await context.classifications.newest(transaction.session)
        plan = await asyncio.to_thread(_plan, there, sheet, rows, whole=whole)
        if plan.mistakes:
            raise refused(plan.mistakes)
        if not plan.changes:
            return plan, there.version
        after = plan.after(there)
        await context.classifications.keep(after, _brought(plan, by, name, transaction), transaction.session)
        return plan, after.version

    try:
        done = await context.uow.run(work)
        await context.classifications.newest()
        return done
    except DuplicateKeyError:
        raise conflict("state_changed", "Katalog baru saja diubah. Silakan coba lagi.") from None


def refused(mistakes: Sequence[Mistake]) -> ServiceError:
    """422 with every mistake."""
    errors = [{"sheet": one.sheet, "row": one.row, "column": one.column, "message": one.message} for one in mistakes]
    detail = f"Berkas belum dapat diterima: ada {len(errors)} kesalahan. Tidak ada data yang diubah."
    return unprocessable("import_refused", detail, errors=errors)


def _read(content: bytes, name: str) -> tuple[str, list[Row]]:
    """The first sheet that holds anything."""
    sheets = read_sheets(content, name)
    return next(((sheet, rows) for sheet, rows in sheets.items() if rows), (next(iter(sheets), name), []))


def _plan(there: Classification, sheet: str, rows: Sequence[Row], *, whole: bool) -> ClassPlan:
    return plan_file(there, sheet, [(row.number, row.cells) for row in rows], whole=whole)


def _brought(plan: ClassPlan, by: Principal, name: str, transaction: Transaction) -> Document:
    counts = {action: plan.count(action) for action in get_args(Action)}
    return {"file": name[:200], "by_id": by.person_id, "by_name": by.name, "at": transaction.now, **counts}
