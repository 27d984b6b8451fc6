"""How rows of books are written, in a workbook and on paper. Invariant: nothing printed is longer than half a page.

A row is not parted between pages, so what may be long is cut: the names after the third are counted, a name or a
subject ends in an ellipsis. The workbook holds all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.chassis.sheets import Cell, Struck
from services.intake.domain.books.agenda_entry import AgendaEntry, Voided
from services.intake.domain.books.dispatch import Signed, State
from services.intake.domain.books.dispatch_entry import DispatchEntry
from services.intake.domain.wording import CONFIDENTIALITIES, URGENCIES
from services.projections.local_dates import moment

WITHHELD = "Rahasia"
NAMES = 3
LONGEST_NAME = 120
LONGEST_TEXT = 400
STATES: dict[State, str] = {
    "sent": "Terkirim",
    "read": "Dibaca",
    "received": "Diterima",
    "returned": "Dikembalikan",
    "recalled": "Ditarik kembali",
    "redirected": "Dialihkan",
}


@dataclass(frozen=True)
class Column:
    """A printed column: its heading, and its width in millimetres or, ``share``, as a part of what is left."""

    label: str
    width: int
    share: bool = False


@dataclass(frozen=True)
class PrintedRow:
    """A printed row; ``struck`` is crossed out but for its last cell, which says why."""

    cells: tuple[str, ...]
    struck: bool = False


AGENDA_HEADINGS = (
    "Nomor agenda",
    "Tanggal terima",
    "Nomor surat",
    "Tanggal surat",
    "Dari",
    "Kepada",
    "Jenis naskah",
    "Perihal",
    "Ringkasan",
    "Klasifikasi",
    "Sifat",
    "Keamanan",
    "Tembusan",
    "Keterangan",
    "Dicatat oleh",
    "Dicatat pada",
)
AGENDA_COLUMNS = (
    Column("No.", 12),
    Column("Tanggal terima", 18),
    Column("Nomor dan tanggal surat", 40),
    Column("Dari", 44),
    Column("Kepada", 44),
    Column("Perihal", 1, share=True),
    Column("Keterangan", 38),
)
DISPATCH_HEADINGS = (
    "Tanggal kirim",
    "Nomor agenda",
    "Nomor surat",
    "Tanggal surat",
    "Perihal",
    "Tujuan",
    "Unit tujuan",
    "Sebagai",
    "Dikirim oleh",
    "Dibaca oleh",
    "Dibaca pada",
    "Diterima oleh",
    "Diterima pada",
    "Status",
    "Keterangan",
)
DISPATCH_COLUMNS = (
    Column("No.", 12),
    Column("Tanggal kirim", 20),
    Column("Nomor surat", 40),
    Column("Perihal", 1, share=True),
    Column("Tujuan", 50),
    Column("Diterima oleh", 46),
    Column("Keterangan", 36),
)


def agenda_cells(one: AgendaEntry, zone: ZoneInfo) -> list[Cell]:
    """A row of the workbook; the subject of one that is void is crossed out."""
    if one.withheld:
        return [one.agenda_number, *[None] * 6, WITHHELD]
    return [
        one.agenda_number,
        one.received_on,
        one.letter_number,
        one.letter_date,
        one.sender,
        "; ".join(one.addressees),
        one.kind,
        Struck(one.subject or "") if one.voided else one.subject,
        one.summary,
        one.classification,
        URGENCIES[one.urgency] if one.urgency else None,
        CONFIDENTIALITIES[one.confidentiality] if one.confidentiality else None,
        "; ".join(one.copies),
        _void(one.voided, zone) or None,
        one.registered_by,
        _local(one.registered_at, zone),
    ]


def printed_agenda(one: AgendaEntry, zone: ZoneInfo) -> PrintedRow:
    """A row on paper."""
    number = str(one.agenda_number)
    if one.withheld:
        return PrintedRow((number, "", "", "", "", WITHHELD, ""))
    letter = "\n".join(part for part in (one.letter_number, _day(one.letter_date)) if part)
    cells = (
        number,
        _day(one.received_on),
        letter,
        _cut(one.sender or "", LONGEST_NAME),
        named(one.addressees),
        _cut(one.subject or "", LONGEST_TEXT),
        _remarks(one, zone),
    )
    return PrintedRow(cells, struck=one.voided is not None)


def dispatch_cells(one: DispatchEntry, zone: ZoneInfo) -> list[Cell]:
    """A row of the workbook."""
    numbered = f"{one.agenda_number}/{one.year}"
    if one.withheld:
        return [None, numbered, None, None, WITHHELD]
    return [
        _local(one.sent_at, zone),
        numbered,
        one.letter_number,
        one.letter_date,
        Struck(one.subject or "") if one.voided else one.subject,
        one.to,
        one.to_unit,
        "Tembusan" if one.role == "copy" else "Tujuan",
        _who(one.sent_by),
        _who(one.read),
        _local(one.read.at, zone) if one.read else None,
        _who(one.receipt),
        _local(one.receipt.at, zone) if one.receipt else None,
        _state(one),
        _happened(one, zone) or None,
    ]


def printed_dispatch(number: int, one: DispatchEntry, zone: ZoneInfo) -> PrintedRow:
    """A row on paper, counted from 1."""
    numbered = f"Agenda {one.agenda_number}/{one.year}"
    if one.withheld:
        return PrintedRow((str(number), "", numbered, WITHHELD, "", "", ""))
    taken = f"{_who(one.receipt)}\n{moment(one.receipt.at, zone)}" if one.receipt else ""
    to = "\n".join(part for part in (one.to, one.to_unit, "(tembusan)" if one.role == "copy" else "") if part)
    cells = (
        str(number),
        moment(one.sent_at, zone) if one.sent_at else "",
        "\n".join(part for part in (one.letter_number, _day(one.letter_date), numbered) if part),
        _cut(one.subject or "", LONGEST_TEXT),
        _cut(to, 2 * LONGEST_NAME),
        _cut(taken, 2 * LONGEST_NAME),
        "\n".join(part for part in (_state(one), _happened(one, zone)) if part),
    )
    return PrintedRow(cells, struck=one.voided is not None)


def named(parties: Sequence[str]) -> str:
    """The first of these names, and how many there are besides."""
    shown = "; ".join(_cut(one, LONGEST_NAME) for one in parties[:NAMES])
    more = len(parties) - NAMES
    return f"{shown}; dan {more} lainnya" if more > 0 else shown


def _remarks(one: AgendaEntry, zone: ZoneInfo) -> str:
    said = (
        _void(one.voided, zone),
        f"Klasifikasi {one.classification}" if one.classification else "",
        URGENCIES[one.urgency] if one.urgency and one.urgency != "normal" else "",
        CONFIDENTIALITIES[one.confidentiality] if one.confidentiality and one.confidentiality != "ordinary" else "",
        f"Tembusan: {named(one.copies)}" if one.copies else "",
    )
    return "\n".join(part for part in said if part)


def _happened(one: DispatchEntry, zone: ZoneInfo) -> str:
    left = one.exit
    where = f"ke {left.to}" if left and left.to else ""
    why = left.reason if left else one.receipt.reason if one.receipt else None
    when = moment(left.at, zone) if left else ""
    told = ". ".join(_cut(part, LONGEST_NAME) for part in (where, when, why or "") if part)
    return "\n".join(part for part in (_void(one.voided, zone), told) if part)


def _state(one: DispatchEntry) -> str:
    if one.outside and one.state == "received":
        return "Pengiriman dicatat"
    return STATES[one.state] if one.state else ""


def _void(voided: Voided | None, zone: ZoneInfo) -> str:
    if voided is None:
        return ""
    return f"BATAL: {_cut(voided.reason, 2 * LONGEST_NAME)} ({voided.by}, {moment(voided.at, zone)})"


def _who(signed: Signed | None) -> str:
    return f"{signed.name} ({signed.title})" if signed else ""


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return instant.astimezone(zone).replace(microsecond=0) if instant else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
