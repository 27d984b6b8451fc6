"""``make bench-lists``: lists, track and search of a large archive beside those of a small one.

Both archives lie in the same database server and are asked in turn, by the same people, over HTTP. What is compared is
the 95th percentile; the bar is that the large archive costs at most one and a half times what the small one does.
"""

import argparse
import contextlib
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import uvloop

from deploy.cli.console import say, steps, table
from deploy.embedded import mongo_servers
from deploy.embedded.stack import EmbeddedStack
from services.chassis.auth import Principal
from services.chassis.run import serving
from services.chassis.service import Service
from services.routing.domain.search_document import search_document
from services.routing.main import build
from services.routing.settings import RoutingSettings
from tests.load.archive import House, archive, fill, insist, scanned_text
from tests.load.letter_corpus import Regency
from tests.servers import Servers, servers_of
from tests.signing import TokenSigner

BAR = 1.5
PAGE = {"limit": "20"}
"""A page that the small archive fills as well, for nearly every office."""
FOUND = {"limit": "10"}
"""The same of what is searched for: of twenty hits the small archive has but twelve on average, and most of an answer's
time goes into the passages that are shown of each."""
WARM_UP = 30
FILLED = "bench_filled"
"""Says that an archive is whole and names letters of it: the embedded database takes a minute to list them."""
REPORT = Path("var/bench-lists.json")
NEVER = "1000000000"
"""Nothing is dropped from the embedded database's log of changes while an archive is filled: years come within
minutes, and after some millions of entries it stands still for minutes whenever it drops the oldest."""


@dataclass
class Archive:
    """A filled service, and what is needed to ask it."""

    size: int
    house: House
    letters: list[tuple[str, str]] = field(default_factory=list)
    http: aiohttp.ClientSession | None = None
    seconds: dict[str, list[float]] = field(default_factory=dict)
    empty: Counter[str] = field(default_factory=Counter)


Ask = Callable[[Archive, random.Random], tuple[Principal, str, dict[str, str]]]


def _office(one: Archive, chance: random.Random) -> Principal:
    """Somebody of an office or village, as often as it gets letters."""
    return one.house.unit(chance.choice(one.letters)[1])


def _words(chance: random.Random, count: int) -> str:
    sent = chance.choice(SUBJECTS)
    words = [word for word in sent.split() if len(word) > 3]
    return " ".join(chance.sample(words, min(count, len(words))))


FIRST_TIME = "search, each word for the first time"
"""Of a process that has just started and has not read ahead yet: told without a bar."""
SUBJECTS = [one.subject for one in Regency(11).letters(400)]
WORDS = sorted({word for subject in SUBJECTS for word in subject.split() if len(word) > 3})
ASKED: dict[str, Ask] = {
    "inbox": lambda one, chance: (_office(one, chance), "/v1/inbox", PAGE),
    "box, followed up": lambda one, chance: (_office(one, chance), "/v1/boxes/followed_up", PAGE),
    "control list": lambda one, chance: (_office(one, chance), "/v1/letters", PAGE),
    "control list, urgent": lambda one, chance: (_office(one, chance), "/v1/letters", PAGE | {"urgency": "urgent"}),
    "control list, open": lambda one, chance: (_office(one, chance), "/v1/letters", PAGE | {"status": "routed"}),
    "control list, leader": lambda one, _: (one.house.leader, "/v1/letters", PAGE),
    "control list, leader, one unit": lambda one, chance: (
        one.house.leader,
        "/v1/letters",
        PAGE | {"unit_id": _office(one, chance).positions[0].unit_id},
    ),
    "track": lambda one, chance: (one.house.leader, f"/v1/letters/{chance.choice(one.letters)[0]}/track", {}),
    "search, one word": lambda one, chance: (_office(one, chance), "/v1/search", FOUND | {"q": _words(chance, 1)}),
    "search, two words": lambda one, chance: (_office(one, chance), "/v1/search", FOUND | {"q": _words(chance, 2)}),
    "search, leader": lambda one, chance: (one.house.leader, "/v1/search", FOUND | {"q": _words(chance, 2)}),
}


