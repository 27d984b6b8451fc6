"""A flood of bad sign-ins from elsewhere, while people sign in."""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.auth.passwords import THREADS
from gateway.auth.throttle import COLLECTION
from services.chassis.run import serving
from tests.gateway.conftest import PASSWORD, Door, OpenDoor

FLOOD = 500
SECONDS = 5.0
"""What a person waits at most, or on a busy machine a quarter of what they would wait behind the whole flood."""
COST = {"argon2_memory_kib": 32768, "argon2_passes": 2, "argon2_lanes": 1}


@pytest.fixture
async def door(open_door: OpenDoor) -> AsyncIterator[Door]:
    """A gateway whose passwords cost what they do in earnest, behind a proxy that tells whom it forwards for."""
    async with open_door(sign_in_burst=10_000, **COST) as opened:
        await opened.account()
        app: Any = opened.gateway.service.served
        behind: Any = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1")
        async with (
            serving(behind, "127.0.0.1", 0) as url,
            aiohttp.ClientSession(url) as http,
        ):
            yield Door(opened.gateway, http, url)


async def networks(door: Door) -> set[str]:
    """Where tries that were counted came from."""
    rows = await door.gateway.service.foundation.database[COLLECTION].find({}).to_list(None)
    return {row["_id"].split()[1] for row in rows if " " in row["_id"]}


class Strangers:
    """Who signs in under names that are not there."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.statuses: Counter[int] = Counter()

    async def flood(self, addresses: int) -> None:
        """All at once, from so many addresses, each time under another name."""
        async with aiohttp.ClientSession(self._door.url, connector=aiohttp.TCPConnector(limit=0)) as http:
            await asyncio.gather(*(self._guess(http, number, number % addresses) for number in range(FLOOD)))

    async def _guess(self, http: aiohttp.ClientSession, number: int, place: int) -> None:
        headers = {"X-Forwarded-For": f"203.0.{place // 250}.{place % 250 + 1}"}
        body = {"username": f"orang{number}", "password": "tebakan-yang-salah"}
        async with http.post("/v1/auth/token", json=body, headers=headers) as answer:
            self.statuses[answer.status] += 1


async def bound(door: Door, headers: dict[str, str]) -> float:
    """How long a person may wait, as this machine is now."""
    alone = statistics.median([await person(door, headers) for _ in range(5)])
    return max(SECONDS, FLOOD * alone / THREADS / 4)


async def person(door: Door, headers: dict[str, str]) -> float:
    """How long somebody takes to sign in who comes again when they are told to."""
    began = time.monotonic()
    while True:
        body = {"username": "wayan", "password": PASSWORD}
        async with door.http.post("/v1/auth/token", json=body, headers=headers) as answer:
            if answer.status == 200:
                return time.monotonic() - began
            assert answer.status == 503, await answer.text()
            await asyncio.sleep(int(answer.headers["Retry-After"]))


class TestFlood:
    """POST /v1/auth/token, five hundred times at once."""

    @pytest.mark.parametrize("addresses", [1, FLOOD])
    async def test_a_known_device_signs_in_within_seconds(self, door: Door, addresses: int) -> None:
        known = {"Cookie": f"lontar_device={door.gateway.context.devices.token('wayan')}"}
        office = {**known, "X-Forwarded-For": "198.51.100.7"}
        longest, strangers = await bound(door, office), Strangers(door)
        flooding = asyncio.create_task(strangers.flood(addresses))
        await asyncio.sleep(0.3)
        waited = await asyncio.gather(*(person(door, office) for _ in range(3)))
        await flooding
        assert max(waited) < longest
        assert len(await networks(door)) >= min(addresses, 10)
        assert set(strangers.statuses) <= {401, 503}
        assert strangers.statuses[503] > 0

    async def test_so_does_a_person_on_a_new_device_while_one_address_floods(self, door: Door) -> None:
        office = {"X-Forwarded-For": "198.51.100.7"}
        longest, strangers = await bound(door, office), Strangers(door)
        flooding = asyncio.create_task(strangers.flood(1))
        await asyncio.sleep(0.3)
        assert await person(door, office) < longest
        await flooding
        assert strangers.statuses[401] + strangers.statuses[503] == FLOOD
