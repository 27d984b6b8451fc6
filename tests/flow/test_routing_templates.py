"""A regency's offices come as templates: made at once, filled with people, and worked with like any other."""

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import unit_id
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, has_status, instructed, told
from tests.flow.offices import assign, demo_unit, holds, open_office, unit
from tests.house import House

pytestmark = [pytest.mark.flow]
TEMPLATES = "/v1/organisation/templates"


async def made(admin: Client, code: str, name: str, **parameters: object) -> dict[str, Json]:
    """What a template makes below the sekda, by its label."""
    body = {"name": name, "parent_id": unit_id("setda"), "parameters": parameters}
    plan = await admin.post(f"{TEMPLATES}/{code}/apply", body)
    assert plan["errors"] == []
    return {one["label"]: one for one in plan["items"]}


class TestH1:
    async def test_H1_the_seats_of_a_regency_ship_as_templates(self, house: House) -> None:
        async with house.admin() as admin:
            shipped = {one["code"] for one in (await admin.get(TEMPLATES))["items"]}
            assert {"kabupaten", "setda", "asisten", "staf-ahli", "dinas", "badan", "bagian", "kecamatan"} <= shipped
            district = {"name": "Tegalsari", "desa": ["Sidorejo"]}
            body = {"name": "Tegalsari", "parameters": {"kecamatan": [district]}}
            plan = await admin.post(f"{TEMPLATES}/kabupaten/apply?dry_run=true", body)
        seats = {one["label"] for one in plan["items"] if one["entity"] == "position"}
        assert {
            "Bupati Tegalsari",
            "Wakil Bupati Tegalsari",
            "Sekretaris Daerah",
            "Asisten Perekonomian dan Pembangunan",
            "Staf Ahli Bidang Pemerintahan, Hukum dan Politik",
            "Kepala Dinas Kesehatan",
            "Kepala Bagian Hukum",
            "Camat Tegalsari",
            "Operator Desa Sidorejo",
        } <= seats
        assert (plan["dry_run"], plan["errors"]) == (True, [])

    async def test_H1_in_offices_made_from_templates_a_letter_goes_its_way(self, house: House, cast: Cast) -> None:
        stamp = new_id()[-6:]
        people = await open_office(house, f"Calon Pejabat {stamp}", "officer", "protocol", "aide")
        async with house.admin() as admin:
            agency = await made(admin, "dinas", f"Dinas Air {stamp}", bidang=[f"Bidang Irigasi {stamp}"])
            district = await made(admin, "kecamatan", f"Toyapakeh {stamp}", desa=[f"Pejukutan {stamp}"], seksi=[])
            seats = {
                "officer": agency[f"Kepala Dinas Air {stamp}"]["id"],
                "protocol": agency[f"Kepala Bidang Irigasi {stamp}"]["id"],
                "aide": district[f"Operator Desa Pejukutan {stamp}"]["id"],
            }
            for role, position_id in seats.items():
                await assign(admin, people[role].person_id, position_id)
            again = await admin.post(
                f"{TEMPLATES}/dinas/apply", {"name": f"Dinas Air {stamp}", "parent_id": unit_id("setda")}
            )
            assert {one["action"] for one in again["items"]} <= {"made"}
        await house.settled()
        for role, position_id in seats.items():
            await holds(house, people[role].username, position_id)
        head, section, village = [await cast.anew(people[role].username) for role in seats]
        to_agency = {"addressees": [unit(agency[f"Dinas Air {stamp}"]["id"])], "copies": [demo_unit("dinas-pu")]}
        seat = {"as_position": seats["aide"]}
        letter = await house.send(village, **to_agency, **seat)
        await arrived(head, letter["id"])
        await dispose(head, letter["id"], instructed(seats["protocol"]))
        await told(section, letter["id"], "disposition_received")
        track = await has_status(village, letter["id"], "disposed")
        assert track["letter"]["sender"]["name"] == f"Desa Pejukutan {stamp}"
