"""What notify can be told."""

from pydantic import Field

from services.chassis.settings import Settings


class NotifySettings(Settings):
    """Settings of notify."""

    heartbeat_seconds: float = Field(default=15, gt=0, description="A quiet stream says so this often.")
    poll_seconds: float = Field(default=0.25, gt=0, description="How often the one watcher looks for what is new.")
