"""What is told of how much an app is used. Invariant: counts, and nothing of what was asked."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from gateway.clients.examples import USAGE


class UsageDay(BaseModel):
    """What an app asked on a local day, and how it was answered."""

    day: date
    requests: int = 0
    succeeded: int = 0
    refused: int = Field(default=0, description="Answered with 4xx, but for 429.")
    limited: int = Field(default=0, description="Answered with 429: it asked too often.")
    failed: int = Field(default=0, description="Answered with 5xx.")
    families: dict[str, int] = Field(default_factory=dict, description="Requests by what they were about.")


class UsageView(BaseModel):
    """The days on which the app asked anything, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [USAGE]})

    client_id: str
    since: date
    until: date
    days: list[UsageDay]
