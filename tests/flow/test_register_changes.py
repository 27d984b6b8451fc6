"""What the register says of a letter later, through the front door and all the services behind it."""

from typing import Any

import pytest

from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import seat
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, has_status, in_box, instructed, refusal, steps, told, track_of, tracked
from tests.flow.front_desk import check_word_on, receipt_of
from tests.flow.rebuilding import rebuild
from tests.flow.test_routing_public import street
from tests.flow.test_routing_public import tracked as asked_at_the_counter
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
KABID = seat("kabid.bm").position_id
NEW = "Permohonan perbaikan talud pantai"


async def correct(client: Client, letter: Json, **changes: Any) -> Json:
    """Correct what the register says of the letter."""
    body = {"reason": "Salah ketik saat pencatatan", **changes}
    return await client._json("PATCH", f"/v1/letters/{letter['id']}", json=body)


async def void(client: Client, letter: Json) -> Json:
    """Declare its registration void."""
    return await client.post(f"/v1/letters/{letter['id']}/void", {"reason": "Terdaftar dua kali"})


async def disposition_of(client: Client, given: Json, field: str, value: object) -> Json:
    """The disposition, as soon as this is said of it."""

    async def look() -> Json | None:
        one = await client.get(f"/v1/dispositions/{given['id']}")
        return one if one[field] == value else None

    found = await until_equal(look, bool)
    assert found is not None
    return found


class TestCorrected:
    async def test_K10_a_corrected_letter_is_the_same_for_everybody_who_holds_it(
        self, house: House, cast: Cast
    ) -> None:
        village, head, kabid = await cast("desa.sekartaji", "kadis.pu", "kabid.bm")
        letter = await house.send(village, subject="Permohonan perbaikan talut pantai")
        await arrived(head, letter["id"])
        given = await dispose(head, letter["id"], instructed(KABID))
        await told(kabid, letter["id"], "disposition_received")
        await correct(village, letter, subject=NEW, letter_number="005/99/SKT/2026")
        track = await tracked(head, letter["id"], lambda one: bool(one["letter"]["subject"] == NEW))
        assert track["letter"]["letter_number"] == "005/99/SKT/2026"
        step = next(one for one in track["timeline"] if one["what"] == "corrected")
        assert step["label"] == "Data surat diperbaiki"
        assert "Perihal: “Permohonan perbaikan talut pantai” menjadi" in step["detail"]
        await disposition_of(kabid, given, "letter_subject", NEW)
        for person in (head, kabid):
            assert NEW in (await told(person, letter["id"], "letter_corrected"))["text"]

    async def test_K10_made_secret_it_is_gone_for_those_who_may_not_read_such_letters(
        self, house: House, cast: Cast
    ) -> None:
        village, head, secretary = await cast("desa.sekartaji", "kadis.pu", "sekdis.pu")
        letter = await house.send(village)
        await arrived(secretary, letter["id"])
        await told(secretary, letter["id"], "letter_addressed")
        await correct(village, letter, confidentiality="secret")
        await until_equal(lambda: secretary.status_of(f"/v1/letters/{letter['id']}/track"), lambda one: one == 404)
        assert letter["id"] not in {one["letter_id"] for one in await in_box(secretary, "inbox")}
        assert letter["id"] in {one["letter_id"] for one in await in_box(head, "inbox")}

        async def mine() -> list[str]:
            page = await secretary.get("/v1/notifications", limit="200")
            return [
                f"{one['title']} {one['text']}" for one in page["items"] if one["links"]["letter_id"] == letter["id"]
            ]

        await until_equal(mine, lambda said: bool(said) and all("alat berat" not in one for one in said))


class TestVoided:
    async def test_K10_a_void_letter_is_nobodys_work_and_everybody_who_had_it_hears_why(
        self, house: House, cast: Cast
    ) -> None:
        village, head, kabid = await cast("desa.sekartaji", "kadis.pu", "kabid.bm")
        letter = await house.send(village, subject="Permohonan yang terdaftar dua kali")
        word = check_word_on(await receipt_of(village, letter["id"]))
        await arrived(head, letter["id"])
        given = await dispose(head, letter["id"], instructed(KABID))
        await told(kabid, letter["id"], "disposition_received")
        await void(village, letter)
        track = await has_status(head, letter["id"], "void")
        assert (track["voided"]["reason"], steps(track).count("voided")) == ("Terdaftar dua kali", 1)
        assert all(one["state"] == "voided" and not one["who_must_act"] for one in track["branches"])
        await disposition_of(head, given, "state", "recalled")
        for person in (head, kabid):
            notification = await told(person, letter["id"], "letter_voided")
            assert "dengan alasan “Terdaftar dua kali”" in notification["text"]
        for box in ("inbox", "not_followed_up", "followed_up", "overdue"):
            assert letter["id"] not in {one["letter_id"] for one in await in_box(head, box)}
        assert (
            await refusal(head, f"/v1/letters/{letter['id']}/dispositions", {"recipients": [instructed(KABID)]}) == 409
        )
        branch = track["branches"][0]
        assert await refusal(head, f"/v1/branches/{branch['id']}/close", {"outcome": "noted"}) == 409
        async with street(house, "127.0.0.41") as http:
            status, answer = await asked_at_the_counter(http, letter["tracking_code"], word)
        assert (status, answer["label"], answer["units"]) == (200, "Pendaftaran dibatalkan", [])

    async def test_what_is_void_is_corrected_no_more_and_histories_say_what_is_kept(
        self, house: House, cast: Cast
    ) -> None:
        [village] = await cast("desa.sekartaji")
        letter = await house.send(village)
        await void(village, letter)
        await has_status(village, letter["id"], "void")
        with pytest.raises(Refused) as refused:
            await correct(village, letter, subject=NEW)
        assert (refused.value.status, refused.value.problem["code"]) == (409, "letter_voided")
        await house.settled()
        code, said = await rebuild(house, "--check")
        assert code == 0, said


class TestPractice:
    async def test_K15_a_practice_letter_goes_its_way_marked_and_counts_nowhere(self, house: House, cast: Cast) -> None:
        village, head, bupati = await cast("desa.sekartaji", "kadis.pu", "bupati")
        letter = await house.send(village, subject="Contoh permohonan untuk latihan", training=True)
        word = check_word_on(await receipt_of(village, letter["id"]))
        await arrived(head, letter["id"])
        title = (await told(head, letter["id"], "letter_addressed"))["title"]
        assert title.startswith("LATIHAN — Surat masuk")
        assert (await track_of(head, letter["id"]))["letter"]["training"] is True
        found = {
            wanted: {one["letter"]["id"] for one in (await bupati.get("/v1/letters", training=wanted))["items"]}
            for wanted in ("true", "false")
        }
        assert letter["id"] in found["true"]
        assert letter["id"] not in found["false"]
        async with street(house, "127.0.0.42") as http:
            _, answer = await asked_at_the_counter(http, letter["tracking_code"], word)
        assert (answer["label"], answer["training"]) == ("Surat latihan: diteruskan", True)
