"""A letter goes to leaders, offices and parties outside at once; each way is followed by itself."""

import pytest

from deploy.demo.client import Json
from deploy.demo.organisation import seat, unit_id
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, branch_to, has_status, in_box, told, track_of, tracked
from tests.flow.offices import demo_unit
from tests.house import House

pytestmark = [pytest.mark.flow]
PROVINCE = "BPBD Provinsi Bali"


def to_everybody() -> Json:
    """The regent's office, an agency and somebody outside."""
    return {"addressees": [demo_unit("pimpinan"), demo_unit("dinkes"), {"kind": "external", "name": PROVINCE}]}


class TestK5:
    async def test_K5_one_letter_reaches_bupati_opd_and_a_party_outside(self, house: House, cast: Cast) -> None:
        village, bupati, agency = await cast("desa.sekartaji", "bupati", "kadis.kes")
        letter = await house.send(village, direction="outgoing", **to_everybody())
        await act(bupati, await arrived(bupati, letter["id"]), "close", outcome="policy")
        await act(agency, await arrived(agency, letter["id"]), "close", outcome="noted")
        outward = await arrived(village, letter["id"], "dispatch")
        assert (outward["external_name"], outward["unit"]["id"]) == (PROVINCE, unit_id("sekartaji"))
        track = await tracked(village, letter["id"], lambda one: bool(one["outcome"] is None))
        assert track["status"] != "done", "the province has not got it yet"
        [waiting] = [one for one in track["branches"] if one["who_must_act"]]
        assert [post["position_id"] for post in waiting["who_must_act"]] == [seat("desa.sekartaji").position_id]
        await act(village, outward, "close", outcome="noted", note="Dikirim lewat pos tercatat.")
        assert (await has_status(village, letter["id"], "done"))["outcome"] == "policy"
        assert letter["id"] not in {one["letter_id"] for one in await in_box(village, "dispatch")}
        assert letter["id"] in {one["letter_id"] for one in await in_box(village, "done")}

    async def test_K5_nobody_but_its_sender_sends_it_out(self, house: House, cast: Cast) -> None:
        village, agency = await cast("desa.sekartaji", "kadis.kes")
        letter = await house.send(village, direction="outgoing", **to_everybody())
        await arrived(agency, letter["id"])
        outward = await arrived(village, letter["id"], "dispatch")
        done = await agency.post("/v1/branches/acts", {"act": "close", "branch_ids": [outward["id"]]})
        assert [(one["status"], one["problem"]["code"]) for one in done["items"]] == [(403, "forbidden")]
        assert (await track_of(village, letter["id"]))["status"] == "routed"

    async def test_K5_a_letter_to_the_bupati_alone_is_for_the_bupati_and_not_for_the_whole_office(
        self, house: House, cast: Cast
    ) -> None:
        village, bupati, aide = await cast("desa.sekartaji", "bupati", "ajudan")
        position = {"kind": "position", "id": seat("bupati").position_id}
        letter = await house.send(village, addressees=[position])
        branch = await arrived(bupati, letter["id"])
        assert (branch["position_title"], branch["unit"]["id"]) == ("Bupati Klungkung", unit_id("pimpinan"))
        await told(bupati, letter["id"], "letter_addressed")
        assert await aide.status_of(f"/v1/letters/{letter['id']}/track") == 404


class TestDistributionLists:
    async def test_K5_a_list_of_the_office_fills_in_addressees_and_copies(self, house: House, cast: Cast) -> None:
        registrar, agency, camat = await cast("tu.pu", "kadis.kes", "camat.np")
        members = [
            {"kind": "unit", "id": unit_id("dinkes"), "role": "addressee"},
            {"kind": "unit", "id": unit_id("nusa-penida"), "role": "copy"},
        ]
        about = {"name": f"Mitra Dinas PU {new_id()[-6:]}", "owner_unit_id": unit_id("dinas-pu"), "members": members}
        made = await registrar.post("/v1/distribution-lists", about)
        parties = await registrar.get(f"/v1/distribution-lists/{made['id']}/parties")
        named = {
            role: [{k: one[k] for k in ("kind", "id")} for one in parties[role]] for role in ("addressees", "copies")
        }
        letter = await house.send(registrar, direction="outgoing", **named)
        assert (await arrived(agency, letter["id"]))["role"] == "addressee"
        assert (await arrived(camat, letter["id"], "copies"))["role"] == "copy"
        track = await track_of(registrar, letter["id"])
        assert branch_to(track, unit_id("dinkes"))["due_at"] is not None
