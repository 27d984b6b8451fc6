"""The record as a table (CSV, RFC 4180). Invariant: no cell is run by a spreadsheet program, and none is left out."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence

from gateway.audit.entries import AuditEntry

COLUMNS = (
    "seq",
    "id",
    "at",
    "kind",
    "outcome",
    "actor_kind",
    "actor_id",
    "actor_name",
    "session_id",
    "subject",
    "address",
    "request_id",
    "details",
    "previous_at",
    "previous_hash",
    "hash",
)
BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheet programs know the text for UTF-8."""
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def lines(pages: AsyncIterator[list[AuditEntry]], separator: str) -> AsyncIterator[bytes]:
    """The table in pieces: its head, then a piece a page."""
    yield (BYTE_ORDER_MARK + _text([COLUMNS], separator)).encode()
    async for entries in pages:
        yield _text([_cells(entry) for entry in entries], separator).encode()


def _cells(entry: AuditEntry) -> list[str]:
    actor = entry.actor
    return [
        str(entry.seq),
        entry.id,
        entry.at.isoformat(timespec="milliseconds"),
        entry.kind,
        entry.outcome,
        actor.kind if actor else "",
        _harmless(actor.id if actor else ""),
        _harmless(actor.name if actor else ""),
        (actor.session_id or "") if actor else "",
        _harmless(entry.subject),
        _harmless(entry.address),
        _harmless(entry.request_id),
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
        entry.previous_at.isoformat(timespec="milliseconds") if entry.previous_at else "",
        entry.previous_hash,
        entry.hash,
    ]


def _harmless(cell: str) -> str:
    """What begins like a formula gets an apostrophe before it, as spreadsheet programs mark text."""
    return f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell


def _text(rows: Sequence[Sequence[str]], separator: str) -> str:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return sheet.getvalue()
