"""Agenda books. Invariant: a number belongs to one book of one unit in one year and is given once."""

from dataclasses import dataclass
from datetime import date

from services.contracts.vocabulary import Direction

BOOKS: dict[Direction, str] = {"incoming": "masuk", "outgoing": "keluar", "internal": "internal"}
"""The book a letter goes into when the registrar names none."""


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


def book_for(unit_id: str, name: str | None, direction: Direction, received_on: date) -> AgendaBook:
    """The book a letter is entered in: that of the year in which it was received."""
    return AgendaBook(unit_id, name or BOOKS[direction], received_on.year)
