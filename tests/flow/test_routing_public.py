"""The public's door: a code and its check word show a coarse status, and nothing can be guessed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from deploy.demo.organisation import seat
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, dispose, has_status, instructed
from tests.flow.front_desk import check_word_on, receipt_of
from tests.flow.offices import demo_unit
from tests.house import House

pytestmark = [pytest.mark.flow]
TOLD = {"state", "label", "changed_on", "units", "training"}


@asynccontextmanager
async def street(house: House, address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside, who comes from an address of their own, so that others' tries are not counted as theirs."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0))
    async with aiohttp.ClientSession(base_url=house.stack.base_url, connector=connector) as http:
        yield http


async def tracked(http: aiohttp.ClientSession, code: str, word: str) -> tuple[int, Any]:
    """What is answered."""
    async with http.post(f"/v1/public/track/{code}", json={"check_word": word}) as response:
        return response.status, {**await response.json(), "instance": None}


class TestPublicTracking:
    async def test_K1_the_sender_sees_how_far_it_is_and_nothing_else(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village, subject="Permohonan perbaikan dermaga")
        word = check_word_on(await receipt_of(village, letter["id"]))
        code = letter["tracking_code"]
        async with street(house, "127.0.0.21") as http:
            status, told = await tracked(http, code, word)
            assert (status, told["state"], told["units"]) == (200, "forwarded", ["Dinas Pekerjaan Umum"])
            branch = await arrived(head, letter["id"])
            await dispose(head, letter["id"], instructed(seat("kabid.bm").position_id, note="Cek dermaga"))
            await has_status(head, letter["id"], "disposed")
            status, told = await tracked(http, code.lower().replace("-", ""), word.upper())
            assert (status, told["label"]) == (200, "Sedang diproses")
            assert set(told) - {"instance"} == TOLD
            assert branch["id"] not in str(told)

    async def test_of_a_confidential_letter_not_even_the_offices_are_told(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village, confidentiality="secret")
        word = check_word_on(await receipt_of(village, letter["id"]))
        await act(head, await arrived(head, letter["id"]), "redirect", reason="Bukan kami", to=demo_unit("dinkes"))
        async with street(house, "127.0.0.22") as http:
            status, told = await tracked(http, letter["tracking_code"], word)
        assert (status, told["state"], told["units"]) == (200, "in_progress", [])

    async def test_codes_cannot_be_told_from_no_codes_and_words_cannot_be_tried_out(
        self, house: House, cast: Cast
    ) -> None:
        [village] = await cast("desa.sekartaji")
        letter = await house.send(village)
        word = check_word_on(await receipt_of(village, letter["id"]))
        for address, code in (("127.0.0.23", letter["tracking_code"]), ("127.0.0.24", "XXXX-XXXX-XXXX")):
            async with street(house, address) as http:
                answers = [await tracked(http, code, f"sabit-gitar-dadu-{1000 + number}") for number in range(11)]
            assert [status for status, _ in answers] == [404] * 10 + [429], code
            assert {str(told) for _, told in answers[:10]} == {str(answers[0][1])}
        async with street(house, "127.0.0.23") as guesser, street(house, "127.0.0.25") as sender:
            status, told = await tracked(guesser, letter["tracking_code"], word)
            assert (status, told["code"]) == (429, "too_many_attempts"), "who has guessed too often must wait"
            assert (await tracked(sender, letter["tracking_code"], word))[0] == 200, "and nobody else"

    async def test_one_address_does_not_go_through_many_codes(self, house: House) -> None:
        async with street(house, "127.0.0.26") as http:
            answers = [await tracked(http, f"ABCD-EFGH-{number:04}", "sabit-gitar-dadu-1477") for number in range(22)]
        assert [status for status, _ in answers] == [404] * 20 + [429] * 2
