"""How the running house is shown to people and operators (K12)."""

from typing import Any

import aiohttp
import pytest

from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


async def seen(house: House) -> dict[str, Any]:
    """The status by service, as a stranger is shown it."""
    async with aiohttp.ClientSession(house.stack.base_url) as http, http.get("/v1/status") as answer:
        assert answer.status == 200
        return {one["service"]: one for one in (await answer.json())["services"]}


async def test_K12_a_service_that_goes_and_comes_back_is_told_to_everybody(house: House) -> None:
    before = await until_equal(
        lambda: seen(house), lambda found: all(one["state"] == "up" for one in found.values()), pause=1
    )
    async with house.away("schedule"):
        away = await until_equal(lambda: seen(house), lambda found: found["schedule"]["state"] == "down", pause=1)
        assert away["schedule"]["since"] > before["schedule"]["since"]
        assert away["routing"] == before["routing"]
    await until_equal(lambda: seen(house), lambda found: found["schedule"]["state"] == "up", pause=1)


async def test_K12_backlog_and_parked_messages_are_numbers_for_the_administrator(house: House) -> None:
    async with house.admin() as admin:
        page = await until_equal(
            lambda: admin.get("/v1/status"),
            lambda page: all(one["numbers"]["messages_parked"] is not None for one in page["services"]),
        )
    for service in page["services"]:
        numbers = service["numbers"]
        assert numbers["backlog"] == numbers["events_pending"] + numbers["messages_waiting"]
        assert numbers["parts"]["database"] is True
