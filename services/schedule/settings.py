"""What schedule can be told beyond what every service can: nothing yet."""

from services.chassis.settings import Settings


class ScheduleSettings(Settings):
    """Settings of schedule, read from ``LONTAR_SCHEDULE_*`` and ``LONTAR_*``."""
