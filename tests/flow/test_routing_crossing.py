"""A letter crosses offices: redirected, forwarded, returned, taken back; everybody concerned follows one track."""

import asyncio

import pytest

from deploy.demo.client import Refused
from deploy.demo.organisation import unit_id
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, branch_to, has_status, in_box, steps, told, track_of, tracked
from tests.flow.offices import demo_unit
from tests.house import House

pytestmark = [pytest.mark.flow]


class TestB6:
    async def test_B6_redirected_returned_and_sent_elsewhere_a_letter_keeps_one_track_that_all_share(
        self, house: House, cast: Cast
    ) -> None:
        village, roads, health, sekda = await cast("desa.sekartaji", "kadis.pu", "kadis.kes", "sekda")
        letter = await house.send(village, subject="Permohonan ambulans laut")
        first = await arrived(roads, letter["id"])
        await act(roads, first, "redirect", reason="Urusan kesehatan", to=demo_unit("dinkes"))
        second = await arrived(health, letter["id"])
        await told(village, letter["id"], "letter_redirected")
        assert letter["id"] not in {one["letter_id"] for one in await in_box(roads, "inbox")}
        await act(health, second, "return", reason="Lampiran belum ditandatangani perbekel")
        back = await arrived(village, letter["id"], "returned")
        assert back["returned"]["reason"] == "Lampiran belum ditandatangani perbekel"
        await told(village, letter["id"], "letter_returned")
        assert (await track_of(village, letter["id"]))["status"] == "returned"
        await act(village, back, "redirect", reason="Mohon arahan", to=demo_unit("setda"))
        third = await arrived(sekda, letter["id"])
        await act(sekda, third, "close", outcome="decision")
        crossed = [
            "registered",
            "delivered",
            "branch_redirected",
            "branch_returned",
            "branch_redirected",
            "branch_read",
        ]
        for person in (village, roads, health, sekda):
            track = await has_status(person, letter["id"], "done")
            assert steps(track)[:6] == crossed
            assert [
                (one["unit"]["name"], one["state"]) for one in sorted(track["branches"], key=lambda b: str(b["id"]))
            ] == [
                ("Dinas Pekerjaan Umum", "redirected"),
                ("Dinas Kesehatan", "redirected"),
                ("Sekretariat Daerah", "done"),
            ]

    async def test_B6_an_office_brings_in_another_one_and_both_must_be_done(self, house: House, cast: Cast) -> None:
        village, roads, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        letter = await house.send(village)
        first = await arrived(roads, letter["id"])
        further = {"addressees": [demo_unit("dinkes")], "copies": [demo_unit("nusa-penida")], "note": "Mohon bantuan"}
        await roads.post(f"/v1/letters/{letter['id']}/forward", further)
        second = await arrived(health, letter["id"])
        await told(health, letter["id"], "letter_forwarded")
        await act(roads, first, "close")
        assert (await track_of(village, letter["id"]))["status"] == "in_progress"
        await act(health, second, "close")
        await has_status(village, letter["id"], "done")
        for reader, note in ((health, "Mohon bantuan"), (village, None)):
            timeline = (await track_of(reader, letter["id"]))["timeline"]
            [step] = [one for one in timeline if one["what"] == "forwarded"]
            assert step["actor"]["display"] == "Plt. Kepala Dinas Pekerjaan Umum"
            assert "Dinas Kesehatan" in step["detail"]
            assert step["note"] == note, "what offices say to each other is not the sender's to read"

    async def test_B6_what_is_passed_on_in_confidence_closes_behind_who_passed_it_on(
        self, house: House, cast: Cast
    ) -> None:
        village, roads, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        letter = await house.send(village, confidentiality="secret")
        await act(roads, await arrived(roads, letter["id"]), "redirect", reason="Bukan kami", to=demo_unit("dinkes"))
        await arrived(health, letter["id"])
        assert await roads.status_of(f"/v1/letters/{letter['id']}/track") == 404
        assert (await tracked(village, letter["id"], lambda one: len(one["branches"]) == 2))["status"] == "routed"

    async def test_K1_what_was_taken_back_unread_is_gone_for_whom_it_was_for(self, house: House, cast: Cast) -> None:
        village, roads = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village)
        branch = await arrived(roads, letter["id"])
        await act(village, branch, "recall", reason="Salah lampiran")
        assert await roads.status_of(f"/v1/letters/{letter['id']}/track") == 404
        assert letter["id"] not in {one["letter_id"] for one in await in_box(roads, "inbox")}
        assert (await told(roads, letter["id"], "letter_recalled"))["links"]["letter_id"] == letter["id"]


class TestTwoAtOnce:
    async def test_B6_who_comes_after_a_colleague_returned_it_is_shown_that_state(
        self, house: House, cast: Cast
    ) -> None:
        village, head, registrar = await cast("desa.sekartaji", "kadis.pu", "tu.pu")
        branch = await arrived(head, (await house.send(village))["id"])
        await act(registrar, branch, "return", reason="Lampiran kurang")
        for what, body in (
            ("receive", {}),
            ("close", {}),
            ("redirect", {"reason": "Bukan kami", "to": demo_unit("dinkes")}),
        ):
            with pytest.raises(Refused) as late:
                await act(head, branch, what, **body)
            assert (late.value.status, late.value.problem.get("state", {}).get("state")) == (409, "returned"), what

    async def test_B6_of_two_offices_people_acting_at_once_one_wins_and_the_other_is_shown_the_present_state(
        self, house: House, cast: Cast
    ) -> None:
        village, head, registrar = await cast("desa.sekartaji", "kadis.pu", "tu.pu")
        for _ in range(5):
            letter = await house.send(village)
            branch = await arrived(head, letter["id"])
            acts = [
                act(head, branch, "redirect", reason="Urusan kesehatan", to=demo_unit("dinkes")),
                act(registrar, branch, "return", reason="Lampiran kurang"),
                act(village, branch, "recall", reason="Salah kirim"),
            ]
            answers = await asyncio.gather(*acts, return_exceptions=True)
            won = [one for one in answers if isinstance(one, dict)]
            lost = [one for one in answers if isinstance(one, Refused)]
            assert (len(won), len(lost)) == (1, 2), answers
            track = await track_of(village, letter["id"])
            present = branch_to(track, unit_id("dinas-pu"))
            assert present["state"] == won[0]["state"]
            for refused in lost:
                # What was taken back unread is as if it had never come; of all else the present state is shown.
                gone = present["state"] == "recalled"
                shown = refused.problem.get("state", {}).get("state")
                assert (refused.status, shown) == ((404, None) if gone else (409, present["state"])), refused
