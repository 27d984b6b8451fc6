"""Routing rules: they propose where a letter should go and say why, and once switched to it bring it there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.demo.client import Json
from deploy.demo.organisation import unit_id
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import arrived, branch_to, remove, told, track_of, tracked
from tests.house import House

pytestmark = [pytest.mark.flow]


@asynccontextmanager
async def rule(house: House, word: str, mode: str) -> AsyncIterator[Json]:
    """A rule for the length of the block: letters about ``word`` are for the health office too."""
    about = {
        "name": f"Urusan {word} {new_id()[-6:]}",
        "mode": mode,
        "conditions": {"words": [word], "words_in": ["subject"]},
        "destinations": [{"role": "copy", "kind": "unit", "id": unit_id("dinkes")}],
    }
    async with house.admin() as admin:
        made = await admin.post("/v1/routing-rules", about)
        try:
            yield made
        finally:
            await remove(admin, f"/v1/routing-rules/{made['id']}")


class TestRules:
    async def test_B6_a_rule_proposes_an_office_and_says_why(self, house: House, cast: Cast) -> None:
        village, health = await cast("desa.sekartaji", "kadis.kes")
        async with rule(house, "stunting", "propose") as made:
            asked = {"kind": "Surat Permohonan", "subject": "Permohonan bantuan penanganan stunting"}
            [proposed] = (await village.post("/v1/proposals", asked))["items"]
            assert (proposed["party"]["id"], proposed["role"]) == (unit_id("dinkes"), "copy")
            assert made["name"] in proposed["reasons"][0]
            assert "stunting" in proposed["reasons"][0]
            letter = await house.send(village, subject=asked["subject"])
            track = await tracked(village, letter["id"], lambda one: bool(one["branches"]))
            assert [branch["unit"]["id"] for branch in track["branches"]] == [unit_id("dinas-pu")]
            further = (await village.get(f"/v1/letters/{letter['id']}/proposals"))["items"]
            assert [one["party"]["id"] for one in further] == [unit_id("dinkes")]
        assert await health.status_of(f"/v1/letters/{letter['id']}/track") == 404

    async def test_B6_switched_to_automatic_it_brings_the_letter_there_and_says_by_which_rule(
        self, house: House, cast: Cast
    ) -> None:
        village, health = await cast("desa.sekartaji", "kadis.kes")
        async with rule(house, "imunisasi", "automatic") as made:
            letter = await house.send(village, subject="Jadwal imunisasi balita")
            secret = await house.send(village, subject="Jadwal imunisasi balita", confidentiality="secret")
            branch = await arrived(health, letter["id"], "copies")
            assert branch["rule"] == made["name"]
            assert made["name"] in (await told(health, letter["id"], "letter_copied"))["text"]
            assert branch_to(await track_of(village, letter["id"]), unit_id("dinkes"))["role"] == "copy"
            await tracked(village, secret["id"], lambda one: bool(one["branches"]))
        assert await health.status_of(f"/v1/letters/{secret['id']}/track") == 404, "a rule widens nothing secret"
