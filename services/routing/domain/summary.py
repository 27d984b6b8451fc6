"""What of a letter is kept beside each of its branches. Invariant: it was fixed at registration and never changes."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.contracts.intake import LetterRegistered
from services.contracts.vocabulary import Category, Confidentiality, Party, Urgency


class LetterSummary(BaseModel):
    """Enough of the letter to list it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    agenda_number: int
    year: int
    tracking_code: str
    subject: str
    kind: str
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    letter_number: str | None = None
    letter_date: date | None = None
    received_on: date
    classification: str | None = None
    sender: Party

    @property
    def is_secret(self) -> bool:
        """Whether only the trusted among a unit's handlers may see it."""
        return self.confidentiality in ("secret", "top_secret")


def summary_of(event: LetterRegistered) -> LetterSummary:
    """The summary of a registered letter."""
    fields = set(LetterSummary.model_fields) - {"sender"}
    return LetterSummary(sender=event.sender, **event.model_dump(include=fields))
