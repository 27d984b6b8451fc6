"""``python -m tests.load.search_quality``: how well searches find letters, beside looking for the very words.

What is looked at is how many of the wanted letters stand among the first ten (all of ten, where more are wanted), and
how many of the first ten are wanted. A letter is wanted if it is about everything the question names.
"""

import asyncio
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.cli.console import table
from deploy.embedded.stack import EmbeddedStack
from services.chassis.mongo import connect, ensure_indexes
from services.routing.domain.search_document import SearchDocument
from services.routing.domain.search_engine import SearchEngine
from services.routing.domain.search_words import searched
from services.routing.store.search import MongoSearch
from tests.load.search_corpus import ask, letters, mistyped
from tests.routing.documents import PU, found
from tests.servers import servers_of


@dataclass
class Figures:
    """Shares over all questions of a kind."""

    recall: float = 0.0
    precision: float = 0.0
    questions: int = 0

    def add(self, first: Sequence[str], wanted: set[str]) -> None:
        """Count one answer."""
        good = len(wanted & set(first))
        self.recall += good / min(10, len(wanted))
        self.precision += good / len(first) if first else 0.0
        self.questions += 1

    @property
    def shown(self) -> tuple[str, str]:
        """Recall and precision at ten."""
        return f"{self.recall / self.questions:.2f}", f"{self.precision / self.questions:.2f}"


def very_words(archive: Sequence[SearchDocument], text: str) -> list[str]:
    """What looking for the very words finds, the newest first."""
    asked = {word.form for word in searched(text)}
    said = (f"{one.subject} {one.sender} {one.text}" for one in archive)
    has = [one.letter_id for one, all_of_it in zip(archive, said, strict=True) if asked <= _words(all_of_it)]
    return has[::-1][:10]


def _words(text: str) -> set[str]:
    return {word.form for word in searched(text)}


async def measured(engine: SearchEngine, count: int = 1500, asked: int = 150) -> dict[str, tuple[Figures, Figures]]:
    """By kind of question, the figures of looking for the very words and those of the engine."""
    chance = random.Random(9)
    written = letters(count, chance)
    archive = [one.misread for one in written]
    await engine.index(archive)
    kinds: dict[str, Callable[[str], str]] = {
        "other forms of the words": str,
        "and one of them mistyped": lambda word: mistyped(word, chance),
        "and one of them begun": lambda word: f"{word[: max(4, len(word) * 2 // 3)]}*",
    }
    figures: dict[str, tuple[Figures, Figures]] = {}
    for name, change in kinds.items():
        plain, ours = Figures(), Figures()
        for one in chance.sample(written, asked):
            question = ask(one, chance, change)
            wanted = {other.letter.letter_id for other in written if question.about <= other.about}
            plain.add(very_words(archive, question.text.replace("*", "")), wanted)
            ours.add(await found(engine, question.text, PU, limit=10), wanted)
        figures[name] = (plain, ours)
    return figures


async def main() -> None:
    """The program."""
    with tempfile.TemporaryDirectory(prefix="lontar-quality-") as var:
        async with EmbeddedStack(var) as stack:
            await stack.start_infrastructure()
            database = connect(servers_of(stack).mongo_url, "search_quality")
            await ensure_indexes(database, MongoSearch.INDEXES)
            figures = await measured(MongoSearch(database))
    rows = [(name, *plain.shown, *ours.shown) for name, (plain, ours) in figures.items()]
    columns = ("questions", "very words: recall", "precision", "search: recall", "precision")
    table("Of the first ten", columns, rows)


if __name__ == "__main__":
    asyncio.run(main())
