"""Words as they stand on a page. Invariant: boxes are fractions of the page as it is shown, from its top left."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word and its box: 0 is the left or upper edge of the page, 1 the right or lower."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PageWords:
    """The words of a page, counted from 1, in the order in which they are read; ``width`` by ``height`` in points."""

    page: int
    width: float
    height: float
    words: tuple[Word, ...]
