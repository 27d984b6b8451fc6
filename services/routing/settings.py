"""What routing can be told beside what every service can. Invariant: every setting has a default that works."""

from pydantic import Field

from services.routing.guidance_settings import GuidanceSettings
from services.routing.office_settings import OfficeSettings


class RoutingSettings(OfficeSettings, GuidanceSettings):
    """``letter_arrival_seconds``: how long a track waits for a letter, or the right to read it, to arrive.

    ``deadline_poll_seconds``: how often it is looked whether a deadline nears or has passed.
    """

    max_body_bytes: int = Field(default=6 * 1024 * 1024, ge=1)
    letter_arrival_seconds: float = Field(default=0.75, ge=0, le=30)
    deadline_poll_seconds: float = Field(default=5.0, gt=0, le=3600)
