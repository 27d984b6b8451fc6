"""A suggestion. Invariant: it names a place on a page, and what stands there; its confidence is a share, 0 to 1."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from services.contracts.vocabulary import Category, Confidentiality, Urgency

Value = TypeVar("Value")
Read = TypeVar("Read", covariant=True)
Other = TypeVar("Other")
LEAST = 0.3
"""What is less sure is not suggested: looking at it would cost more than typing."""
MOST = 0.99
"""Nothing that was read off a scan is certain."""


@dataclass(frozen=True)
class Spot:
    """Where it stands: a page, counted from 1, and a box in fractions of it, from its top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Suggested(Generic[Read]):
    """A value for a field; ``text`` is what stands on the page, as it was read."""

    value: Read
    confidence: float
    spot: Spot
    text: str

    def of(self, value: Other, factor: float = 1.0) -> "Suggested[Other]":
        """Another value told by the same place."""
        return Suggested(value, self.confidence * factor, self.spot, self.text)


@dataclass(frozen=True)
class Named:
    """A unit of the regency by its id, or anybody else by name alone."""

    unit_id: str | None
    name: str


@dataclass(frozen=True)
class Suggestions:
    """What a letter says of itself; None or nothing where it does not say it, or cannot be read."""

    letter_number: Suggested[str] | None = None
    letter_date: Suggested[date] | None = None
    sender: Suggested[Named] | None = None
    subject: Suggested[str] | None = None
    kind: Suggested[str] | None = None
    category: Suggested[Category] | None = None
    urgency: Suggested[Urgency] | None = None
    confidentiality: Suggested[Confidentiality] | None = None
    addressees: tuple[Suggested[Named], ...] = ()
    copies: tuple[Suggested[Named], ...] = ()
    occasion_place: Suggested[str] | None = None
    occasion_starts_at: Suggested[datetime] | None = None
    occasion_ends_at: Suggested[datetime] | None = None


def sure_enough(one: Suggested[Value] | None) -> Suggested[Value] | None:
    """The suggestion, if it is worth looking at."""
    if one is None or one.confidence < LEAST:
        return None
    return Suggested(one.value, round(min(one.confidence, MOST), 2), one.spot, one.text)
