"""What offices and the front desk can be told: hours, the public's address, limits. Invariant: every default works."""

from pydantic import Field, field_validator

from services.chassis.limits import rule_of
from services.projections.office_hours import OfficeHoursSettings


class OfficeSettings(OfficeHoursSettings):
    """``regency_name`` stands above the unit on what is printed ("Pemerintah Kabupaten Klungkung"). ``public_url`` is
    where the public finds this house. ``public_tries_per_client``, ``public_tries_per_code`` and
    ``public_tries_per_code_in_all`` say how often may be asked after letters: from one address, for one code from one
    address, and for one code from all of them together (40 bits of a word outlast 500 a day by millions of years).
    """

    regency_name: str = Field(default="", max_length=200)
    public_url: str = Field(default="http://localhost:8080", pattern=r"^https?://[^\s#?]+$", max_length=200)
    public_tries_per_client: str = "20/minute; 120/hour"
    public_tries_per_code: str = "10/hour"
    public_tries_per_code_in_all: str = "500/day"

    @field_validator("public_tries_per_client", "public_tries_per_code", "public_tries_per_code_in_all")
    @classmethod
    def _a_rule(cls, text: str) -> str:
        rule_of(text)
        return text
