"""What disposition can be told beyond what every service can. Invariant: every setting has a default that works."""

from services.disposition.sheet_settings import SheetSettings
from services.disposition.watch_settings import WatchSettings
from services.projections.office_hours import OfficeHoursSettings


class DispositionSettings(SheetSettings, WatchSettings, OfficeHoursSettings):
    """Settings of disposition, read from ``LONTAR_DISPOSITION_*`` and ``LONTAR_*``."""
