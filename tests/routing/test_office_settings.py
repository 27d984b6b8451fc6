"""Settings of offices and the front desk: read from text, refused where they make no sense."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.projections.working_days import OfficeHours
from services.routing.settings import RoutingSettings

GIVEN = {
    "LONTAR_MONGO_URL": "mongodb://127.0.0.1:9/",
    "LONTAR_AMQP_URL": "amqp://127.0.0.1:9/",
    "LONTAR_JWKS_URL": "http://127.0.0.1:9/",
}


def told(**values: str) -> RoutingSettings:
    """Settings with these variables."""
    return RoutingSettings.load("routing", {**GIVEN, **{f"LONTAR_ROUTING_{key}": text for key, text in values.items()}})


class TestOfficeSettings:
    def test_the_defaults_are_those_of_a_five_day_office(self) -> None:
        settings, hours = told(), OfficeHours(ZoneInfo("Asia/Makassar"))
        assert settings.working_week_days == hours.week_days
        assert (settings.office_opens, settings.office_closes) == (hours.opens, hours.closes)

    def test_hours_and_days_are_read_from_text(self) -> None:
        settings = told(WORKING_WEEK_DAYS="6", OFFICE_OPENS="07:30", OFFICE_CLOSES="15:00")
        assert (settings.working_week_days, settings.office_opens) == (6, time(7, 30))

    @pytest.mark.parametrize(
        "values",
        [
            {"WORKING_WEEK_DAYS": "4"},
            {"OFFICE_OPENS": "17:00"},
            {"PUBLIC_TRIES_PER_CODE": "sering"},
            {"PUBLIC_URL": "javascript:alert(1)"},
            {"PUBLIC_URL": "https://surat.example/#x"},
        ],
    )
    def test_what_makes_no_sense_stops_the_start(self, values: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            told(**values)
