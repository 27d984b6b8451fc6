"""One service is down: the others work, and it catches up when it returns."""

import pytest

from deploy.demo.organisation import seat, unit_id
from tests.flow.desk import dispose
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.fault]
BUPATI = {"kind": "unit", "id": unit_id("pimpinan"), "name": "Bupati Klungkung"}
OCCASION = {
    "title": "Peresmian Embung",
    "place": "Balai Desa",
    "starts_at": "2027-01-12T09:00:00+08:00",
    "ends_at": "2027-01-12T11:00:00+08:00",
}


class TestScheduleDown:
    async def test_letters_are_registered_delivered_and_disposed_and_schedule_catches_up(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village, house.person("bupati") as leader:
            async with house.away("schedule"):
                letter = await house.send(village, category="invitation", addressees=[BUPATI], occasion=OCCASION)
                await until_equal(
                    lambda: leader.get("/v1/inbox"),
                    lambda page: any(item["letter_id"] == letter["id"] for item in page["items"]),
                )
                instructed = {"position_id": seat("sespri").position_id, "instructions": ["jadwalkan"]}
                await dispose(leader, letter["id"], instructed)
                assert await leader.status_of("/v1/schedule/requests") == 503
            await house.stack.wait_ready()
            requests = await until_equal(
                lambda: leader.get("/v1/schedule/requests"),
                lambda page: any(item["letter_id"] == letter["id"] for item in page["items"]),
            )
        [request] = [item for item in requests["items"] if item["letter_id"] == letter["id"]]
        assert request["title"] == "Peresmian Embung"
        assert await house.parked() == []
