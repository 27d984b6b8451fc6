"""``make bench-gateway``: the gateway beside other proxies, before the same service, in one run.

Throughput and time of a short answer with 32 connections, in rounds that take turns so that a busy machine is busy for
all; a gigabyte up and down and what memory that takes; and how long others wait while one service is dead, silent or
resetting. The peer is the least that uvicorn and aiohttp's client can be: it checks no token and counts nothing.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

import aiohttp
import uvloop

from deploy.cli.console import say, table
from deploy.embedded.stack import EmbeddedStack
from tests.gateway.bad_services import bad_service
from tests.load.gateway_faults import measure_neighbours
from tests.load.gateway_memory import BAR_BYTES, measure_memory
from tests.load.proxies import Load, Running, Tools, bare_proxy, caddy, load, service_behind, sink

PATH = "/v1/inbox"
CLIENTS = 32
GIGABYTE = 1024**3
REPORT = Path("var/bench-gateway.json")
PROFILE = Path("var/bench-gateway.profile")
"""Where ``--parts profile`` leaves what py-spy saw: collapsed stacks."""
OURS, PEER, DIRECT = "the gateway", "uvicorn and aiohttp, bare", "nginx itself"
THROUGHPUT_BAR, ADDED_BAR = 0.9, 1.3
NO_LIMIT = {
    "LONTAR_GATEWAY_ORDINARY_PER_SECOND": "1000000",
    "LONTAR_GATEWAY_ORDINARY_BURST": "10000000",
    "LONTAR_GATEWAY_MAX_RESUMABLE_BYTES": str(2 * GIGABYTE),
    "LONTAR_GATEWAY_ANSWER_TIMEOUT_SECONDS": "2",
}
"""Limits are on: they are counted and told with every answer, and are never reached here."""


async def token_of(gateway: Running, password: str) -> str:
    """An access token of the first account, as soon as there is one."""
    body = {"username": "admin", "password": password}
    async with aiohttp.ClientSession(gateway.url) as http, asyncio.timeout(60):
        while True:
            async with http.post("/v1/auth/token", json=body) as answer:
                if answer.status == 200:
                    return str((await answer.json())["access_token"])
            await asyncio.sleep(0.5)


async def measure(tools: Tools, targets: list[Running], token: str, rounds: int, seconds: int) -> dict[str, list[Load]]:
    """Every target in every round, each round in another order."""
    found: dict[str, list[Load]] = {target.name: [] for target in targets}
    for target in targets:
        await load(tools, target, PATH, token, clients=CLIENTS, seconds=1)
    for number in range(rounds):
        turned = targets[number % len(targets) :] + targets[: number % len(targets)]
        for target in turned:
            found[target.name].append(await load(tools, target, PATH, token, clients=CLIENTS, seconds=seconds))
    return found


def ratios(found: dict[str, list[Load]]) -> tuple[float, float, float]:
    """Ours to the peer's, by round and then the median: throughput, added p50, processor time."""
    rows = list(zip(found[OURS], found[PEER], found[DIRECT], strict=True))
    throughput = statistics.median(ours.per_second / peer.per_second for ours, peer, _ in rows)
    added = statistics.median((ours.p50 - direct.p50) / (peer.p50 - direct.p50) for ours, peer, direct in rows)
    cpu = statistics.median(ours.cpu_micros / peer.cpu_micros for ours, peer, _ in rows)
    return throughput, added, cpu


def show(found: dict[str, list[Load]]) -> None:
    """The medians of each."""
    rows = []
    for name, loads in found.items():
        middle = [
            statistics.median(getattr(one, field) for one in loads)
            for field in ("per_second", "p50", "p99", "cpu_micros")
        ]
        failed = sum(one.failed for one in loads)
        rows.append(
            (
                name,
                f"{middle[0]:,.0f}",
                f"{middle[1]:.2f} ms",
                f"{middle[2]:.2f} ms",
                f"{middle[3]:.0f} us",
                str(failed),
            )
        )
    heads = ("proxy", "requests/s", "p50", "p99", "processor time a request", "failed")
    table(f"{CLIENTS} connections, half a kilobyte, nginx behind (medians)", heads, rows)


async def bench(rounds: int, seconds: int, parts: set[str]) -> dict[str, object]:
    """Run everything on a stack of its own."""
    tools = Tools.unpacked()
    report: dict[str, object] = {}
    async with AsyncExitStack() as open_until_end:
        folder = Path(open_until_end.enter_context(tempfile.TemporaryDirectory(prefix="lontar-bench-")))
        behind = await open_until_end.enter_async_context(service_behind(tools, folder / "nginx", GIGABYTE))
        taker = await open_until_end.enter_async_context(sink())
        bad = await open_until_end.enter_async_context(bad_service())
        upstreams = {f"LONTAR_GATEWAY_UPSTREAM_{name}": behind.url for name in ("ROUTING", "NOTIFY", "DISPOSITION")}
        upstreams |= {"LONTAR_GATEWAY_UPSTREAM_INTAKE": taker.url, "LONTAR_GATEWAY_UPSTREAM_SCHEDULE": bad.url}
        stack = await open_until_end.enter_async_context(
            EmbeddedStack(folder / "stack", extra_environment={"gateway": upstreams | NO_LIMIT})
        )
        await stack.start_infrastructure()
        await stack.start_part("gateway")
        pid = next(part.pids[0] for part in stack.status() if part.name == "gateway")
        ours = Running(OURS, stack.base_url, pid)
        token = await token_of(ours, stack.admin_password)
        if "load" in parts:
            peer = await open_until_end.enter_async_context(bare_proxy(behind.url))
            other = await open_until_end.enter_async_context(caddy(tools, folder, behind.url))
            found = await measure(tools, [ours, peer, other, behind], token, rounds, seconds)
            show(found)
            throughput, added, cpu = ratios(found)
            say(f"Throughput {throughput:.2f} of the bare proxy's (bar: {THROUGHPUT_BAR}),", "bold")
            say(f"added p50 {added:.2f} times (bar: {ADDED_BAR}), processor time {cpu:.2f} times.", "bold")
            report |= {"loads": {name: [asdict(one) for one in loads] for name, loads in found.items()}}
            report |= {"throughput": throughput, "added_p50": added, "cpu": cpu}
            report["met"] = throughput >= THROUGHPUT_BAR and added <= ADDED_BAR
        if "profile" in parts:
            profiling = await asyncio.create_subprocess_exec(
                *("py-spy", "record", "--gil", "-f", "raw", "-r", "400"),
                *("-d", str(seconds), "-o", str(PROFILE), "-p", str(pid)),
            )
            await load(tools, ours, PATH, token, clients=CLIENTS, seconds=seconds)
            await profiling.wait()
        if "memory" in parts:
            runs = await measure_memory(ours, token, GIGABYTE)
            heads = ("a gigabyte", "rate", "the gateway grew by")
            table(f"Memory (bar: {BAR_BYTES >> 20} MiB)", heads, [run.row() for run in runs])
            report["memory"] = [asdict(run) | {"met": run.met} for run in runs]
        if "faults" in parts:
            faults = await measure_neighbours(ours, token, bad)
            shown = ("one service is", "others' p50", "others' p95", "to p95 before", "it answered", "p95 of its 503")
            table("The others while one service fails", shown, [one.row() for one in faults])
            report["faults"] = [asdict(one) for one in faults]
    return report


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--parts", default="load,memory,faults")
    given = parser.parse_args()
    report = uvloop.run(bench(given.rounds, given.seconds, set(given.parts.split(","))))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    say(f"Every round is in {REPORT}.")


if __name__ == "__main__":
    main()
