"""What of a letter is kept beside each of its branches. Invariant: it is what the register says of the letter now: as
it was entered, with the newest correction, and whether it was declared void.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.contracts.intake import LetterCorrected, LetterRegistered
from services.contracts.vocabulary import Category, Confidentiality, Party, Urgency


class LetterSummary(BaseModel):
    """Enough of the letter to list it. ``training``: entered to practise; ``voided``: the registration is void."""

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
    training: bool = False
    voided: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether only the trusted among a unit's handlers may see it."""
        return self.confidentiality in ("secret", "top_secret")


def summary_of(event: LetterRegistered) -> LetterSummary:
    """The summary of a registered letter."""
    fields = set(LetterSummary.model_fields) - {"sender"}
    return LetterSummary(sender=event.sender, **event.model_dump(include=fields))


CORRECTABLE = frozenset(LetterSummary.model_fields) & frozenset(LetterCorrected.model_fields) - {"sender"}


def corrected(summary: LetterSummary, event: LetterCorrected) -> LetterSummary:
    """The summary after a correction; the number, the book and whether it is void are not corrected."""
    return summary.model_copy(update={name: getattr(event, name) for name in (*CORRECTABLE, "sender")})
