"""What routing rules and learned suggestions can be told. Invariant: every setting has a default that works."""

from pydantic import Field

from services.chassis.settings import Settings


class GuidanceSettings(Settings):
    """``rules_cache_seconds``: how long a process goes by the rules it has read.

    Suggestions are learned anew each night after ``learning_hour`` (local time) if there are new letters, and by day
    once there are ``learning_new_letters`` of them, from the ``learning_letters`` newest ones. What is less likely than
    ``suggestion_threshold`` is not suggested.
    """

    rules_cache_seconds: float = Field(default=3.0, ge=0, le=60)
    learning_hour: int = Field(default=2, ge=0, le=23)
    learning_new_letters: int = Field(default=500, ge=1)
    learning_letters: int = Field(default=20_000, ge=100, le=200_000)
    suggestion_threshold: float = Field(default=0.3, gt=0, lt=1)