async def ask(one: Archive, signer: TokenSigner, name: str, chance: random.Random, asked: Ask | None = None) -> None:
    """One request, timed; ``asked`` where it is none of the usual."""
    assert one.http is not None
    person, path, query = (asked or ASKED[name])(one, chance)
    headers = signer.headers(person)
    started = time.perf_counter()
    async with one.http.get(path, params=query, headers=headers) as response:
        body = await response.read()
    took = time.perf_counter() - started
    ours = name == "track" and response.status == 404  # a secret letter that the leader may not read
    ours = ours or (name.startswith("search") and response.status == 422)  # nothing but words that every letter has
    if response.status != 200 and not ours:
        raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
    if response.status == 200:
        one.seconds.setdefault(name, []).append(took)
        one.empty[name] += name.startswith("search") and not json.loads(body)["items"]


@asynccontextmanager
async def opened(servers: Servers, signer: TokenSigner, size: int) -> AsyncIterator[tuple[Archive, Service]]:
    """A routing service on a database of its own, behind HTTP."""
    environment = {
        "LONTAR_MONGO_URL": servers.mongo_url,
        "LONTAR_ROUTING_MONGO_DATABASE": f"bench_lists_{size}",
        "LONTAR_AMQP_URL": servers.amqp_url,
        "LONTAR_JWKS_URL": "http://127.0.0.1:9/unused",
        "LONTAR_ROUTING_LETTER_ARRIVAL_SECONDS": "0",
    }
    service = build(RoutingSettings.load("routing", environment), signer.keys)
    if not await service.foundation.database["control_list"].find_one({}, {"_id": 1}):
        await service.prepare()  # an archive that was kept is taken as it is
    async with serving(service.app, "127.0.0.1", 0) as url, aiohttp.ClientSession(url) as http:
        yield Archive(size, House(), http=http), service


async def filled(one: Archive, service: Service, tell: Callable[[str], None]) -> None:
    """Fill the archive and its search, unless that was done before."""
    database = service.foundation.database
    whole = await database[FILLED].find_one({"_id": one.size})
    if await service.app.state.context.searching.engine.outgrown():
        raise RuntimeError("the archive that was kept was indexed by an earlier version: fill another one")
    if whole:
        tell(f"the archive of {one.size:,} letters was kept")
    else:
        await _fill(one, service, tell)
        rows = await database["branches"].find({}, {"letter_id": 1, "unit_name": 1}).to_list(20_000)
        whole = {"_id": one.size, "letters": [[row["letter_id"], row["unit_name"]] for row in rows]}
        await database[FILLED].insert_one(whole)
    one.letters = [(letter_id, unit) for letter_id, unit in whole["letters"]]


async def _read_ahead(service: Service, tell: Callable[[str], None]) -> None:
    """What routing does by itself after it has started; nobody has asked for a word yet."""
    engine, read, started = service.app.state.context.searching.engine, 0, time.perf_counter()
    while some := await engine.read_ahead():
        read += some
    tell(f"{read:,} words were read ahead in {time.perf_counter() - started:.1f} s")


async def _fill(one: Archive, service: Service, tell: Callable[[str], None]) -> None:
    engine = service.app.state.context.searching.engine
    done, started = 0, time.perf_counter()
    there = await service.foundation.database["control_list"].estimated_document_count()
    async for batch in fill(service.foundation.database, archive(one.house, one.size, first=there)):
        documents = [search_document(kept.dossier.letter, scanned_text(kept)) for kept in batch]
        await insist(lambda documents=documents: engine.index(documents))  # type: ignore[misc]
        done += len(batch)
        if done % 10_000 == 0:
            tell(f"{done:,} letters, {(time.perf_counter() - started) / done * 1000:.1f} ms each")


