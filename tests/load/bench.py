"""``make bench``: this system beside its floors, measured in turn in the same rounds on the same stack.

Writes ``var/bench.json`` and prints a table. One worker process a service; every figure is the median of the rounds,
and a ratio is the median of the rounds' own ratios, so a slow minute of the machine weighs on both sides.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aio_pika
import uvloop

from deploy.cli.console import say, steps, table
from deploy.demo.client import Client
from deploy.demo.seed import ensure_seeded
from deploy.embedded.stack import EmbeddedStack
from services.chassis.clock import now
from tests.house import House
from tests.load.messages import Bench
from tests.load.registration import Floor, light_load, rate, system_rate
from tests.load.villages import open_villages

SENDERS = 8
FOLLOWERS = ("routing", "disposition", "schedule", "notify")
REPORT = Path("var/bench.json")


@dataclass
class Measure:
    """One comparison: what the floor did and what the system did, round by round."""

    name: str
    unit: str
    bar: float | None
    floor: list[float] = field(default_factory=list)
    system: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Median of the rounds' ratios."""
        return statistics.median(ours / bare for ours, bare in zip(self.system, self.floor, strict=True))

    def row(self) -> tuple[str, ...]:
        """For the table."""
        bar = "" if self.bar is None else f">= {self.bar:g} {'met' if self.ratio >= self.bar else 'NOT MET'}"
        floor, ours = statistics.median(self.floor), statistics.median(self.system)
        return (self.name, f"{floor:,.0f} {self.unit}", f"{ours:,.0f} {self.unit}", f"{self.ratio:.2f}", bar)


@dataclass
class Latency:
    """Seconds, all rounds together."""

    name: str
    bar_ms: float | None
    seconds: list[float] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        """For the table."""
        p50, p95 = statistics.median(self.seconds) * 1000, statistics.quantiles(self.seconds, n=20)[18] * 1000
        bar = "" if self.bar_ms is None else f"p50 <= {self.bar_ms:g} ms {'met' if p50 <= self.bar_ms else 'NOT MET'}"
        return (self.name, "", f"p50 {p50:,.0f} ms, p95 {p95:,.0f} ms", "", bar)


@dataclass
class Results:
    """Everything measured."""

    registration: Measure = field(default_factory=lambda: Measure("registrations of a 170 KB scan", "/s", 0.6))
    alone: Measure = field(default_factory=lambda: Measure("the same, the other services stopped", "/s", None))
    relay: Measure = field(default_factory=lambda: Measure("relay against pipelined publishing", "/s", 0.7))
    consume: Measure = field(default_factory=lambda: Measure("consumer against consume and ack", "/s", None))
    to_inbox: Latency = field(default_factory=lambda: Latency("send to inbox, light load", 150))
    after_answer: Latency = field(default_factory=lambda: Latency("201 to inbox, light load", None))

    def rows(self) -> list[tuple[str, ...]]:
        """For the table."""
        measures = (self.registration, self.alone, self.relay, self.consume, self.to_inbox, self.after_answer)
        return [measure.row() for measure in measures]

    def document(self) -> dict[str, object]:
        """For the report."""
        measures = [asdict(m) | {"ratio": m.ratio} for m in (self.registration, self.alone, self.relay, self.consume)]
        latencies = [asdict(one) for one in (self.to_inbox, self.after_answer)]
        machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "at": now().isoformat()}
        return {"machine": machine, "measures": measures, "latencies": latencies}


async def bench(rounds: int, letters: int, messages: int) -> Results:
    """Run everything on a stack of its own."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="lontar-bench-") as var, steps(rounds + 2) as progress:
        async with EmbeddedStack(var) as stack:
            progress.begin("starting the stack and the villages")
            await stack.start_infrastructure()
            await stack.start_services()
            await stack.wait_ready()
            await ensure_seeded(stack.base_url, stack.admin_password, stack.layout.root)
            house = House(stack)
            senders = await open_villages(house, SENDERS)
            floor = await Floor.like(house, senders[0])
            progress.finish()
            try:
                for number in range(rounds):
                    progress.begin(f"round {number + 1} of {rounds}")
                    await _letters(house, floor, senders, letters, results)
                    await _messages(house, messages, results)
                    progress.finish()
                progress.begin("intake alone")
                await _intake_alone(house, floor, senders, rounds, letters, results)
                progress.finish()
            finally:
                for sender in senders:
                    await sender.close()
    return results


async def _letters(house: House, floor: Floor, senders: list[Client], count: int, results: Results) -> None:
    results.registration.floor.append(await rate(len(senders), count, floor.act))
    results.registration.system.append(await system_rate(senders, count))
    await house.settled(180)
    async with house.person("kadis.pu") as head:
        from_send, from_answer = await light_load(senders[0], head, 20)
    results.to_inbox.seconds += from_send
    results.after_answer.seconds += from_answer


async def _intake_alone(
    house: House, floor: Floor, senders: list[Client], rounds: int, count: int, results: Results
) -> None:
    """What accepting costs without what follows from it on the same two cores; the others catch up afterwards."""
    for name in FOLLOWERS:
        await house.stack.stop_part(name)
    for _ in range(rounds):
        results.alone.floor.append(await rate(len(senders), count, floor.act))
        results.alone.system.append(await system_rate(senders, count))
    for name in FOLLOWERS:
        await house.stack.start_part(name)


async def _messages(house: House, count: int, results: Results) -> None:
    async with await aio_pika.connect(house.servers.amqp_url) as connection:
        run = Bench(house.servers)
        channel = await run.open(connection)
        results.relay.floor.append(await run.raw_publish(channel, count))
        await run.empty(channel)
        results.relay.system.append(await run.relay(connection, count))
        results.consume.floor.append(await run.raw_consume(connection, count, prefetch=100))
        await run.fill(channel, connection, count // 4)
        results.consume.system.append(await run.consume(count // 4, concurrency=4))
        await run.close(channel)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--letters", type=int, default=240, help="registrations a round")
    parser.add_argument("--messages", type=int, default=4000, help="messages a round")
    given = parser.parse_args()
    results = uvloop.run(bench(given.rounds, given.letters, given.messages))
    table("Bench", ("what", "floor", "Lontar", "ratio", "bar"), results.rows())
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(results.document(), indent=1) + "\n", encoding="utf-8")
    say(f"Every round is in {REPORT}.")


if __name__ == "__main__":
    main()
