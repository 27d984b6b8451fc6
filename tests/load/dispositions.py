"""``make bench-dispositions``: disposing beside its floor, and boxes of a large archive beside those of a small one.

Issuing to ten recipients is compared with the bare writes it makes, in one transaction on the same server: at most
twice as long. Boxes and counts are asked over HTTP in two archives in turn: the 95th percentile in the large one is at
most one and a half times that in the small one. What is searched for is answered within a second and a little more,
with a cursor to go on from.
"""

import argparse
import contextlib
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import uvloop

from deploy.cli.console import say, steps, table
from deploy.embedded.stack import EmbeddedStack
from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.run import serving
from services.chassis.service import Service
from services.disposition.commands.list_boxes import PATIENCE_SECONDS
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.load.disposition_archive import CODES, archive, count, fill, offices, person
from tests.load.disposition_floor import Issuing
from tests.servers import Servers, servers_of
from tests.signing import TokenSigner

BAR = 1.5
ISSUE_BAR = 2.0
PAGE = {"limit": "20"}
WARM_UP = 80
REPORT = Path("var/bench-dispositions.json")
HOUSE = offices()


@dataclass
class Archive:
    """A filled service behind HTTP, and how long it took to answer."""

    size: int
    http: aiohttp.ClientSession
    seconds: dict[str, list[float]] = field(default_factory=dict)


Ask = Callable[[random.Random], tuple[HeldPosition, str, dict[str, str]]]


def _box(box: str, **query: str) -> Ask:
    """A box of the head of some office."""
    return lambda chance: (chance.choice(HOUSE).head, "/v1/dispositions", PAGE | {"box": box} | query)


def _received(box: str) -> Ask:
    """A box of somebody who is given work."""
    return lambda chance: (chance.choice(chance.choice(HOUSE).staff), "/v1/dispositions", PAGE | {"box": box})


ASKED: dict[str, Ask] = {
    "given": _box("given"),
    "given, waiting": _box("waiting"),
    "given, answered": _box("answered"),
    "given, done": _box("given_done"),
    "given, half a year ago": _box("given", to=(now() - timedelta(days=180)).date().isoformat()),
    "received": _received("received"),
    "received, new": _received("new"),
    "received, to do": _received("to_do"),
    "received, done": _received("done"),
    "counts, head": lambda chance: (chance.choice(HOUSE).head, "/v1/dispositions/counts", {}),
    "counts, staff": lambda chance: (chance.choice(chance.choice(HOUSE).staff), "/v1/dispositions/counts", {}),
    "search, instruction": lambda chance: _box("given", instruction=chance.choice(CODES))(chance),
    "search, words": lambda chance: _box("given", q=chance.choice(("bantuan", "jalan", "camat besok", "musrenbang")))(
        chance
    ),
    "search, person": lambda chance: _box("given", person=f"bidang {chance.randint(0, 7)}")(chance),
    "search, nothing there": lambda chance: _box("given", q="xyzzy")(chance),
}


async def ask(one: Archive, signer: TokenSigner, name: str, chance: random.Random) -> None:
    """One request, timed."""
    position, path, query = ASKED[name](chance)
    headers = signer.headers(person(position))
    started = time.perf_counter()
    async with one.http.get(path, params=query, headers=headers) as response:
        body = await response.read()
    one.seconds.setdefault(name, []).append(time.perf_counter() - started)
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")


@asynccontextmanager
async def opened(servers: Servers, signer: TokenSigner, name: str) -> AsyncIterator[tuple[Service, str]]:
    """A disposition service on a database of its own, behind HTTP."""
    environment = {
        "LONTAR_MONGO_URL": servers.mongo_url,
        "LONTAR_DISPOSITION_MONGO_DATABASE": f"bench_dispositions_{name}",
        "LONTAR_AMQP_URL": servers.amqp_url,
        "LONTAR_JWKS_URL": "http://127.0.0.1:9/unused",
    } | {f"LONTAR_S3_{key.upper()}": value for key, value in servers.s3.items()}
    service = build(DispositionSettings.load("disposition", environment), signer.keys)
    if not await service.foundation.database["dispositions"].find_one({}, {"_id": 1}):
        await service.prepare()  # an archive that was kept is taken as it is
    async with serving(service.app, "127.0.0.1", 0) as url:
        yield service, url


async def filled(service: Service, size: int) -> None:
    """Fill the archive, unless that was done before."""
    database = service.foundation.database
    there = await database["dispositions"].estimated_document_count()
    done, started = there, time.perf_counter()
    async for written in fill(database, archive(HOUSE, size, first=there)):
        done += written
        if done % 10_000 == 0:
            say(f"{done:,} dispositions, {(time.perf_counter() - started) / (done - there) * 1000:.1f} ms each")
    if done > there:
        await count(database, HOUSE)


