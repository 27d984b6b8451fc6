"""Who is there and who stands in: work belongs to the position, and each act shows in which capacity it was done."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.client import Json
from services.chassis.clock import now
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, dispose, has_status, in_box, instructed, refusal, told, track_of
from tests.flow.offices import Office, assign, holds, open_office
from tests.house import House

pytestmark = [pytest.mark.flow]
ORDER = {"legal_basis": "SK Bupati 821/77/2026 tanggal 16 November 2026", "ends_on": "2030-12-31"}


def today() -> date:
    """The local day."""
    return now().astimezone(ZoneInfo("Asia/Makassar")).date()


async def feed(house: House, *rows: Json) -> Json:
    """What the presence system tells of today."""
    async with house.admin() as admin:
        return await admin.post("/v1/absences/feed", {"date": today().isoformat(), "rows": list(rows)})


async def stand_in(house: House, office: Office, role: str, capacity: str) -> None:
    """Somebody of the office acts for its head from now on."""
    async with house.admin() as admin:
        await assign(admin, office[role].person_id, office["head"].position_id, capacity=capacity, **ORDER)
    await holds(house, office[role].username, office["head"].position_id)


class TestB7:
    async def test_B7_the_presence_feed_warns_and_offers_the_plh_who_then_acts(self, house: House, cast: Cast) -> None:
        office = await open_office(house, "Dinas Perhubungan", "head", "secretary", "officer")
        village, roads = await cast("desa.sekartaji", "kadis.pu")
        available = f"/v1/positions/{office['head'].position_id}/availability"
        assert (await roads.get(available))["warning"] is None
        away, late = {"nip": office["head"].nip, "status": "on_duty"}, {"nip": office["officer"].nip, "status": "late"}
        fed = await feed(house, away, late, {"nip": "9" * 18, "status": "absent"})
        assert (fed["recorded"], fed["unknown"]) == (2, ["9" * 18])
        state = await roads.get(available)
        assert (state["attended"], state["absence"]["state"], state["instead"]) == (False, "dinas luar", None)
        assert "Belum ada pejabat pengganti" in state["warning"]
        of_officer = await roads.get(f"/v1/positions/{office['officer'].position_id}/availability")
        assert of_officer["attended"], "who is late can be reached that day"

        await stand_in(house, office, "secretary", "plh")
        state = await roads.get(available)
        assert (state["attended"], state["instead"]["person_name"]) == (True, office["secretary"].name)
        assert state["instead"]["display"].startswith("Plh. ")
        letter = await house.send(village)
        await arrived(roads, letter["id"])
        brought = await roads.post(f"/v1/letters/{letter['id']}/forward", {"addressees": [office.party]})
        assert [office["secretary"].name in one for one in brought["warnings"]] == [True]

        plh = await cast.anew(office["secretary"].username)
        branch = await arrived(plh, letter["id"])
        await act(plh, branch, "receive", as_position=office["head"].position_id)
        await dispose(
            plh, letter["id"], instructed(office["officer"].position_id), as_position=office["head"].position_id
        )
        track = await has_status(plh, letter["id"], "disposed")
        received = next(step for step in track["timeline"] if step["what"] == "branch_received")
        assert received["actor"]["display"] == f"Plh. {office['head'].title}"

        await feed(house, {**away, "status": "present"})
        assert (await roads.get(available))["absence"] is None

    async def test_B7_an_official_says_themselves_that_they_are_away(self, house: House, cast: Cast) -> None:
        office = await open_office(house, "Dinas Kebudayaan", "head", "officer")
        head, officer, stranger = await cast(office["head"].username, office["officer"].username, "kabid.bm")
        until = (today() + timedelta(days=9)).isoformat()
        said = {"kind": "leave", "starts_on": today().isoformat(), "ends_on": until, "note": "Cuti tahunan"}
        absence = await head.post("/v1/absences", said)
        state = await officer.get(f"/v1/positions/{office['head'].position_id}/availability")
        assert (state["absence"]["until"], "note" in state["absence"]) == (until, False), "why is nobody's business"
        assert await stranger.status_of(f"/v1/absences/{absence['id']}") == 404
        assert await refusal(stranger, "/v1/absences", {**said, "person_id": office["head"].person_id}) == 403
        await head.post(f"/v1/absences/{absence['id']}/cancel")
        assert (await officer.get(f"/v1/positions/{office['head'].position_id}/availability"))["attended"]


class TestP7:
    async def test_P7_a_plt_holds_the_positions_inbox_and_acts_as_plt(self, house: House, cast: Cast) -> None:
        office = await open_office(house, "Dinas Sosial", "head", "protocol", "officer", vacant="head")
        village, before_order = await cast("desa.sekartaji", office["protocol"].username)
        before = await house.send(village, confidentiality="secret", addressees=[office.party])
        await house.settled()
        assert await in_box(before_order, "inbox") == []
        assert await before_order.status_of(f"/v1/letters/{before['id']}/track") == 404
        state = await before_order.get(f"/v1/positions/{office['head'].position_id}/availability")
        assert state["warning"].endswith("sedang kosong.")

        await stand_in(house, office, "protocol", "plt")
        plt = await cast.anew(office["protocol"].username)
        after = await house.send(village, addressees=[position_of(office)])
        branches = {one["id"]: await arrived(plt, one["id"]) for one in (before, after)}
        assert [f"Plt. {office['head'].title}" in item["why"] for item in await in_box(plt, "inbox")] == [True, True]
        for letter_id, branch in branches.items():
            await act(plt, branch, "read")
            await act(plt, branch, "receive")
            await dispose(plt, letter_id, instructed(office["officer"].position_id))
            acts = acts_in(await has_status(plt, letter_id, "disposed"))
            assert acts == {(f"Plt. {office['head'].title}", "plt", office["protocol"].name)}
        [officer] = await cast(office["officer"].username)
        assert f"Plt. {office['head'].title}" in (await told(officer, after["id"], "disposition_received"))["text"]

    async def test_P7_what_the_plt_did_is_the_positions_and_is_there_for_who_follows(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Pariwisata", "head", "protocol", vacant="head")
        await stand_in(house, office, "protocol", "plt")
        [village] = await cast("desa.sekartaji")
        plt = await cast.anew(office["protocol"].username)
        letter = await house.send(village, addressees=[position_of(office)])
        branch = await arrived(plt, letter["id"])
        await act(plt, branch, "receive")
        async with house.admin() as admin:
            await assign(admin, office["head"].person_id, office["head"].position_id)
        await holds(house, office["head"].username, office["head"].position_id)
        head = await cast.anew(office["head"].username)
        assert (await arrived(head, letter["id"]))["received"]["actor"]["display"] == f"Plt. {office['head'].title}"
        await act(head, branch, "close", outcome="decision")
        steps = [one for one in (await track_of(head, letter["id"]))["timeline"] if one["what"] == "branch_closed"]
        assert [one["actor"]["display"] for one in steps] == [office["head"].title]

    async def test_P7_a_secretary_who_is_plt_acts_as_the_position_a_letter_is_addressed_to(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Ketahanan Pangan", "head", "secretary", vacant="head")
        await stand_in(house, office, "secretary", "plt")
        [village] = await cast("desa.sekartaji")
        plt = await cast.anew(office["secretary"].username)
        letter = await house.send(village, addressees=[position_of(office)])
        await act(plt, await arrived(plt, letter["id"]), "receive")
        acts = acts_in(await track_of(plt, letter["id"]))
        assert acts == {(f"Plt. {office['head'].title}", "plt", office["secretary"].name)}


def position_of(office: Office) -> Json:
    """The head's position as an addressee."""
    return {"kind": "position", "id": office["head"].position_id}


def acts_in(track: Json) -> set[tuple[str, str, str]]:
    """Who has done something with the letter where it came to, and as whom."""
    done = ("branch_read", "branch_received", "disposed")
    actors = [step["actor"] for step in track["timeline"] if step["what"] in done]
    return {(one["display"], one["capacity"], one["person_name"]) for one in actors}
