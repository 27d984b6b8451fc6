"""Where a search goes on. Invariant: paging to the end shows every letter that was found once.

Hits are ranked in pools: the newest letters that answer, the best of them first, then the next older ones. A cursor
says which pool, how it was ranked, and after which of its letters to go on; or that the next pool is to be begun.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from services.routing.domain.search_engine import UnknownCursor
from services.routing.domain.search_postings import PART
from services.routing.domain.search_ranking import Strictness

VERSION = 1
LONGEST = 600
WIDEST_POOL = 6 * PART
RAREST = 100.0


@dataclass(frozen=True)
class Cursor:
    """``high`` and ``low`` bound the pool by letters' numbers; ``low`` is None where it is still to be gathered.

    ``top``, ``rarities``, ``sure`` and ``words`` are what it was ranked with; ``score`` and ``number`` are the last
    hit's that was shown.
    """

    high: int
    top: int
    rarities: tuple[float, ...]
    sure: bool
    words: int
    low: int | None = None
    score: float = 0.0
    number: int = 0

    @property
    def strictness(self) -> Strictness:
        """Which letters are shown."""
        return Strictness(self.sure, self.words)

    def after(self, score: float, number: int) -> "Cursor":
        """The cursor after this hit."""
        return replace(self, score=score, number=number)

    def is_sound(self, letters: int, words: int) -> bool:
        """Whether nobody can be kept busy by it: a client may have written it itself."""
        low = self.high if self.low is None else self.low
        in_bounds = 0 <= low <= self.high <= min(self.top, letters) and self.high - low <= WIDEST_POOL
        return in_bounds and 1 <= self.words <= words and all(0 <= one < RAREST for one in self.rarities)

    def written(self) -> str:
        """As it is handed out."""
        parts = [VERSION, self.high, self.top, self.rarities, self.sure, self.words, self.low, self.score, self.number]
        return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(written: str, words: int, letters: int) -> Cursor:
    """The cursor of a question of so many words, where letters have numbers below ``letters``; raises UnknownCursor."""
    try:
        if len(written) > LONGEST:
            raise ValueError("too long")
        raw = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
        version, high, top, rarities, sure, needed, low, score, number = orjson.loads(raw)
        cursor = Cursor(
            int(high),
            int(top),
            _rarities(rarities, words),
            bool(sure),
            int(needed),
            None if low is None else int(low),
            float(score),
            int(number),
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise UnknownCursor(str(error)) from None
    if version != VERSION or not cursor.is_sound(letters, words):
        raise UnknownCursor("not one of ours")
    return cursor


def _rarities(given: Sequence[float], words: int) -> tuple[float, ...]:
    if len(given) != words:
        raise ValueError("of another question")
    return tuple(float(one) for one in given)