async def asked(servers: Servers, sizes: tuple[int, int], rounds: int) -> list[Archive]:
    """Fill both archives and ask both in turn."""
    signer, chance = TokenSigner(), random.Random(5)
    async with contextlib.AsyncExitStack() as open_now:
        archives = []
        for size in sizes:
            service, url = await open_now.enter_async_context(opened(servers, signer, str(size)))
            await filled(service, size)
            http = await open_now.enter_async_context(aiohttp.ClientSession(url))
            archives.append(Archive(size, http))
        searches = [name for name in ASKED if name.startswith("search")]
        for names in ([name for name in ASKED if name not in searches], searches):
            for number in range(rounds + WARM_UP):
                for name in chance.sample(names, len(names)):  # what follows what is left to chance
                    for one in chance.sample(archives, 2):
                        await ask(one, signer, name, chance)
                if number == WARM_UP - 1:  # by now memories are warm, as in a house that is at work
                    for name, one in itertools.product(names, archives):
                        one.seconds[name].clear()
    return archives


async def issued(servers: Servers, rounds: int) -> Issuing:
    """Issue to ten recipients, and write what that writes, in turn."""
    signer = TokenSigner()
    async with opened(servers, signer, "issue") as (service, url), aiohttp.ClientSession(url) as http:
        issuing = await Issuing.furnished(service, http, signer)
        await issuing.measure(rounds)
        return issuing


async def bench(small: int, large: int, rounds: int, keep: Path | None) -> tuple[Issuing, list[Archive]]:
    """Everything, on a stack of its own."""
    with contextlib.ExitStack() as left, steps(3) as progress:
        var = keep or Path(left.enter_context(tempfile.TemporaryDirectory(prefix="lontar-bench-")))
        var.mkdir(exist_ok=True)
        async with EmbeddedStack(var) as stack:
            progress.begin("starting the stack")
            await stack.start_infrastructure()
            servers = servers_of(stack)
            progress.finish()
            progress.begin(f"issuing to ten recipients, {rounds} rounds")
            issuing = await issued(servers, rounds)
            progress.finish()
            progress.begin(f"boxes of {small:,} and of {large:,} dispositions, {rounds} rounds")
            archives = await asked(servers, (small, large), rounds)
            progress.finish()
    return issuing, archives


def p95(seconds: list[float]) -> float:
    """Milliseconds."""
    return statistics.quantiles(seconds, n=20)[18] * 1000


def row(name: str, small: Archive, large: Archive) -> tuple[str, ...]:
    """For the table. A search is bounded by time, everything else by what the small archive takes."""
    before, after = p95(small.seconds[name]), p95(large.seconds[name])
    medians = (statistics.median(one.seconds[name]) * 1000 for one in (small, large))
    shown = [f"p95 {high:.1f} ms (p50 {mid:.1f})" for high, mid in zip((before, after), medians, strict=True)]
    if name.startswith("search"):
        most = PATIENCE_SECONDS * 1000 * BAR
        return (name, *shown, f"{after / before:.2f}", f"<= {most:.0f} ms {'met' if after <= most else 'NOT MET'}")
    return (name, *shown, f"{after / before:.2f}", f"<= {BAR:g} {'met' if after / before <= BAR else 'NOT MET'}")


def issue_row(issuing: Issuing) -> tuple[str, ...]:
    """For the table."""
    floor, ours = (statistics.median(one) * 1000 for one in (issuing.floor, issuing.system))
    met = "met" if issuing.ratio <= ISSUE_BAR else "NOT MET"
    return ("issue to ten", f"{floor:.1f} ms", f"{ours:.1f} ms", f"{issuing.ratio:.2f}", f"<= {ISSUE_BAR:g} {met}")


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the archives for the next time")
    given = parser.parse_args()
    issuing, (small, large) = uvloop.run(bench(given.small, given.large, given.rounds, given.keep))
    table("Issuing", ("what", "floor", "Lontar", "ratio", "bar"), [issue_row(issuing)])
    rows = [row(name, small, large) for name in ASKED]
    table("Boxes", ("what", f"{small.size:,} dispositions", f"{large.size:,} dispositions", "ratio", "bar"), rows)
    REPORT.parent.mkdir(exist_ok=True)
    seconds = {str(one.size): one.seconds for one in (small, large)}
    report = {"boxes": seconds, "issue": {"floor": issuing.floor, "system": issuing.system}}
    REPORT.write_text(json.dumps(report) + "\n", encoding="utf-8")
    say(f"Every request is in {REPORT}.")


if __name__ == "__main__":
    main()
