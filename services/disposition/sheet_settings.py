"""What printing and the public's door can be told. Invariant: every default works."""

from pydantic import Field, field_validator

from services.chassis.limits import rule_of
from services.chassis.settings import Settings


class SheetSettings(Settings):
    """``regency_name`` stands above the unit on what is printed. ``public_url`` is where the public finds this house.

    ``public_tries_per_client`` says how often may be asked after sheets from one address.
    """

    regency_name: str = Field(default="", max_length=200)
    public_url: str = Field(default="http://localhost:8080", pattern=r"^https?://[^\s#?]+$", max_length=200)
    public_tries_per_client: str = "20/minute; 120/hour"

    @field_validator("public_tries_per_client")
    @classmethod
    def _a_rule(cls, text: str) -> str:
        rule_of(text)
        return text
