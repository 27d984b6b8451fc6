"""What routing can be told beside what every service can. Invariant: every setting has a default that works."""

from pydantic import Field

from services.chassis.settings import Settings


class RoutingSettings(Settings):
    """``inbox_window_days``: how far back an inbox looks before it looks at everything."""

    inbox_window_days: int = Field(default=30, ge=1, le=3660)
    letter_arrival_seconds: float = Field(default=2.0, ge=0, le=30)
