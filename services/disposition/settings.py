"""What disposition can be told beyond what every service can. Invariant: every setting has a default that works."""

from pydantic import Field

from services.disposition.file_settings import AttachmentSettings
from services.disposition.sheet_settings import SheetSettings
from services.disposition.watch_settings import WatchSettings
from services.projections.office_hours import OfficeHoursSettings


class DispositionSettings(AttachmentSettings, SheetSettings, WatchSettings, OfficeHoursSettings):
    """Settings of disposition, read from ``LONTAR_DISPOSITION_*`` and ``LONTAR_*``.

    ``vacancy_grace_days``: for how many days open work stays with a position that nobody holds, before it goes up or
    back. ``vacancy_poll_seconds``: how often it is looked for such work, and for hand-overs that are not finished.
    """

    vacancy_grace_days: int = Field(default=3, ge=0, le=60)
    vacancy_poll_seconds: float = Field(default=15.0, gt=0, le=3600)