async def bench(small: int, large: int, rounds: int, keep: Path | None) -> list[Archive]:
    """Fill both and ask both in turn."""
    signer, chance = TokenSigner(), random.Random(5)
    with contextlib.ExitStack() as left, steps(3) as progress:
        var = keep or Path(left.enter_context(tempfile.TemporaryDirectory(prefix="lontar-bench-")))
        var.mkdir(exist_ok=True)
        mongo_servers.OPLOG_ENTRIES = mongo_servers.OPLOG_SECONDS = NEVER
        async with EmbeddedStack(var) as stack:
            progress.begin("starting the stack")
            await stack.start_infrastructure()
            servers = servers_of(stack)
            progress.finish()
            async with opened(servers, signer, small) as first, opened(servers, signer, large) as second:
                progress.begin(f"filling an archive of {small:,} letters and one of {large:,}")
                for one, service in (first, second):
                    await filled(one, service, say)
                    await _read_ahead(service, say)
                progress.finish()
                progress.begin(f"asking, {rounds} rounds")
                archives = [first[0], second[0]]
                for number in range(rounds + WARM_UP):
                    for name in ASKED:
                        for one in chance.sample(archives, 2):
                            await ask(one, signer, name, chance)
                    if number == WARM_UP - 1:
                        for one in archives:
                            one.seconds.clear()
                            one.empty.clear()
                progress.finish()
            await _each_word(archives, servers, signer, chance)
    return archives


async def _each_word(archives: list[Archive], servers: Servers, signer: TokenSigner, chance: random.Random) -> None:
    """Ask processes that have only just started for every word once."""
    small, large = archives
    async with opened(servers, signer, small.size) as first, opened(servers, signer, large.size) as second:
        fresh = [first[0], second[0]]
        for one, known in zip(fresh, archives, strict=True):
            one.letters, one.seconds, one.empty = known.letters, known.seconds, known.empty
        for word in WORDS:

            def searched(
                one: Archive, chance: random.Random, word: str = word
            ) -> tuple[Principal, str, dict[str, str]]:
                return _office(one, chance), "/v1/search", FOUND | {"q": word}

            for one in chance.sample(fresh, 2):
                await ask(one, signer, FIRST_TIME, chance, searched)


def p95(seconds: list[float]) -> float:
    """Milliseconds."""
    return statistics.quantiles(seconds, n=20)[18] * 1000


def row(name: str, small: Archive, large: Archive) -> tuple[str, ...]:
    """For the table."""
    before, after = p95(small.seconds[name]), p95(large.seconds[name])
    bar = "" if name == FIRST_TIME else f"<= {BAR:g} {'met' if after / before <= BAR else 'NOT MET'}"
    medians = (statistics.median(one.seconds[name]) * 1000 for one in (small, large))
    shown = [f"p95 {high:.1f} ms (p50 {mid:.1f})" for high, mid in zip((before, after), medians, strict=True)]
    return (name, *shown, f"{after / before:.2f}", bar)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the archives for the next time")
    parser.add_argument("--without", default="nothing", help="leave out what begins with this")
    given = parser.parse_args()
    for name in [one for one in ASKED if one.startswith(given.without)]:
        del ASKED[name]
    small, large = uvloop.run(bench(given.small, given.large, given.rounds, given.keep))
    rows = [row(name, small, large) for name in small.seconds]
    table("Lists", ("what", f"{small.size:,} letters", f"{large.size:,} letters", "ratio", "bar"), rows)
    REPORT.parent.mkdir(exist_ok=True)
    seconds = {str(one.size): one.seconds for one in (small, large)}
    REPORT.write_text(json.dumps(seconds) + "\n", encoding="utf-8")
    found = {name: 1 - large.empty[name] / len(asked) for name, asked in large.seconds.items()}
    shares = ", ".join(f"{name} {share:.0%}" for name, share in found.items() if name.startswith("search"))
    say(f"Found something, of {large.size:,} letters: {shares}.")
    say(f"Every request is in {REPORT}.")


if __name__ == "__main__":
    main()
