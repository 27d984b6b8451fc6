"""Days and hours as offices write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.projections.local_dates import long_date, moment


class TestLongDate:
    def test_the_month_is_written_out(self) -> None:
        assert long_date(date(2026, 8, 7)) == "7 Agustus 2026"


class TestMoment:
    @pytest.mark.parametrize(
        ("zone", "text"),
        [
            ("Asia/Jakarta", "3 Maret 2026 pukul 23.30 WIB"),
            ("Asia/Makassar", "4 Maret 2026 pukul 00.30 WITA"),
            ("Asia/Jayapura", "4 Maret 2026 pukul 01.30 WIT"),
        ],
    )
    def test_it_is_told_in_the_regencys_own_time(self, zone: str, text: str) -> None:
        assert moment(datetime(2026, 3, 3, 16, 30, tzinfo=UTC), ZoneInfo(zone)) == text
