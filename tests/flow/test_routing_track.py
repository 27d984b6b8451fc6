"""One view of a letter: what became of it, who is responsible, who takes part, and the agenda it led to."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from services.chassis.clock import now
from tests.flow.cast import Cast
from tests.flow.desk import (
    act,
    arrived,
    branch_to,
    dispose,
    has_status,
    instructed,
    part_of,
    refusal,
    steps,
    told,
    track_of,
    tracked,
)
from tests.flow.offices import demo_unit
from tests.house import House, everything
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
KABID, SEKDIS, TU = (seat(one).position_id for one in ("kabid.bm", "sekdis.pu", "tu.pu"))


def occasion(title: str) -> Json:
    """An occasion at a time of its own."""
    starts = now() + timedelta(days=400, minutes=now().microsecond // 1000)
    return {
        "title": title,
        "place": "Balai Desa Sekartaji",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=30)).isoformat(),
    }


async def request_of(client: Client, letter_id: str) -> Json:
    """The schedule request that came of a letter."""

    async def look() -> Json | None:
        page = await client.get("/v1/schedule/requests")
        return next((one for one in page["items"] if one["letter_id"] == letter_id), None)

    found = await until_equal(look, bool)
    assert found is not None
    return found


class TestH2:
    async def test_H2_one_view_shows_letter_disposition_and_the_agenda_that_came_of_it(
        self, house: House, cast: Cast
    ) -> None:
        village, bupati, secretary = await cast("desa.sekartaji", "bupati", "sespri")
        asked = occasion("Peletakan batu pertama embung")
        addressed = {"addressees": [demo_unit("pimpinan")], "category": "invitation", "occasion": asked}
        letter = await house.send(village, kind="Surat Undangan", **addressed)
        await act(bupati, await arrived(bupati, letter["id"]), "read")
        await dispose(bupati, letter["id"], instructed(seat("sespri").position_id, "jadwalkan"))
        request = await request_of(secretary, letter["id"])
        [waiting] = (await tracked(bupati, letter["id"], lambda one: bool(one["agenda"])))["agenda"]
        assert (waiting["request_id"], waiting["status"]) == (request["id"], "submitted")
        override = {"override": {"reason": "Waktu yang diminta pengundang."}}
        await secretary.post(f"/v1/schedule/requests/{request['id']}/approve", override)
        shown = ["registered", "delivered", "branch_read", "disposed", "schedule_requested", "schedule_approved"]

        def told_of_all(one: Json) -> bool:
            """Dispositions and the schedule are told of by services of their own, in any order."""
            return bool(one["agenda"][0]["status"] == "approved") and set(shown) <= set(steps(one))

        track = await tracked(bupati, letter["id"], told_of_all)
        [item] = track["agenda"]
        assert (item["title"], item["place"]) == (asked["title"], asked["place"])
        assert [_instant(item[one]) for one in ("starts_at", "ends_at")] == [
            _instant(asked[one]) for one in ("starts_at", "ends_at")
        ]
        assert [one for one in steps(track) if one in shown] == shown
        assert track["letter"]["subject"] == "Permohonan peminjaman alat berat"
        assert (await track_of(village, letter["id"]))["agenda"] == [], "a leader's agenda is not the sender's to see"


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text).astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class TestH3:
    async def test_H3_a_letter_tells_its_outcome_and_where_each_of_its_ways_ended(
        self, house: House, cast: Cast
    ) -> None:
        village, head, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        letter = await house.send(village, addressees=[demo_unit("dinas-pu"), demo_unit("dinkes"), demo_unit("setda")])
        here, there = await arrived(head, letter["id"]), await arrived(health, letter["id"])
        unread = branch_to(await track_of(village, letter["id"]), unit_id("setda"))
        await act(village, unread, "recall", reason="Salah alamat")
        await act(head, here, "close", outcome="decision", note="Alat dipinjamkan tiga hari.")
        await act(head, here, "file", place="Lemari 3, map 12")
        await act(health, there, "close")
        track = await has_status(village, letter["id"], "done")
        assert (track["outcome"], track["completed_at"] is not None) == ("decision", True)
        final = {one["unit"]["name"]: one for one in track["branches"]}
        assert {name: one["state"] for name, one in final.items()} == {
            "Dinas Pekerjaan Umum": "done",
            "Dinas Kesehatan": "done",
            "Sekretariat Daerah": "recalled",
        }
        assert final["Dinas Pekerjaan Umum"]["filed"]["place"] == "Lemari 3, map 12"
        assert final["Dinas Pekerjaan Umum"]["closed"]["note"] == "Alat dipinjamkan tiga hari."
        await act(health, there, "file")
        assert (await track_of(village, letter["id"]))["status"] == "archived"

    async def test_H3_no_letter_of_the_regency_is_without_a_place_or_done_without_an_outcome(
        self, house: House, cast: Cast
    ) -> None:
        village, bupati = await cast("desa.batununggul", "bupati")
        await arrived(village, (await house.send(village, addressees=[demo_unit("batununggul")]))["id"])
        rows = [row async for row in everything(bupati, "/v1/letters")]
        assert rows
        for row in rows:
            assert row["where"], row["letter"]["id"]
            assert (row["outcome"] is not None) == (row["status"] in ("done", "archived")), row["letter"]["id"]


class TestH4:
    async def test_H4_a_disposition_has_exactly_one_responsible_position(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village)
        await arrived(head, letter["id"])
        path = f"/v1/letters/{letter['id']}/dispositions"
        both = [instructed(KABID, responsible=True), instructed(SEKDIS, responsible=True)]
        assert await refusal(head, path, {"recipients": both}) == 422
        await dispose(head, letter["id"], instructed(KABID), instructed(SEKDIS, responsible=True), instructed(TU))
        track = await has_status(head, letter["id"], "disposed")
        [branch] = track["branches"]
        assert [post["position_id"] for post in branch["who_must_act"]] == [SEKDIS]
        assert {post["position_id"] for post in branch["coordinating"]} == {KABID, TU}

    async def test_H4_the_first_named_is_responsible_where_nobody_is_marked(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village)
        await arrived(head, letter["id"])
        disposition = await dispose(head, letter["id"], instructed(KABID), instructed(SEKDIS))
        assert [one["responsible"] for one in disposition["recipients"]] == [True, False]
        [branch] = (await has_status(head, letter["id"], "disposed"))["branches"]
        assert [post["position_id"] for post in branch["who_must_act"]] == [KABID]


class TestH5:
    async def test_H5_coordinating_parties_are_listed_notified_and_have_their_say(
        self, house: House, cast: Cast
    ) -> None:
        village, head, officer, secretary = await cast("desa.sekartaji", "kadis.pu", "kabid.bm", "sekdis.pu")
        letter = await house.send(village)
        await arrived(head, letter["id"])
        disposition = await dispose(head, letter["id"], instructed(KABID), instructed(SEKDIS, "koordinasikan"))
        for person in (officer, secretary):
            await told(person, letter["id"], "disposition_received")
        track = await has_status(secretary, letter["id"], "disposed")
        [branch] = track["branches"]
        assert [(one["display"], one["person_name"]) for one in branch["coordinating"]] == [
            ("Sekretaris Dinas Pekerjaan Umum", "I Komang Yasa")
        ]
        await secretary.post(f"{part_of(disposition, SEKDIS)}/reply", {"text": "Alat sedang dipakai di Banjarangkan."})
        await told(head, letter["id"], "disposition_replied")
        track = await tracked(officer, letter["id"], lambda one: "replied" in steps(one))
        [said] = [step for step in track["timeline"] if step["what"] == "replied"]
        assert (said["detail"], said["actor"]["person_name"]) == (
            "Alat sedang dipakai di Banjarangkan.",
            "I Komang Yasa",
        )
