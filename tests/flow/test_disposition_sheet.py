"""The lembar disposisi, through the gateway: printed inside, verified by anybody on the street."""

import hashlib
from typing import Any

import aiohttp
import pytest

from deploy.demo.client import Client, Json
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, instructed
from tests.flow.disposition_desk import offered, patch
from tests.flow.offices import Office, open_office
from tests.house import SCAN, House, letter
from tests.printed import codes_on, text_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


@pytest.fixture(scope="module")
async def office(house: House) -> Office:
    """An office of this test's own."""
    return await open_office(house, "Dinas Perhubungan", "head", "secretary", "registrar")


async def given(head: Client, registrar: Client, office: Office, fields: Json) -> Json:
    """A letter was entered, and the head has given it to the secretary."""
    sent = await registrar.send_letter(fields, [("surat.pdf", SCAN, "application/pdf")])
    await arrived(head, sent["id"])
    await offered(head, sent["id"])
    return await dispose(head, sent["id"], instructed(office["secretary"].position_id, "pelajari", "sosialisasikan"))


async def sheet_of(client: Client, disposition: Json, number: str) -> bytes:
    """The sheet, as soon as the letter's number is known there."""

    async def look() -> bytes:
        return await client.download(f"/v1/dispositions/{disposition['id']}/sheet.pdf")

    return await until_equal(look, lambda pdf: number in text_of(pdf).replace(" ", ""))  # it may be broken in two lines


async def asked(house: House, code: str, **more: Any) -> tuple[int, Any]:
    """What anybody on the street is told."""
    async with (
        aiohttp.ClientSession(base_url=house.stack.base_url) as http,
        http.post("/v1/public/dispositions/verify", json={"code": code, **more}) as response,
    ):
        return response.status, await response.json()


class TestSheet:
    async def test_what_is_on_the_paper_is_verified_without_an_account(
        self, house: House, cast: Cast, office: Office
    ) -> None:
        head, secretary, registrar = await cast(*(office[role].username for role in ("head", "secretary", "registrar")))
        fields = letter(subject="Uji petik angkutan penyeberangan", addressees=[office.party])
        disposition = await given(head, registrar, office, fields)
        pdf = await sheet_of(secretary, disposition, fields["letter_number"])
        text = text_of(pdf)
        for part in (
            "DINAS PERHUBUNGAN",
            "LEMBAR DISPOSISI",
            "16 November 2026",
            "Uji petik angkutan penyeberangan",
            office["secretary"].title,
            office["head"].title,
            office["head"].name,
            f"NIP {office['head'].nip}" if office["head"].nip else "",
        ):
            assert part in text, part

        [link] = codes_on(pdf)
        address, _, code = link.partition("#")
        assert address == f"{house.stack.base_url}/verifikasi"
        status, told = await asked(house, code, sha256=hashlib.sha256(pdf).hexdigest())
        assert (status, told["state"], told["genuine_file"]) == (200, "unchanged", True)
        assert (told["signed_by"], told["unit"]) == (office["head"].title, "Dinas Perhubungan")
        assert fields["subject"] not in str(told)

        part = disposition["recipients"][0]["recipient_id"]
        await patch(head, f"/v1/dispositions/{disposition['id']}/recipients/{part}", {"note": "Dahulukan dermaga"})
        assert (await asked(house, code))[1]["state"] == "changed"
        assert (await asked(house, disposition["id"]))[0] == 404

    async def test_K6_another_office_prints_none(self, cast: Cast, office: Office) -> None:
        head, registrar = await cast(office["head"].username, office["registrar"].username)
        [village] = await cast("desa.sekartaji")
        disposition = await given(head, registrar, office, letter(addressees=[office.party]))
        assert await village.status_of(f"/v1/dispositions/{disposition['id']}/sheet.pdf") == 404

    async def test_the_page_the_code_leads_to_is_open(self, house: House) -> None:
        async with aiohttp.ClientSession(base_url=house.stack.base_url) as http, http.get("/verifikasi") as response:
            assert (response.status, response.content_type) == (200, "text/html")


class TestCatalogue:
    async def test_P11_H16_what_the_regency_offers_is_seen_and_kept_by_its_own(self, house: House, cast: Cast) -> None:
        [village] = await cast("desa.sekartaji")
        offered_replies = (await village.get("/v1/quick-replies", lang="ban"))["items"]
        assert offered_replies[0]["code"] == "siap"
        assert (await village.get("/v1/instructions"))["items"][3]["label"] == "Pelajari / telaah"
        assert (await village.get("/v1/disposition-form"))["form"]["title"]
