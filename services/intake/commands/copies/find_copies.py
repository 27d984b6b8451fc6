"""Find the copies of a scan for somebody. Invariant: who may not read the original finds none of them.

Looking at a copy of a confidential letter's scan is recorded as looking at the scan is.
"""

from typing import Literal

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.intake.commands.find_loose_scans import find_loose_scans
from services.intake.commands.read_letter import find_scan
from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf, Copy


async def copies_of_file(context: Context, caller: Principal, letter_id: str, file_id: str) -> CopiesOf | None:
    """How far the copies of a letter's scan are; None where they are not even queued."""
    file = await find_scan(context, caller, letter_id, file_id)
    return await context.copies.of(file.file_id)


async def copies_of_scan(context: Context, caller: Principal, scan_id: str) -> CopiesOf | None:
    """The same of a scan that is no letter's yet."""
    (scan,) = await find_loose_scans(context, caller, [scan_id])
    return await context.copies.of(scan.scan_id)


def preview_of(copies: CopiesOf | None, page: int, size: Literal["small", "large"]) -> Copy:
    """A page's preview, or 404."""
    if copies and copies.state == "done" and page <= len(copies.pages):
        shown = copies.pages[page - 1]
        found = shown.small if size == "small" else shown.large
        if found:
            return found
    raise not_found("Pratinjau halaman")


def copy_of(copies: CopiesOf | None, which: Literal["normalised", "text"]) -> Copy:
    """A copy of the whole scan, or 404."""
    found = (copies.normalised if which == "normalised" else copies.text) if copies else None
    if copies is None or copies.state != "done" or found is None:
        raise not_found("Salinan berkas")
    return found
