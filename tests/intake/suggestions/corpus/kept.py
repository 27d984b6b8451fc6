"""Letters with their recognised words, kept in a file: boxes in ten-thousandths of the page, one letter a line."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.corpus.truth import Truth

KEPT = Path(__file__).parents[1] / "kept"
SCALE = 10_000


@dataclass(frozen=True)
class Sample:
    """A letter that was recognised, with the truth about it."""

    name: str
    layout: str
    wear: str
    pages: tuple[PageWords, ...]
    truth: Truth

    def line(self) -> str:
        """As one line."""
        pages = [[one.page, one.width, one.height, [_row(word) for word in one.words]] for one in self.pages]
        said = {"name": self.name, "layout": self.layout, "wear": self.wear, "truth": vars(self.truth), "pages": pages}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, line: str) -> "Sample":
        """Back again."""
        said = json.loads(line)
        pages = tuple(
            PageWords(page, width, height, tuple(Word(text, *(side / SCALE for side in box)) for text, *box in words))
            for page, width, height, words in said["pages"]
        )
        return cls(said["name"], said["layout"], said["wear"], pages, Truth(**said["truth"]))


def _row(word: Word) -> list[str | int]:
    return [word.text, *(round(side * SCALE) for side in (word.left, word.top, word.right, word.bottom))]


def write(path: Path, samples: Iterable[Sample]) -> None:
    """Keep them; the same samples give the same file."""
    text = "\n".join(sample.line() for sample in samples) + "\n"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read(path: Path) -> Iterator[Sample]:
    """Those that were kept."""
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        yield Sample.of(line)
