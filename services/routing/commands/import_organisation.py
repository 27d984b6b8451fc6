"""Bring the organisation in from a file. Invariant: nothing is taken in of a file with a mistake in it.

Reading and planning only compute, for a few seconds with a whole regency, so they are done beside the event loop.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, unprocessable
from services.chassis.mongo import Session
from services.chassis.sheets import Row, read_sheets
from services.routing.domain.importing.form import SheetName
from services.routing.domain.importing.plan import Plan, plan_file
from services.routing.domain.importing.rows import Cells, Mistake, Parsed, parse
from services.routing.domain.organisation import Entity
from services.routing.domain.picture import Changes, Picture
from services.routing.registry import Registry

MAX_LINES = 20_000
"""A regency has fewer."""


async def import_organisation(
    registry: Registry, by: Principal, content: bytes, name: str, kind: SheetName | None, *, dry_run: bool
) -> Plan:
    """What the file changes; with ``dry_run`` what it would change, and every mistake in it. 422 for a mistake else."""
    parsed = await asyncio.to_thread(_read, content, name, kind)
    if len(parsed.lines) > MAX_LINES:
        detail = f"Berkas memuat lebih dari {MAX_LINES} baris data. Bagilah menjadi beberapa berkas."
        raise ServiceError(413, "import_too_large", detail)
    if dry_run:
        return await asyncio.to_thread(_plan, await registry.everything(None), parsed, registry.today())
    plans: list[Plan] = []

    async def decide(session: Session | None, today: date) -> Changes:
        plan = await asyncio.to_thread(_plan, await registry.everything(session), parsed, today)
        if plan.mistakes:
            raise refused(plan.mistakes)
        plans.append(plan)
        return plan.changes

    await registry.enact(decide, "imported", by)
    return plans[-1]  # the one that was kept: deciding is done anew where a transaction is run again


def refused(mistakes: Sequence[Mistake]) -> ServiceError:
    """422 with every mistake."""
    errors = [{"sheet": one.sheet, "row": one.row, "column": one.column, "message": one.message} for one in mistakes]
    detail = f"Berkas belum dapat diterima: ada {len(errors)} kesalahan. Tidak ada data yang diubah."
    return unprocessable("import_refused", detail, errors=errors)


def _read(content: bytes, name: str, kind: SheetName | None) -> Parsed:
    sheets = read_sheets(content, name)
    if kind is not None:  # of a workbook, the names of its sheets say what they are
        sheets = {kind if sheet == PurePath(name).stem else sheet: rows for sheet, rows in sheets.items()}
    return parse({sheet: [_cells(row) for row in rows] for sheet, rows in sheets.items()})


def _cells(row: Row) -> Cells:
    return row.number, row.cells


def _plan(there: Sequence[Entity], parsed: Parsed, today: date) -> Plan:
    return plan_file(Picture.of(there), parsed, today)
