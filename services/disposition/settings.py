"""What disposition can be told beyond what every service can: nothing yet."""

from services.chassis.settings import Settings


class DispositionSettings(Settings):
    """Settings of disposition, read from ``LONTAR_DISPOSITION_*`` and ``LONTAR_*``."""
