"""Both villages' worlds, and what the one heard and counted while the letters of the other moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from deploy.demo.client import Client, Json
from tests.flow.cast import Cast
from tests.flow.isolation.asking import Request, ask
from tests.flow.isolation.operations import Operation, operations
from tests.flow.isolation.traces import read_traces
from tests.flow.isolation.unregistered import bring, seen_to
from tests.flow.isolation.village import BATUNUNGGUL, SEKARTAJI, Village
from tests.flow.isolation.world import Story, World, build
from tests.house import House
from tests.waiting import until_equal

FIGURES_SECONDS = 2.5
"""Letters are measured and months are counted a second after one another."""
WHEN_ASKED = {"at": None, "counted_at": None}
COUNTS = (
    "/v1/boxes",
    "/v1/figures/steps",
    "/v1/figures/outcomes",
    "/v1/figures/backlog",
    "/v1/figures/adoption",
    "/v1/letters",
    "/v1/register",
    "/v1/books",
    "/v1/drafts",
    "/v1/batches",
    "/v1/notifications",
)


@dataclass
class Both:
    """The worlds by village, and what was noticed while each was made: by the bystander and by its owner."""

    operations: dict[str, Operation]
    worlds: dict[Village, World] = field(default_factory=dict)
    heard: dict[tuple[Village, Village], list[str]] = field(default_factory=dict)
    """What (who listened, whose letters moved)."""
    counted: dict[tuple[Village, Village], tuple[Json, Json]] = field(default_factory=dict)
    """What (who counted, whose letters moved): before and after."""


async def build_both(house: House, cast: Cast) -> Both:
    """One after the other, each watched by the other village."""
    [someone] = await cast("bupati")
    both = Both(operations(await someone.get("/v1/openapi.json")))
    await house.settled()
    villages = (SEKARTAJI, BATUNUNGGUL)
    clients = await cast(*(one.username for one in villages))
    before = await asyncio.gather(*map(counts, clients))
    for village in villages:
        async with AsyncExitStack() as ears:
            for who, client in zip(villages, clients, strict=True):
                both.heard[who, village] = await ears.enter_async_context(listening(client))
            both.worlds[village] = await _made(Story(house, cast, World(village)))
            await until_equal(lambda known=both.heard[village, village]: _copy(known), bool)  # type: ignore[misc]
            await asyncio.sleep(1)
        await read_traces(house, cast, both.worlds[village])
        after = await asyncio.gather(*map(counts, clients))
        both.counted |= {(who, village): (before[i], after[i]) for i, who in enumerate(villages)}
        before = after
    return both


async def _made(story: Story) -> World:
    await bring(story)
    await build(story)
    await seen_to(story)
    return story.world


@asynccontextmanager
async def listening(client: Client) -> AsyncIterator[list[str]]:
    """What the stream tells while the block runs."""
    heard: list[str] = []
    async with client.listening("/v1/notifications/stream") as told:

        async def note() -> None:
            async for one in told:
                heard.append(str(one))  # noqa: PERF401 - looked at while it grows

        ear = asyncio.create_task(note())
        try:
            yield heard
        finally:
            ear.cancel()


async def counts(client: Client) -> Json:
    """Every number and list of one's own, once they no longer change by what was done before."""

    async def look() -> Json:
        answers = {path: await ask(client, Request("counts", "GET", path)) for path in COUNTS}
        assert {answer.status for answer in answers.values()} == {200}
        return {path: {**answer.body, **WHEN_ASKED} for path, answer in answers.items()}

    seen, alike = await look(), 0
    async with asyncio.timeout(120):
        while alike < 2:  # a busy machine may measure them a little later than it should
            await asyncio.sleep(FIGURES_SECONDS)
            later = await look()
            seen, alike = later, alike + 1 if later == seen else 0
    return seen


async def _copy(heard: list[str]) -> list[str]:
    return list(heard)
