"""Sets of letters, made anew: which layouts, which words, and how each letter becomes a sample."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.intake.suggestions.corpus.carried import carried
from tests.intake.suggestions.corpus.drawing import typeset, wear_of, worn
from tests.intake.suggestions.corpus.kept import Sample
from tests.intake.suggestions.corpus.letters import made_letter
from tests.intake.suggestions.corpus.phrases import HELD_OUT, TUNED, Phrases
from tests.intake.suggestions.corpus.recognition import recognised

SEEN = ("classic", "ministry", "village", "office", "society", "memo", "circular", "assignment", "cover")
UNSEEN = ("unseen_left", "unseen_typewriter", "unseen_card", "unseen_frame", "unseen_decree")
FRESH = ("fresh_private", "fresh_sheet", "fresh_centre", "fresh_small")
WEIGHTS = {"classic": 3, "ministry": 3, "village": 3, "office": 2, "society": 2}
PAGES = 2


@dataclass(frozen=True)
class Set:
    """A set of letters: its layouts and its words."""

    name: str
    layouts: tuple[str, ...]
    phrases: Phrases


SETS = {
    "tuning": Set("tuning", SEEN, TUNED),
    "known": Set("known", SEEN, HELD_OUT),
    "unseen": Set("unseen", UNSEEN, HELD_OUT),
    "fresh": Set("fresh", FRESH, HELD_OUT),
}
"""``tuning`` is what the rules were written on; ``known`` has its layouts with other words; ``unseen`` neither.
``fresh`` was drawn after ``unseen`` had been looked at."""


def layout_of(chosen: Set, index: int) -> str:
    """The layout of the letter with this index; common ones come oftener."""
    turns = [one for one in chosen.layouts for _ in range(WEIGHTS.get(one, 1))]
    return turns[index % len(turns)]


def sample(chosen: Set, index: int, edition: str = "1") -> Sample:
    """One letter of a set, recognised. Another ``edition`` holds other letters."""
    seed = f"{chosen.name}/{edition}/{index}"
    letter = made_letter(f"{chosen.name}-{index:03d}", layout_of(chosen, index), chosen.phrases, seed)
    chance = random.Random(seed + "/wear")
    pages = typeset(letter.layout, letter.printed, chance)[:PAGES]
    wear = wear_of(chance)
    words = tuple(recognised(worn(page, wear, chance), number) for number, page in enumerate(pages, 1))
    return Sample(letter.name, letter.layout, wear.way, words, letter.truth)


def samples(chosen: Set, count: int, *, workers: int = 1, edition: str = "1") -> Iterator[Sample]:
    """The first ``count`` letters of a set, in order."""
    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(lambda index: sample(chosen, index, edition), range(count))


def carried_samples(chosen: Set, count: int) -> Iterator[Sample]:
    """Letters of a set that were never paper: other letters, and nothing to recognise."""
    for index in range(count):
        name = f"carried-{chosen.name}-{index:03d}"
        letter = made_letter(name, layout_of(chosen, index), chosen.phrases, f"{chosen.name}/digital/{index}")
        yield Sample(name, letter.layout, "carried", carried(letter.layout, letter.printed)[:PAGES], letter.truth)
