"""Calendars for tests: Klungkung with what Bali keeps beside the national days, and calendars nobody thought of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.projections.working_days import Decided, OfficeHours, WorkingCalendar

MAKASSAR = ZoneInfo("Asia/Makassar")
BALI_2026 = {
    date(2026, 6, 16): "Penampahan Galungan",
    date(2026, 6, 17): "Hari Raya Galungan",
    date(2026, 6, 18): "Umanis Galungan",
    date(2026, 6, 27): "Hari Raya Kuningan",
    date(2026, 3, 20): "Ngembak Geni",
}
"""What a governor's circular grants beside the national calendar: Galungan and Kuningan come every 210 days."""


def holiday(day: date, name: str = "Libur daerah") -> Decided:
    """A day off of the regency's own."""
    return Decided(day, "holiday", name)


def working(day: date, name: str = "Hari kerja pengganti") -> Decided:
    """A day the regency works although others do not."""
    return Decided(day, "working_day", name)


def calendar(*decided: Decided, week_days: int = 5, zone: ZoneInfo = MAKASSAR) -> WorkingCalendar:
    """A calendar with these decisions."""
    return WorkingCalendar(OfficeHours(zone, week_days), {one.day: one for one in decided})


def klungkung() -> WorkingCalendar:
    """The regency of the demo in 2026."""
    return calendar(*(holiday(day, name) for day, name in BALI_2026.items()))


FIRST = datetime(2024, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 1600 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
"""Any second from 2024 until the middle of 2028."""
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]).map(ZoneInfo)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Any week, any zone, any decisions; long runs of days off among them."""
    decided = draw(st.dictionaries(DAYS, st.sampled_from(["holiday", "working_day"]), max_size=40))
    made = [holiday(day) if kind == "holiday" else working(day) for day, kind in decided.items()]
    return calendar(*made, week_days=draw(st.sampled_from([5, 6])), zone=draw(ZONES))
