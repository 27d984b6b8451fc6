"""Agenda books. Invariant: a number belongs to one book of one unit in one year and is given once."""

from dataclasses import dataclass
from datetime import date

from services.contracts.vocabulary import Direction

BOOKS: dict[Direction, str] = {"incoming": "masuk", "outgoing": "keluar", "internal": "internal"}
"""The book a letter goes into when the registrar names none."""
TRAINING = "latihan-"
"""What the names of books begin with that are for practice; no other book's name does."""


@dataclass(frozen=True)
class AgendaBook:
    """One running sequence of numbers: a unit's book of a year."""

    unit_id: str
    name: str
    year: int

    @property
    def key(self) -> str:
        """The counter's id. Ids and years hold no slash, so two books never share a key."""
        return f"{self.unit_id}/{self.year}/{self.name}"

    @classmethod
    def of_key(cls, key: str) -> "AgendaBook":
        """The book of a counter."""
        unit_id, year, name = key.split("/")
        return cls(unit_id, name, int(year))


def book_for(
    unit_id: str, name: str | None, direction: Direction, received_on: date, *, training: bool = False
) -> AgendaBook:
    """The book a letter is entered in: that of the year in which it was received, and one apart for practice."""
    name = name or BOOKS[direction]
    return AgendaBook(unit_id, f"{TRAINING}{name}" if training else name, received_on.year)
