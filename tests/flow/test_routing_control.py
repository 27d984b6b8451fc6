"""The control list and the boxes: every filter finds what it should, and every count is the length of its list."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import SEATS, seat, unit_id
from services.chassis.clock import now
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, dispose, has_status, in_box, instructed, part_of, tracked
from tests.flow.offices import open_office
from tests.house import House, everything

pytestmark = [pytest.mark.flow]
WITA = ZoneInfo("Asia/Makassar")
BOXES = ("inbox", "not_followed_up", "followed_up", "overdue", "copies", "returned", "dispatch", "done", "outbox")


async def found(client: Client, **filters: str) -> set[str]:
    """The ids of the letters a filter finds, each once."""
    ids = [row["letter"]["id"] async for row in everything(client, "/v1/letters", **filters)]
    assert len(set(ids)) == len(ids), "a letter is listed twice"
    return set(ids)


class TestB2:
    async def test_B2_one_control_list_is_filtered_by_unit_date_status_and_deadline(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Pertanian", "head", "officer")
        village, neighbour, head = await cast("desa.sekartaji", "desa.batununggul", office["head"].username)
        to_office = {"addressees": [office.party]}
        urgent = (await house.send(village, urgency="very_urgent", kind="Radiogram", **to_office))["id"]
        secret = (await house.send(village, urgency="normal", confidentiality="secret", **to_office))["id"]
        report = (await house.send(neighbour, urgency="normal", category="report", **to_office))["id"]
        copied = (await house.send(neighbour, copies=[office.party]))["id"]
        every = {urgent, secret, report, copied}
        for letter_id in every - {copied}:
            await arrived(head, letter_id)
        await arrived(head, copied, "copies")
        await act(head, await arrived(head, report), "close")
        await dispose(head, secret, instructed(office["officer"].position_id))
        await asyncio.gather(has_status(head, report, "done"), has_status(head, secret, "disposed"))

        today = now().astimezone(WITA).date()
        day, yesterday, soon = today.isoformat(), (today - timedelta(days=1)).isoformat(), today + timedelta(days=60)
        due = await self._days_due(head, urgent)
        expected = {
            (("unit_id", office.unit_id),): every,
            (("unit_id", unit_id("dinas-pu")),): {copied},
            (("registered_from", day), ("registered_to", day)): every,
            (("registered_to", yesterday),): set(),
            (("registered_from", yesterday), ("registered_to", yesterday)): set(),
            (("status", "done"),): {report},
            (("status", "disposed"),): {secret},
            (("status", "routed"),): {urgent, copied},
            (("due_to", due),): {urgent},
            (("due_to", soon.isoformat()),): {urgent, secret, copied},
            (("overdue", "true"),): set(),
            (("kind", "Radiogram"),): {urgent},
            (("category", "report"),): {report},
            (("urgency", "very_urgent"),): {urgent},
            (("confidentiality", "secret"),): {secret},
            (("sender_id", unit_id("batununggul")),): {report, copied},
            (("followed_up", "true"),): {report, secret},
            (("followed_up", "false"), ("urgency", "very_urgent")): {urgent},
            (("sender_id", unit_id("batununggul")), ("status", "done"), ("registered_from", day)): {report},
        }
        for filters, wanted in expected.items():
            assert await found(head, **dict(filters)) == wanted, filters
            assert await found(head, **dict(filters), limit="1") == wanted, ("page by page", filters)
        by_deadline = [row["letter"]["id"] async for row in everything(head, "/v1/letters", sort="due", limit="1")]
        assert (by_deadline[0], set(by_deadline)) == (urgent, {urgent, secret, copied})

    @staticmethod
    async def _days_due(head: Client, letter_id: str) -> str:
        """The local day on which the letter is due."""
        track = await tracked(head, letter_id, lambda one: True)
        [branch] = track["branches"]
        return datetime.fromisoformat(branch["due_at"]).astimezone(WITA).date().isoformat()


class TestB3:
    async def test_B3_followed_up_is_derived_from_the_branches(self, house: House, cast: Cast) -> None:
        village, head, officer = await cast("desa.sekartaji", "kadis.pu", "kabid.bm")
        letter = await house.send(village)
        branch = await arrived(head, letter["id"], "not_followed_up")
        for what in ("read", "receive"):
            await act(head, branch, what)
            assert await self._boxes_of(head, letter["id"]) == {"inbox", "not_followed_up"}
        position = seat("kabid.bm").position_id
        disposition = await dispose(head, letter["id"], instructed(position))
        await has_status(head, letter["id"], "disposed")
        assert await self._boxes_of(head, letter["id"]) == {"inbox", "followed_up"}
        await officer.post(f"{part_of(disposition, position)}/complete", {"report": "Sudah."})
        await has_status(head, letter["id"], "done")
        assert await self._boxes_of(head, letter["id"]) == {"done", "followed_up"}
        await act(head, branch, "reopen", reason="Belum tuntas")
        assert await self._boxes_of(head, letter["id"]) == {"inbox", "not_followed_up"}
        assert not (await self._row(head, letter["id"]))["followed_up"]

    async def test_B3_every_count_of_everybody_equals_the_length_of_its_list(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        for what in ("read", "receive", "return", "close"):
            letter = await house.send(village, copies=[{"kind": "unit", "id": unit_id("nusa-penida")}])
            await act(
                head,
                await arrived(head, letter["id"]),
                what,
                **({"reason": "Kurang lampiran"} if what == "return" else {}),
            )
        await house.settled()
        filled: dict[str, int] = dict.fromkeys(BOXES, 0)
        for client in await cast(*(one.username for one in SEATS)):
            counted = {one["box"]: one["count"] for one in (await client.get("/v1/boxes"))["items"]}
            assert tuple(counted) == BOXES
            for box in BOXES:
                listed = await in_box(client, box, limit="7")
                assert counted[box] == len(listed) == len({str(one) for one in listed}), (client.username, box)
                filled[box] += counted[box]
        for box in ("inbox", "not_followed_up", "followed_up", "copies", "returned", "done", "outbox"):
            assert filled[box], f"nobody has anything in {box}: nothing was shown of it"

    @staticmethod
    async def _boxes_of(client: Client, letter_id: str) -> set[str]:
        """The boxes of branches in which the letter stands."""
        boxes = [box for box in BOXES if box != "outbox"]
        listed = await asyncio.gather(*(in_box(client, box) for box in boxes))
        return {
            box for box, items in zip(boxes, listed, strict=True) if letter_id in {one["letter_id"] for one in items}
        }

    @staticmethod
    async def _row(client: Client, letter_id: str) -> Json:
        """The letter in the control list."""
        rows = [row async for row in everything(client, "/v1/letters") if row["letter"]["id"] == letter_id]
        [row] = rows
        return row
