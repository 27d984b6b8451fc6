"""The track of a letter."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.context import Context
from tests.events import deliver
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_unit
from tests.routing.regency import ADMIN, Regency


class TestTrack:
    async def test_K4_the_whole_way_with_who_in_which_capacity_and_how_long(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call, context: Context
    ) -> None:
        letter = await delivered()
        head = regency.holder("head", name="Made Arya", capacity="plt")
        roads = regency.holder("roads", name="Ketut Darma")
        [branch] = await context.branches.of(letter.letter_id, None)
        await call(head, "POST", f"/v1/branches/{branch.id}/read")
        await call(head, "POST", f"/v1/branches/{branch.id}/receive")
        given = letters.issued(letter, head, recipient(regency.held("roads")), branch_id=branch.id)
        await deliver(routing, given)
        await deliver(routing, letters.disposition_read(given, roads))
        await deliver(routing, letters.replied(given, roads))
        await deliver(routing, letters.completed(given, roads))

        status, track, _ = await call(head, "GET", f"/v1/letters/{letter.letter_id}/track")
        assert (status, track["status"]) == (200, "done")
        assert [step["what"] for step in track["timeline"]] == [
            "registered",
            "delivered",
            "branch_read",
            "branch_received",
            "disposed",
            "disposition_read",
            "replied",
            "disposition_completed",
            "completed",
        ]
        disposed, _, replied = track["timeline"][4:7]
        assert disposed["label"] == "Surat didisposisikan"
        assert disposed["actor"]["display"] == "Plt. Kepala Dinas PU"
        assert disposed["actor"]["person_name"] == "Made Arya"
        expected = "Kepala Bidang Bina Marga (penanggung jawab): Pelajari / telaah, Sosialisasikan"
        assert disposed["detail"] == expected
        assert (replied["detail"], replied["unit"]) == ("Siap!", "Dinas Pekerjaan Umum")
        waits = [step["seconds_since_previous"] for step in track["timeline"]]
        assert waits[0] is None
        assert waits[1] == pytest.approx(2, abs=1.9)
        assert all(wait >= 0 for wait in waits[1:])

    async def test_K6_another_village_cannot_see_it(self, regency: Regency, delivered: Delivered, call: Call) -> None:
        letter = await delivered()
        for identifier in (letter.letter_id, new_id()):
            status, problem, _ = await call(regency.holder("neighbour"), "GET", f"/v1/letters/{identifier}/track")
            assert (status, problem["code"], problem["detail"]) == (404, "not_found", "Surat tidak ditemukan.")

    async def test_K1_the_sender_follows_it_but_not_what_is_said_inside(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        await deliver(routing, given)
        await deliver(routing, letters.replied(given, regency.holder("roads"), "Anggaran kita habis"))
        path = f"/v1/letters/{letter.letter_id}/track"
        _, track, _ = await call(regency.holder("operator"), "GET", path)
        assert [step["what"] for step in track["timeline"]] == ["registered", "delivered", "disposed", "replied"]
        assert track["timeline"][3]["actor"]["display"] == "Kepala Bidang Bina Marga"
        assert "Anggaran" not in str(track)
        for insider in ("head", "roads"):
            assert "Anggaran" in str(await call(regency.holder(insider), "GET", path))

    async def test_H5_who_must_act_and_who_coordinates(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        path = f"/v1/letters/{letter.letter_id}/track"
        _, track, _ = await call(regency.holder("head"), "GET", path)
        addressee, copy = track["branches"]
        assert {post["title"] for post in addressee["who_must_act"]} == {
            "Kepala Dinas PU",
            "Sekretaris Dinas PU",
            "Agendaris Dinas PU",
        }
        assert [post["title"] for post in copy["who_must_act"]] == ["Camat Nusa Penida"]
        recipients = (recipient(regency.held("roads")), recipient(regency.held("heavy"), responsible=False))
        await deliver(routing, letters.issued(letter, regency.holder("head"), *recipients))
        _, track, _ = await call(regency.holder("head"), "GET", path)
        assert track["status"] == "disposed"
        branch = track["branches"][0]
        assert [post["title"] for post in branch["who_must_act"]] == ["Kepala Bidang Bina Marga"]
        assert [post["title"] for post in branch["coordinating"]] == ["Pengelola Alat Berat"]

    async def test_P7_the_acting_official_is_the_one_who_must_act(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        today = now().date().isoformat()
        in_a_month = (now() + timedelta(days=30)).date().isoformat()
        for name, capacity in (("Pejabat Lama", "definitive"), ("Pejabat Sementara", "plh")):
            _, person, _ = await call(ADMIN, "POST", "/v1/people", json={"name": name})
            body = {
                "person_id": person["id"],
                "position_id": regency.positions["camat"].id,
                "capacity": capacity,
                "starts_on": today if capacity == "plh" else "2026-01-01",
                **({"ends_on": in_a_month, "legal_basis": "SPT Sekda 094/1/2026"} if capacity == "plh" else {}),
            }
            assert (await call(ADMIN, "POST", "/v1/assignments", json=body))[0] == 201
        letter = await delivered((to_unit(regency, "nusa_penida"),))
        _, track, _ = await call(regency.holder("camat"), "GET", f"/v1/letters/{letter.letter_id}/track")
        [post] = track["branches"][0]["who_must_act"]
        assert (post["person_name"], post["display"]) == ("Pejabat Sementara", "Plh. Camat Nusa Penida")

    async def test_a_right_that_arrives_while_somebody_asks_is_honoured(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call, context: Context
    ) -> None:
        patient = context.settings.model_copy(update={"letter_arrival_seconds": 30})
        routing.app.state.context = replace(context, settings=patient)
        letter = await delivered()
        asked = asyncio.ensure_future(call(regency.holder("heavy"), "GET", f"/v1/letters/{letter.letter_id}/track"))
        await asyncio.sleep(0.2)
        assert not asked.done()
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("heavy"))))
        assert (await asked)[0] == 200

    async def test_whoever_was_instructed_may_track_it(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        path = f"/v1/letters/{letter.letter_id}/track"
        assert (await call(regency.holder("heavy"), "GET", path))[0] == 404
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("heavy"))))
        assert (await call(regency.holder("heavy"), "GET", path))[0] == 200
