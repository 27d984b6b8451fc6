"""The front desk, through the gateway: a receipt goes home with the sender, and its words open the public's door."""

from typing import Any

import aiohttp
import pytest

from tests.flow.front_desk import check_word_on, receipt_of
from tests.house import House
from tests.printed import codes_on

pytestmark = [pytest.mark.flow]


async def asked(house: House, code: str, word: str) -> tuple[int, Any]:
    """What anybody on the street is told."""
    async with (
        aiohttp.ClientSession(base_url=house.stack.base_url) as http,
        http.post(f"/v1/public/track/{code}", json={"check_word": word}) as response,
    ):
        return response.status, await response.json()


class TestReceiptAndTracking:
    async def test_K1_P8_what_is_on_the_receipt_is_all_a_sender_needs(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village:
            letter = await house.send(village)
            pdf = await receipt_of(village, letter["id"])
        [link] = codes_on(pdf)
        address, _, code = link.partition("#")
        assert (address.endswith("/lacak"), code) == (True, letter["tracking_code"])
        status, told = await asked(house, code, check_word_on(pdf))
        assert (status, told["label"], told["units"]) == (200, "Diteruskan", ["Dinas Pekerjaan Umum"])
        assert (await asked(house, code, "sabit-gitar-dadu-1477"))[0] == 404

    async def test_K6_no_other_village_can_print_it(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village, house.person("desa.batununggul") as neighbour:
            letter = await house.send(village)
            await receipt_of(village, letter["id"])
            assert await neighbour.status_of(f"/v1/letters/{letter['id']}/receipt.pdf") == 404
