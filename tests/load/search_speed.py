"""``python -m tests.load.search_speed``: what a search costs in a large archive beside what it costs in a small one.

The engine alone, without HTTP: both archives lie in one database server and are asked in turn, as a village, an office
and a leader would ask, for common words, rare ones and several at once. Prints what indexing a letter costs, too.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop

from deploy.cli.console import say, steps, table
from deploy.embedded.stack import EmbeddedStack
from services.chassis.clock import now
from services.chassis.mongo import connect, ensure_indexes
from services.routing.domain.control import LEADERS_KEY
from services.routing.domain.search_document import SearchDocument, search_document
from services.routing.domain.search_engine import Asking
from services.routing.domain.search_query import question
from services.routing.domain.search_words import searched
from services.routing.store.search import MongoSearch
from tests.load.archive import House, archive, scanned_text
from tests.servers import servers_of

BAR = 1.5
BATCH = 200
WARM_UP = 5


@dataclass
class Archive:
    """A filled engine, what can be asked of it, and what that took."""

    size: int
    engine: MongoSearch
    words: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    subjects: list[list[str]] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)

    def learn(self, document: SearchDocument) -> None:
        """Remember what a document could be asked for, and by whom."""
        subject = [word.form for word in searched(document.subject) if len(word.form) > 3]
        self.words.update(set(subject))
        self.readers.update(key for key in document.readers if key.endswith("/trusted"))
        if len(subject) > 1 and len(self.subjects) < 2000:
            self.subjects.append(subject)


def asked(one: Archive, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """What is measured: its name, the question, and the key of whoever asks."""
    common = [word for word, _ in one.words.most_common(30)]
    rare = [word for word, count in one.words.items() if count <= 3]
    busy = [key for key, _ in one.readers.most_common(15)]
    quiet = [key for key, _ in one.readers.most_common()[-15:]]
    several = " ".join(chance.sample(chance.choice(one.subjects), 2))
    for who, key in (("village", chance.choice(quiet)), ("office", chance.choice(busy)), ("leader", LEADERS_KEY)):
        yield f"{who}, a common word", chance.choice(common), key
        yield f"{who}, a rare word", chance.choice(rare), key
        yield f"{who}, two words of a subject", several, key
        yield f"{who}, words that never meet", f"{chance.choice(rare)} {chance.choice(rare)} ", key
    yield "leader, a word misspelt", "permohnan bantuan", LEADERS_KEY
    yield "leader, a beginning", chance.choice(common)[:4], LEADERS_KEY


async def fill(one: Archive) -> float:
    """Index the archive; milliseconds a letter."""
    spent, batch = 0.0, list[SearchDocument]()
    for number, stored in enumerate(archive(House(), one.size), 1):
        document = search_document(stored.dossier.letter, scanned_text(stored))
        one.learn(document)
        batch.append(document)
        if len(batch) == BATCH or number == one.size:
            started = time.perf_counter()
            await one.engine.index(batch)
            spent += time.perf_counter() - started
            batch = []
    return spent / one.size * 1000


async def ask(one: Archive, name: str, text: str, key: str) -> None:
    """One search, timed."""
    asking = Asking(question(text), (key,), now().date())
    started = time.perf_counter()
    found = await one.engine.search(asking)
    one.seconds.setdefault(name, []).append(time.perf_counter() - started)
    one.found[name] += len(found.hits)


async def measured(sizes: tuple[int, int], rounds: int) -> list[Archive]:
    """Both archives, filled and asked in turn."""
    with tempfile.TemporaryDirectory(prefix="lontar-bench-") as var, steps(3) as progress:
        async with EmbeddedStack(var) as stack:
            progress.begin("starting the stack")
            await stack.start_infrastructure()
            archives: list[Archive] = []
            progress.finish()
            for size in sizes:
                database = connect(servers_of(stack).mongo_url, f"search_speed_{size}")
                await ensure_indexes(database, MongoSearch.INDEXES)
                archives.append(Archive(size, MongoSearch(database)))
            progress.begin("filling the archives")
            for one in archives:
                say(f"{one.size:,} letters: {await fill(one):.2f} ms to index one")
            progress.finish()
            progress.begin(f"asking, {rounds} rounds")
            chance = random.Random(5)
            for number in range(rounds + WARM_UP):
                for one in chance.sample(archives, 2):
                    for name, text, key in asked(one, chance):
                        await ask(one, name, text, key)
                        await asyncio.sleep(0)
                    if number < WARM_UP:
                        one.seconds.clear()
                        one.found.clear()
            progress.finish()
    return archives


def p95(seconds: list[float]) -> float:
    """Milliseconds."""
    return statistics.quantiles(seconds, n=20)[18] * 1000


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    small, large = uvloop.run(measured((given.small, given.large), given.rounds))
    rows = []
    for name in small.seconds:
        before, after = p95(small.seconds[name]), p95(large.seconds[name])
        medians = [statistics.median(one.seconds[name]) * 1000 for one in (small, large)]
        hits = "/".join(f"{one.found[name] / len(one.seconds[name]):.1f}" for one in (small, large))
        shown = [f"{high:.1f} ({mid:.1f})" for high, mid in zip((before, after), medians, strict=True)]
        rows.append((name, *shown, f"{after / before:.2f}", hits))
    table("Search, p95 ms (median)", ("what", f"{small.size:,}", f"{large.size:,}", "ratio", "hits"), rows)


if __name__ == "__main__":
    main()
