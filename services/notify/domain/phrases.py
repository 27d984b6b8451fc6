"""Pieces of sentences in Bahasa Indonesia. Invariant: an act is told with the capacity it was done in."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.contracts.vocabulary import Actor, Urgency
from services.projections.local_dates import long_date, moment, zone_name
from services.projections.titles import display_title

URGENCIES: dict[Urgency, str] = {"very_urgent": " (sangat segera)", "urgent": " (segera)", "normal": ""}
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
TITLE_LENGTH = 200
QUOTE_LENGTH = 280


def styled(actor: Actor) -> str:
    """The position with the capacity: ``Plt. Kepala Dinas Pendidikan``."""
    return display_title(actor.position_title, actor.capacity)


def day(value: date) -> str:
    """``3 Maret 2025``."""
    return long_date(value)


def instant(value: datetime, zone: ZoneInfo) -> str:
    """``Senin, 3 Maret 2025 pukul 09.00 WITA``."""
    return f"{DAYS[value.astimezone(zone).weekday()]}, {moment(value, zone)}"


def period(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """``Senin, 3 Maret 2025 pukul 09.00-11.00 WITA``, over days with both dates."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    name = zone_name(starts_at, zone)
    first = f"{DAYS[start.weekday()]}, {day(start.date())} pukul {start:%H.%M}"
    if start.date() == end.date():
        return f"{first}-{end:%H.%M} {name}"
    return f"{first} sampai {DAYS[end.weekday()]}, {day(end.date())} pukul {end:%H.%M} {name}"


def listed(parts: Sequence[str]) -> str:
    """``a, b dan c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} dan {parts[-1]}"


def shortened(text: str, length: int = QUOTE_LENGTH) -> str:
    """On one line and not longer than ``length``."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def quoted(text: str) -> str:
    """``“Lampiran kurang”``, on one line and not too long."""
    return f"“{shortened(text)}”"


def headline(kind: str, subject: str | None, hidden: str = "surat rahasia") -> str:
    """``Surat masuk: Undangan rapat``; without a subject that may be shown ``Surat masuk (surat rahasia)``."""
    return shortened(f"{kind}: {subject}" if subject is not None else f"{kind} ({hidden})", TITLE_LENGTH)
