"""The rows of a page. Invariant: a row runs from left to right over the whole page, however crooked the page lies.

Character recognition tells words and boxes; which of them stand side by side is worked out here, because a letter's
head has columns, and a page photographed by hand has no straight line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.intake.domain.suggestions.suggested import Spot
from services.intake.domain.words import PageWords, Word

MOST_WORDS = 2500
"""Of a page. No letter has as many; a table of figures may."""
CROWDED = 60
"""Rows at one height; there are no more columns than that."""
LONGEST = 120
"""Letters of a word; more are dirt, or meant to keep somebody busy."""
STEEPEST = 0.12


@dataclass(frozen=True)
class Placed:
    """A word on its page, in heights of a usual line of it: ``x`` to ``end`` across, ``y`` down, levelled."""

    word: Word
    page: int
    x: float
    end: float
    y: float
    height: float

    @property
    def text(self) -> str:
        """What it says."""
        return self.word.text


@dataclass(frozen=True)
class Span:
    """Words that stand one after the other, in a row or over several."""

    words: tuple[Placed, ...]

    @property
    def text(self) -> str:
        """What they say."""
        return " ".join(word.text for word in self.words)

    @property
    def x(self) -> float:
        """Where they begin."""
        return self.words[0].x

    @property
    def end(self) -> float:
        """Where they end."""
        return max(word.end for word in self.words)

    @property
    def y(self) -> float:
        """How far down."""
        return self.words[0].y

    @property
    def height(self) -> float:
        """How tall its letters usually are."""
        return median(word.height for word in self.words)

    @property
    def spot(self) -> Spot:
        """The box around them, on the page on which they begin."""
        page = self.words[0].page
        boxes = [one.word for one in self.words if one.page == page]
        return Spot(page, min(one.left for one in boxes), min(one.top for one in boxes),
                    max(one.right for one in boxes), max(one.bottom for one in boxes))  # fmt: skip

    def part(self, start: int, end: int) -> "Span":
        """The words that ``text[start:end]`` touches."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                found.append(word)
            at += len(word.text) + 1
        return Span(tuple(found) or self.words[:1])

    def pieces(self, gap: float) -> Iterator["Span"]:
        """Itself, parted where the words stand further apart than ``gap``."""
        begun = [self.words[0]]
        for before, word in pairwise(self.words):
            if word.x - before.end > gap:
                yield Span(tuple(begun))
                begun = []
            begun.append(word)
        yield Span(tuple(begun))


def joined(spans: Iterable[Span]) -> Span:
    """Several spans as one."""
    return Span(tuple(word for span in spans for word in span.words))


def rows_of(page: PageWords) -> list[Span]:
    """The rows, from the top down."""
    rows = _Rows()
    for word in sorted(_placed(page), key=lambda one: one.x):
        rows.add(word)
    return [Span(tuple(row)) for row in sorted(rows.all, key=lambda row: median(word.y for word in row))]


class _Rows:
    """Rows as they grow to the right. A word is compared with rows that end at its height, and not with many of them:
    however the words of a page are laid, reading it takes no longer."""

    def __init__(self) -> None:
        self.all: list[list[Placed]] = []
        self._at: dict[int, list[list[Placed]]] = {}

    def add(self, word: Placed) -> None:
        """Append it to the row it stands on, or begin one."""
        height = int(word.y // 1)
        near = [row for one in (height - 1, height, height + 1) for row in self._at.get(one, ())]
        fit = [row for row in near if _beside(row[-1], word)]
        if fit:
            row = min(fit, key=lambda row: abs(row[-1].y - word.y))
            self._at[int(row[-1].y // 1)].remove(row)
        elif len(near) < CROWDED:
            row = []
            self.all.append(row)
        else:
            return  # words on top of words: dirt
        row.append(word)
        self._at.setdefault(height, []).append(row)


def _beside(last: Placed, word: Placed) -> bool:
    """Whether a word stands on the line that ended with ``last``: a stroke is taller than letters, a comma lower."""
    # Recognition sometimes gives a word the box of all the rest of its line; no word is narrower than this.
    if word.x <= min(last.end - 1.5, last.x + 0.45 * len(last.text)):
        return False
    apart = abs(last.y - word.y)
    return apart < 0.55 or (apart < 0.9 and _overlap(last, word) > 0.6 * min(last.height, word.height))


def _overlap(one: Placed, other: Placed) -> float:
    top = max(one.y - one.height / 2, other.y - other.height / 2)
    return min(one.y + one.height / 2, other.y + other.height / 2) - top


def _placed(page: PageWords) -> list[Placed]:
    words = [one for one in page.words[:MOST_WORDS] if _sound(one)]
    if not words:
        return []
    unit = median((one.bottom - one.top) * page.height for one in words) or 1.0
    slope = _slope(page, words, unit)
    return [_level(one, page, unit, slope) for one in words]


def _sound(word: Word) -> bool:
    return bool(word.text.strip()) and len(word.text) <= LONGEST and word.left < word.right and word.top < word.bottom


def _level(word: Word, page: PageWords, unit: float, slope: float) -> Placed:
    x, end = word.left * page.width / unit, word.right * page.width / unit
    middle = (word.top + word.bottom) / 2 * page.height / unit
    height = (word.bottom - word.top) * page.height / unit
    return Placed(word, page.page, x, end, middle - slope * (x + end) / 2, height)


def _slope(page: PageWords, words: Sequence[Word], unit: float) -> float:
    """How much the lines fall for every step to the right: the median over words and those that follow them closely."""
    slopes = []
    for one, other in pairwise(words):
        gap = (other.left - one.right) * page.width
        if not -0.2 * unit < gap < 1.5 * unit:
            continue
        across = ((other.left + other.right) - (one.left + one.right)) / 2 * page.width
        # By the upper edge or the lower, whichever moves less: letters that reach up or down would tilt a short line.
        down = min(other.top - one.top, other.bottom - one.bottom, key=abs) * page.height
        if across > unit and abs(down) < unit:
            slopes.append(down / across)
    found = median(slopes) if len(slopes) >= 8 else 0.0
    return found if abs(found) <= STEEPEST else 0.0
