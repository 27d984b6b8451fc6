"""Two gateways as processes on one database: what was spent at one is spent at the other."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.chassis.mongo import connect
from tests.gateway.conftest import PASSWORD
from tests.gateway.test_program import environment_of, ready, started
from tests.gateway.upstream import Upstream
from tests.servers import Servers
from tests.waiting import until_equal

BURST = 200
LIMITS = {
    "LONTAR_GATEWAY_ORDINARY_PER_SECOND": "0.01",
    "LONTAR_GATEWAY_ORDINARY_BURST": str(BURST),
    "LONTAR_GATEWAY_SIGN_IN_PER_SECOND": "0.01",
    "LONTAR_GATEWAY_SIGN_IN_BURST": "5",
    "LONTAR_GATEWAY_LIMITS_SHARE_SECONDS": "0.2",
}


@pytest.fixture
async def doors(servers: Servers, upstream: Upstream) -> AsyncIterator[list[str]]:
    """The URLs of two gateways that know of each other."""
    processes, urls = [], []
    shared: dict[str, str] = {}
    for _ in range(2):
        environment, url, told_at = environment_of(servers.mongo_url, servers.amqp_url, upstream.url)
        shared = shared or environment
        own = {name: environment[name] for name in ("LONTAR_GATEWAY_PORT", "LONTAR_GATEWAY_OPERATIONS_PORT")}
        processes.append(await started({**shared, **own, **LIMITS}))
        urls.append(url)
        await ready(told_at)
    database = connect(servers.mongo_url, shared["LONTAR_GATEWAY_MONGO_DATABASE"])
    await until_equal(lambda: database.replicas.count_documents({}), lambda count: count == 2)
    await asyncio.sleep(5)  # each looks who else is there every two seconds
    yield urls
    for process in processes:
        process.kill()
        await process.wait()
    database.client.close()


async def test_limits_hold_for_both_together(doors: list[str]) -> None:
    async with aiohttp.ClientSession() as http:
        first, second = doors
        headers = {"Authorization": f"Bearer {await signed_in(http, first)}"}
        assert await let_in(http, first, headers, BURST + 1) == BURST
        given = 0
        async with asyncio.timeout(60):
            while await let_in(http, second, headers, 1):
                given += 1
                await asyncio.sleep(0.1)
        assert given < BURST // 2, "the second had all of a burst to give, and was told in time"

        guesses = [await guess(http, doors[number % 2]) for number in range(8)]
        assert guesses == [401] * 4 + [429] * 4, "the one good sign-in was counted too"


async def signed_in(http: aiohttp.ClientSession, url: str) -> str:
    async with http.post(f"{url}/v1/auth/token", json={"username": "admin", "password": PASSWORD}) as answer:
        assert answer.status == 200
        token: str = (await answer.json())["access_token"]
        return token


async def guess(http: aiohttp.ClientSession, url: str) -> int:
    body = {"username": "nobody", "password": "wrong-wrong-wrong"}
    async with http.post(f"{url}/v1/auth/token", json=body) as answer:
        return answer.status


async def let_in(http: aiohttp.ClientSession, url: str, headers: dict[str, str], count: int) -> int:
    """How many of so many requests were answered by the service."""
    passed = 0
    for _ in range(count):
        async with http.get(f"{url}/v1/inbox", headers=headers) as answer:
            assert answer.status in (200, 429)
            passed += answer.status == 200
    return passed
