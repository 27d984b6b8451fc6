"""A server underneath goes away and comes back under load."""

import asyncio

import pytest

from tests.house import House

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(480)]
AWAY_SECONDS = 2.0


class TestBroker:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=60) as load, house.person("desa.sekartaji") as village:
            await load.under_way()
            async with house.away("rabbitmq"):
                meanwhile = [(await house.send(village))["id"] for _ in range(5)]
        await house.assert_all_arrived_once([*load.accepted, *meanwhile])

    async def test_killed_under_load(self, house: House) -> None:
        async with house.under_load(count=40) as load:
            await load.under_way()
            await house.stack.kill_part("rabbitmq")
        await house.assert_all_arrived_once(load.accepted)


class TestDatabase:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=60) as load:
            await load.under_way()
            async with house.away("mongodb"):
                await asyncio.sleep(AWAY_SECONDS)
        assert len(load.accepted) == 60
        await house.assert_all_arrived_once(load.accepted)


class TestObjectStore:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=40) as load:
            await load.under_way()
            async with house.away("s3"):
                await asyncio.sleep(AWAY_SECONDS)
        assert len(load.accepted) == 40
        await house.assert_all_arrived_once(load.accepted)
