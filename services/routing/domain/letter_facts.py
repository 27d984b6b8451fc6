"""What rules and suggestions look at in a letter. Invariant: nothing else of it is looked at."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from services.contracts.intake import LetterRegistered
from services.contracts.vocabulary import Category, Confidentiality, Party, Urgency
from services.routing.domain.phrases import Running
from services.routing.domain.summary import LetterSummary

Field = Literal["subject", "summary", "text"]
FIELDS: tuple[Field, ...] = ("subject", "summary", "text")
LONGEST_TEXT = 30_000
"""Characters of scanned text that are looked at: what a letter is about stands at its beginning."""


@dataclass(frozen=True)
class LetterFacts:
    """A letter, delivered or about to be written. ``text`` is what its scans say."""

    kind: str
    subject: str
    category: Category | None = None
    classification: str | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality = "ordinary"
    sender: Party | None = None
    summary: str | None = None
    text: str | None = None

    @cached_property
    def wording(self) -> dict[Field, Running]:
        """What can be searched for phrases, by field; a field without a word is left out."""
        given = {"subject": self.subject, "summary": self.summary, "text": (self.text or "")[:LONGEST_TEXT]}
        return {field: Running(content) for field in FIELDS if (content := given[field])}

    @cached_property
    def sender_wording(self) -> Running:
        """The sender's name, to be searched for words."""
        return Running(self.sender.name if self.sender else "")

    @property
    def is_secret(self) -> bool:
        """Whether only the trusted may see it."""
        return self.confidentiality in ("secret", "top_secret")

    def without_text(self) -> "LetterFacts":
        """The letter as it was known before its scans were read."""
        return replace(self, text=None)


def facts_of(event: LetterRegistered, text: str | None = None) -> LetterFacts:
    """The facts of a letter that was registered."""
    return replace(_common(event), summary=event.summary, text=text)


def facts_in(summary: LetterSummary, text: str | None = None) -> LetterFacts:
    """The facts that are kept of a delivered letter."""
    return replace(_common(summary), text=text)


def _common(letter: LetterRegistered | LetterSummary) -> LetterFacts:
    return LetterFacts(
        kind=letter.kind,
        subject=letter.subject,
        category=letter.category,
        classification=letter.classification,
        urgency=letter.urgency,
        confidentiality=letter.confidentiality,
        sender=letter.sender,
    )
