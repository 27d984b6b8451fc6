"""Where a search goes on. Invariant: paging to the end shows every letter that was found once.

Hits are ranked in pools: the newest letters that answer, the best of them first, then the next older ones. A cursor
says which pool, how it was ranked, and after which of its letters to go on; or that the next pool is to be begun.
"""

import hashlib
from dataclasses import dataclass, replace

import orjson

from services.routing.domain.search_engine import Asking, UnknownCursor
from services.routing.domain.search_ranking import Strictness


@dataclass(frozen=True)
class Cursor:
    """``high`` and ``low`` bound the pool by letters' numbers; ``low`` is None where it is still to be gathered.

    ``top``, ``rarities``, ``forgiven``, ``sure`` and ``words`` are what it was ranked with; ``score`` and ``number``
    are the last hit's that was shown.
    """

    high: int
    top: int
    rarities: tuple[float, ...] = ()
    forgiven: tuple[int, ...] = ()
    sure: bool = True
    words: int = 0
    low: int | None = None
    score: float = 0.0
    number: int = 0

    @property
    def is_first(self) -> bool:
        """Whether nothing has been looked at yet."""
        return self.words == 0

    @property
    def strictness(self) -> Strictness:
        """Which letters are shown."""
        return Strictness(self.sure, self.words)

    def after(self, score: float, number: int) -> "Cursor":
        """The cursor after this hit."""
        return replace(self, score=score, number=number)

    def older(self) -> "Cursor":
        """The cursor before the next pool."""
        return replace(self, high=self.low or 0, low=None, score=0.0, number=0)

    def packed(self, asking: Asking) -> bytes:
        """The cursor of this question."""
        return orjson.dumps([_digest(asking), *vars(self).values()])


def unpacked(raw: bytes, asking: Asking) -> Cursor:
    """The cursor; raises UnknownCursor for that of another question."""
    digest, high, top, rarities, forgiven, *rest = orjson.loads(raw)
    if digest != _digest(asking):
        raise UnknownCursor("of another question")
    return Cursor(high, top, tuple(rarities), tuple(forgiven), *rest)


def _digest(asking: Asking) -> str:
    """What tells one question of one person from others."""
    said = repr((asking.question, sorted(asking.keys), asking.narrowing))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
