"""A server underneath goes away and comes back under load."""

import asyncio

import pytest

from tests.house import House

pytestmark = [pytest.mark.fault, pytest.mark.slow]


class TestBroker:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=60) as load:
            await load.under_way()
            await house.stack.stop_part("rabbitmq")
            before = len(load.accepted)
            await asyncio.sleep(2)
            assert len(load.accepted) > before, "letters must be accepted while the broker is away"
            await house.stack.start_part("rabbitmq")
        await house.assert_all_arrived_once(load.accepted)

    async def test_killed_under_load(self, house: House) -> None:
        async with house.under_load(count=40) as load:
            await load.under_way()
            await house.stack.kill_part("rabbitmq")
        await house.assert_all_arrived_once(load.accepted)


class TestDatabase:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=60) as load:
            await load.under_way()
            await house.stack.stop_part("mongodb")
            await asyncio.sleep(2)
            await house.stack.start_part("mongodb")
        assert len(load.accepted) == 60
        await house.assert_all_arrived_once(load.accepted)


class TestObjectStore:
    async def test_stopped_and_started_under_load(self, house: House) -> None:
        async with house.under_load(count=40) as load:
            await load.under_way()
            await house.stack.stop_part("s3")
            await asyncio.sleep(2)
            await house.stack.start_part("s3")
        assert len(load.accepted) == 40
        await house.assert_all_arrived_once(load.accepted)
