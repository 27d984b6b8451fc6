"""A process is killed at the worst moments: every letter that got a 201 still arrives exactly once."""

import pytest

from tests.faults.conftest import Crash
from tests.house import House
from tests.waiting import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(480)]


class TestRelayKilled:
    async def test_between_commit_and_publish(self, house: House, crash: Crash) -> None:
        async with house.under_load(count=20) as load:
            await load.under_way()
            await crash("intake", "before-publish")
        await house.assert_all_arrived_once(load.accepted)

    async def test_between_publish_and_confirm(self, house: House, crash: Crash) -> None:
        async with house.under_load(count=20) as load:
            await load.under_way()
            await crash("intake", "before-confirm")
        await house.assert_all_arrived_once(load.accepted)

    async def test_of_routing_between_publish_and_confirm(self, house: House, crash: Crash) -> None:
        async with house.under_load(count=20) as load:
            await load.under_way()
            await crash("routing", "before-confirm")
        await house.assert_all_arrived_once(load.accepted)


class TestWorkerKilled:
    @pytest.mark.parametrize("service", ["routing", "notify"])
    async def test_between_handling_and_acknowledging(self, house: House, crash: Crash, service: str) -> None:
        async with house.under_load(count=20) as load:
            await load.under_way()
            await crash(service, "before-ack")
        await house.assert_all_arrived_once(load.accepted)


class TestServiceKilled:
    async def test_intake_killed_again_and_again_under_load(self, house: House) -> None:
        async with house.under_load(count=60) as load:
            await load.under_way()
            for _ in range(3):
                before = len(load.accepted)
                await house.stack.kill_part("intake")
                await until(lambda known=before: len(load.accepted) > known)  # type: ignore[misc]
        assert len(load.accepted) == 60
        await house.assert_all_arrived_once(load.accepted)
