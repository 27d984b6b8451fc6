"""When offices are open, as every service that counts in working days is told. Invariant: every default works."""

from datetime import time
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from services.chassis.settings import Settings
from services.projections.working_days import OfficeHours


class OfficeHoursSettings(Settings):
    """``working_week_days``: five, or six with Saturdays; ``office_opens`` and ``office_closes`` are local times."""

    working_week_days: int = Field(default=5, ge=5, le=6)
    office_opens: time = time(8)
    office_closes: time = time(16)

    @model_validator(mode="after")
    def _open_before_closed(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.office_opens >= self.office_closes:
            raise ValueError("office_opens must be before office_closes")
        return self


def hours_of(settings: OfficeHoursSettings) -> OfficeHours:
    """The hours in these settings."""
    return OfficeHours(
        ZoneInfo(settings.timezone), settings.working_week_days, settings.office_opens, settings.office_closes
    )
