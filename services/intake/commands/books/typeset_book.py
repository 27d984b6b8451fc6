"""Have a book typeset by a process apart. Invariant: however long the book, the service's memory stays as it is."""

import asyncio
import json
import logging
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import BinaryIO

from services.chassis.apart import ApartFailed, ApartLimits, run_apart
from services.chassis.errors import unavailable
from services.chassis.paper import printable
from services.intake.book_room import TEMPLATES, TYPESETTER
from services.intake.domain.books.columns import Column, PrintedRow
from services.intake.settings import IntakeSettings

log = logging.getLogger(__name__)
MOST_BYTES = 128 * 1024 * 1024
"""No book of so many rows as may be printed makes a file as large as this."""

TAGGED_ROWS = 500
"""Up to so many rows a screen reader can find its way through; more would take as much memory again."""


async def typeset_book(
    settings: IntakeSettings,
    head: Mapping[str, object],
    columns: Iterable[Column],
    rows: Iterable[PrintedRow],
    at: datetime,
) -> bytes:
    """The PDF; 503 where it cannot be made now."""
    lines = [{"cells": one.cells, "struck": one.struck} for one in rows]
    data = {**head, "columns": [vars(one) for one in columns], "rows": lines}
    limits = ApartLimits(settings.book_seconds, settings.book_memory_bytes, niceness=0)  # somebody waits for it
    with tempfile.TemporaryFile() as content:
        await asyncio.to_thread(_write, content, data)
        tags = "tagged" if len(lines) <= TAGGED_ROWS else "plain"
        arguments = [str(TEMPLATES / "book.typ"), str(int(at.timestamp())), tags]
        try:
            return await run_apart(TYPESETTER, arguments, limits, stdin=content, most_output=MOST_BYTES)
        except ApartFailed as failure:
            log.warning("a book of %s rows was not printed: %s", len(lines), failure.reason)
            raise unavailable("Buku belum dapat dicetak. Silakan coba lagi, atau persempit tanggalnya.") from None


def _write(content: BinaryIO, data: Mapping[str, object]) -> None:
    content.write(json.dumps(_kept_lines(data), ensure_ascii=False).encode())


def _kept_lines(value: object) -> object:
    """``value`` as it can be printed, line by line: between lines of a cell stays a break."""
    if isinstance(value, str):
        return "\n".join(str(printable(line)) for line in value.split("\n"))
    if isinstance(value, Mapping):
        return {name: _kept_lines(one) for name, one in value.items()}
    return [_kept_lines(one) for one in value] if isinstance(value, list | tuple) else value
