"""What a search engine does for routing. Invariant: the one interface; whatever stands behind it can be exchanged.

An engine narrows what it finds to what the asking person may read, as of what it was last told of each letter. It is
told a moment late, so whoever asks it looks at the letter itself once more before showing a hit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from services.routing.domain.search_document import Narrowing, SearchDocument
from services.routing.domain.search_query import Question


@dataclass(frozen=True)
class Asking:
    """A question, and whose it is: ``keys`` are those under which the person may read letters."""

    question: Question
    keys: tuple[str, ...]
    today: date
    narrowing: Narrowing = field(default_factory=Narrowing)
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True)
class Piece:
    """A piece of an excerpt; ``match``: it is what was asked for."""

    text: str
    match: bool


@dataclass(frozen=True)
class Excerpt:
    """A passage of a letter's subject, summary or text."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Match:
    """A word of the question and where a letter has it. ``instead``: what was taken for it, where it was not exact."""

    typed: str
    fields: tuple[str, ...]
    instead: str | None = None


@dataclass(frozen=True)
class Hit:
    """A letter that was found, and why."""

    letter_id: str
    score: float
    matches: tuple[Match, ...]
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True)
class Found:
    """A page of hits, the best first. ``relaxed``: no letter has every word, these have most of them."""

    hits: tuple[Hit, ...]
    next: str | None = None
    relaxed: bool = False


class UnknownCursor(ValueError):
    """A cursor that this engine has not given out."""


class SearchEngine(Protocol):
    """Keeps documents and finds them."""

    async def index(self, documents: Sequence[SearchDocument]) -> None:
        """Keep these documents, each in the place of an older one of the same letter. Repeated it changes nothing."""
        ...

    async def remove(self, letter_ids: Sequence[str]) -> None:
        """Find these letters no more."""
        ...

    async def clear(self) -> None:
        """Forget everything, so that it can be indexed anew."""
        ...

    async def read_ahead(self) -> int:
        """Make ready for questions nobody has asked yet, a little at a time; how much was done, 0 when all is."""
        ...

    async def outgrown(self) -> bool:
        """Whether an earlier version has left an index that this one does not understand.

        Then every document is to be kept anew. Once denied it stays so, without looking.
        """
        ...

    async def drop_outgrown(self) -> None:
        """Let go of that, once every document is sure to be kept anew."""
        ...

    async def search(self, asking: Asking) -> Found:
        """A page of what was found; raises UnknownCursor."""
        ...
