"""Deadlines: told before they come and when they have passed, to those who can still do something.

A letter gets at least one working day, so none falls due while a test waits. What its history says of the deadline is
therefore set back, and the operator's command makes the house believe it; from there on everything is the house's own.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.client import Json
from services.chassis.clock import now
from services.chassis.mongo import connect
from services.contracts.routing import LetterDelivered
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, dispose, has_status, in_box, instructed, remove, replace, steps, told, tracked
from tests.flow.offices import Office, open_office
from tests.flow.rebuilding import rebuild
from tests.house import House, everything

pytestmark = [pytest.mark.flow]
WITA = ZoneInfo("Asia/Makassar")


async def fell_due(house: House, letter_ids: dict[str, datetime]) -> None:
    """These letters were to be dealt with by then, and should have been reminded of an hour ago."""
    database = connect(house.servers.mongo_url, "lontar_routing")
    for letter_id, due_at in letter_ids.items():
        query = {"letter_id": letter_id, "type": LetterDelivered.event_type}
        row: Any = await database["history"].find_one(query)
        when = {"due_at": due_at.isoformat(), "remind_at": (now() - timedelta(hours=1)).isoformat()}
        ways = [{**way, **when} for way in row["data"]["branches"]]
        await database["history"].update_one({"_id": row["_id"]}, {"$set": {"data.branches": ways}})
    database.client.close()
    code, said = await rebuild(house)
    assert (code, said.splitlines()[-1].split(", ")[1]) == (0, f"{len(letter_ids)} not as their histories say"), said


async def sent(house: House, cast: Cast, office: Office) -> Json:
    """A letter that has come to the office."""
    village, head = await cast("desa.sekartaji", office["head"].username)
    letter = await house.send(village, addressees=[office.party])
    await arrived(head, letter["id"])
    return letter


class TestDeadlines:
    async def test_B2_B3_a_deadline_is_told_before_it_comes_and_when_it_has_passed(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Kelautan", "head", "officer")
        head, officer = await cast(office["head"].username, office["officer"].username)
        soon, late, handed, settled = [await sent(house, cast, office) for _ in range(4)]
        await dispose(head, handed["id"], instructed(office["officer"].position_id))
        await act(head, await arrived(head, settled["id"]), "close")
        for letter, status in ((handed, "disposed"), (settled, "done")):
            await has_status(head, letter["id"], status)
        await house.settled()
        yesterday = now() - timedelta(days=1)
        dues = {soon["id"]: now() + timedelta(hours=5), **{one["id"]: yesterday for one in (late, handed, settled)}}
        await fell_due(house, dues)

        await told(head, soon["id"], "deadline_neared")
        for person in (head, officer):
            await told(person, handed["id"], "deadline_passed")
        assert "terlewati" in (await told(head, late["id"], "deadline_passed"))["title"]
        track = await tracked(head, late["id"], lambda one: "deadline_passed" in steps(one))
        assert [branch["overdue"] for branch in track["branches"]] == [True]
        overdue = {late["id"], handed["id"]}
        assert {one["letter_id"] for one in await in_box(head, "overdue")} == overdue
        assert {row["letter"]["id"] async for row in everything(head, "/v1/letters", overdue="true")} == overdue
        page = await head.get("/v1/notifications", limit="200")
        reasons = [one["reason"] for one in page["items"] if one["links"].get("letter_id") == settled["id"]]
        assert not {"deadline_neared", "deadline_passed"} & set(reasons), "what is done is nobody's to hurry"

        await act(head, await arrived(head, late["id"]), "close")
        assert {one["letter_id"] for one in await in_box(head, "overdue")} == {handed["id"]}


class TestRules:
    async def test_B2_the_regency_says_how_long_offices_have_and_on_which_days_they_work(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Kehutanan", "head")
        village, head = await cast("desa.sekartaji", office["head"].username)

        async def due_of_a_letter(kind: str) -> datetime:
            letter = await house.send(village, kind=kind, urgency="normal", addressees=[office.party])
            due = datetime.fromisoformat((await arrived(head, letter["id"]))["due_at"]).astimezone(WITA)
            assert (due.hour, due.minute) == (16, 0), "as offices close"
            return due

        usual = await due_of_a_letter("Surat Panggilan")
        async with house.admin() as admin:
            rules = await admin.get("/v1/deadline-rules")
            kept = {name: rules[name] for name in ("by_urgency", "by_kind")}
            three_days = {"kind": "Surat Panggilan", "urgency": None, "working_days": 3}
            day = f"/v1/calendar/days/{usual.date().isoformat()}"
            await replace(admin, day, {"kind": "holiday", "name": "Hari jadi kabupaten"})
            await replace(admin, "/v1/deadline-rules", {**kept, "by_kind": [three_days]})
            try:
                sooner, later = await due_of_a_letter("Surat Panggilan"), await due_of_a_letter("Surat Dinas")
            finally:
                await replace(admin, "/v1/deadline-rules", kept)
                await remove(admin, day)
        assert sooner < usual < later
        assert (await due_of_a_letter("Surat Panggilan")).date() == usual.date()
