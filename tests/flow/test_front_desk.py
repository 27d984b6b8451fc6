"""The front desk, through the gateway: a receipt goes home with the sender, and its words open the public's door."""

import re
from typing import Any

import aiohttp
import pytest

from deploy.demo.client import Client, Refused
from tests.house import House
from tests.printed import codes_on, text_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


async def asked(house: House, code: str, word: str) -> tuple[int, Any]:
    """What anybody on the street is told."""
    async with (
        aiohttp.ClientSession(base_url=house.stack.base_url) as http,
        http.post(f"/v1/public/track/{code}", json={"check_word": word}) as response,
    ):
        return response.status, await response.json()


async def receipt_of(client: Client, letter_id: str) -> bytes:
    """The receipt, as soon as routing knows of the letter."""

    async def look() -> bytes:
        try:
            return await client.download(f"/v1/letters/{letter_id}/receipt.pdf")
        except Refused as refused:
            if refused.status != 404:
                raise
            return b""

    return await until_equal(look, bool, 30)


class TestReceiptAndTracking:
    async def test_K1_P8_what_is_on_the_receipt_is_all_a_sender_needs(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village:
            letter = await house.send(village)
            pdf = await receipt_of(village, letter["id"])
        [link] = codes_on(pdf)
        address, _, code = link.partition("#")
        assert (address.endswith("/lacak"), code) == (True, letter["tracking_code"])
        found = re.search(r"Kata kunci ((?:[a-z]+-\s?){3}\d{4})", text_of(pdf))
        assert found is not None
        status, told = await asked(house, code, found[1])
        assert (status, told["label"], told["units"]) == (200, "Diteruskan", ["Dinas Pekerjaan Umum"])
        assert (await asked(house, code, "sabit-gitar-dadu-1477"))[0] == 404

    async def test_K6_no_other_village_can_print_it(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village, house.person("desa.batununggul") as neighbour:
            letter = await house.send(village)
            await receipt_of(village, letter["id"])
            assert await neighbour.status_of(f"/v1/letters/{letter['id']}/receipt.pdf") == 404
