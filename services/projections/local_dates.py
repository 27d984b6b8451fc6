"""Days and hours as offices write them. Invariant: an hour is told with the zone it is in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
ZONES = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}


def long_date(day: date) -> str:
    """``3 Maret 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """``3 Maret 2026 pukul 09.30 WITA``."""
    local = instant.astimezone(zone)
    return f"{long_date(local.date())} pukul {local:%H.%M} {zone_name(instant, zone)}"


def zone_name(instant: datetime, zone: ZoneInfo) -> str:
    """``WITA``; the key of the zone where it is none of Indonesia's."""
    return ZONES.get(instant.astimezone(zone).utcoffset() or timedelta(), zone.key)
