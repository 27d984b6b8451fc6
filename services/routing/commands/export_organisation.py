"""The organisation as a workbook, and an empty one to fill in. Invariant: importing an export changes nothing."""

import asyncio
from collections.abc import Sequence
from datetime import date

from services.chassis.sheets import write_workbook
from services.routing.domain.importing.written import choices, empty, written
from services.routing.domain.organisation import Entity
from services.routing.domain.picture import Picture
from services.routing.registry import Registry


async def export_organisation(registry: Registry) -> bytes:
    """An XLSX file with the present organisation."""
    return await asyncio.to_thread(_write, await registry.everything(None), registry.today())


async def empty_workbook() -> bytes:
    """An XLSX file with headings, choices and explanations."""
    return await asyncio.to_thread(write_workbook, empty(), choices())


def _write(there: Sequence[Entity], today: date) -> bytes:
    return write_workbook(written(Picture.of(there), today), choices())
