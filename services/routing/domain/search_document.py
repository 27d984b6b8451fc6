"""A letter as the search knows it. Invariant: a pure function of the letter and of what its scans say.

``readers`` are the keys of everybody who may read it, ``marks`` what a search can be narrowed down by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.routing.domain.control import AUDITORS_KEY, LEADERS_KEY, reader_keys
from services.routing.domain.letter import Letter
from services.routing.domain.summary import LetterSummary

ACROSS = frozenset({LEADERS_KEY, AUDITORS_KEY})
"""Keys that nearly every letter has: those who hold one are told what they may not read, not what they may."""
LONGEST_TEXT = 60_000
"""Characters of scanned text that are looked at: what a letter is about stands at its beginning."""


@dataclass(frozen=True)
class SearchDocument:
    """What of a letter can be found, and by whom."""

    letter_id: str
    subject: str
    sender: str
    numbers: str
    abstract: str
    labels: str
    text: str
    received_on: date
    readers: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def written(self) -> Iterator[tuple[str, str]]:
        """What people typed of it, by field, the weightiest first; not what its scans say."""
        yield "subject", self.subject
        yield "number", self.numbers
        yield "sender", self.sender
        yield "abstract", self.abstract
        yield "label", self.labels


@dataclass(frozen=True)
class Narrowing:
    """What a search is narrowed down by; None does not narrow. Dates are of receipt, inclusive."""

    kind: str | None = None
    urgency: str | None = None
    confidentiality: str | None = None
    sender_unit: str | None = None
    received_from: date | None = None
    received_to: date | None = None

    def marks(self, today: date) -> list[list[str]]:
        """Of each list a letter must have one mark; days are exact only to the month, see ``admits``."""
        named = {
            "kind": self.kind and self.kind.casefold(),
            "urgency": self.urgency,
            "confidentiality": self.confidentiality,
            "sender": self.sender_unit,
        }
        found = [[_mark(name, value)] for name, value in named.items() if value]
        if self.received_from or self.received_to:
            found.append(_months(self.received_from or date(today.year - 30, 1, 1), self.received_to or today))
        return found

    def fits(self, summary: LetterSummary) -> bool:
        """Whether the letter is wanted as it is now: it keeps the marks it had before it was corrected."""
        asked = ((self.kind, summary.kind), (self.sender_unit, summary.sender.id))
        chosen = ((self.urgency, summary.urgency), (self.confidentiality, summary.confidentiality))
        same = all(one is None or one.casefold() == (other or "").casefold() for one, other in (*asked, *chosen))
        return same and self.admits(summary.received_on)

    def admits(self, received_on: date) -> bool:
        """Whether a letter received on this day is wanted."""
        since, until = self.received_from, self.received_to
        return (since is None or received_on >= since) and (until is None or received_on <= until)


def search_document(letter: Letter, text: str) -> SearchDocument:
    """The document of a letter whose scans say ``text``."""
    summary, occasion = letter.summary, letter.occasion
    parties = [party.name for party in (*letter.addressees, *letter.copies)]
    numbers = [summary.letter_number, summary.tracking_code, f"{summary.agenda_number}"]
    event = [occasion.title, occasion.place] if occasion else []
    labels = [summary.kind, summary.classification, letter.registered_by.unit_name, *parties]
    return SearchDocument(
        letter_id=letter.id,
        subject=summary.subject,
        sender=summary.sender.name,
        numbers=_lines(numbers),
        abstract=_lines([letter.abstract, *event]),
        labels=_lines(labels),
        text=text[:LONGEST_TEXT],
        received_on=summary.received_on,
        readers=reader_keys(letter.access),
        marks=(
            _mark("kind", summary.kind.casefold()),
            _mark("urgency", summary.urgency),
            _mark("confidentiality", summary.confidentiality),
            *([_mark("sender", summary.sender.id)] if summary.sender.id else []),
            _mark("month", f"{summary.received_on:%Y-%m}"),
            _mark("year", str(summary.received_on.year)),
        ),
    )


def _mark(name: str, value: str) -> str:
    return f"{name}={value}"


def _lines(parts: Sequence[str | None]) -> str:
    return "\n".join(part for part in parts if part)


def _months(since: date, until: date) -> list[str]:
    """The marks of a span of time: whole years where it holds them, else months."""
    found: list[str] = []
    for year in range(since.year, min(until.year, since.year + 60) + 1):
        first = since.month if year == since.year else 1
        last = until.month if year == until.year else 12
        if (first, last) == (1, 12):
            found.append(_mark("year", str(year)))
        else:
            found += [_mark("month", f"{year}-{month:02d}") for month in range(first, last + 1)]
    return found
