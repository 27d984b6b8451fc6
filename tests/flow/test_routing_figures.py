"""Figures say what was measured: each is held against the letters' own tracks. Every office here is the test's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import unit_id
from services.chassis.clock import now
from services.chassis.sheets import read_sheets
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, branch_to, dispose, has_status, instructed, part_of, track_of, tracked
from tests.flow.offices import Office, assign, holds, open_office
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
WITA = ZoneInfo("Asia/Makassar")


async def figures(client: Client, name: str, office: Office, counted: Callable[[Json], bool]) -> Json:
    """The figures of an office, as soon as they have been counted."""
    return await until_equal(lambda: client.get(f"/v1/figures/{name}", unit_id=office.unit_id), counted, pause=0.25)


def times(track: Json) -> dict[str, datetime]:
    """When each thing first happened."""
    return {step["what"]: datetime.fromisoformat(step["at"]) for step in reversed(track["timeline"])}


def seconds(start: datetime, end: datetime) -> float:
    """How long it took."""
    return round((end - start).total_seconds(), 3)


async def worked_off(cast: Cast, office: Office, letter_id: str) -> Json:
    """The letter read, received, disposed and dealt with; its track afterwards."""
    head, officer = await cast(office["head"].username, office["officer"].username)
    branch = await arrived(head, letter_id)
    await act(head, branch, "read")
    await act(head, branch, "receive")
    disposition = await dispose(head, letter_id, instructed(office["officer"].position_id))
    part = part_of(disposition, office["officer"].position_id)
    await officer.post(f"{part}/read")
    await officer.post(f"{part}/reply", {"text": "Siap!"})
    await officer.post(f"{part}/complete", {"report": "Sudah dikerjakan."})
    return await tracked(head, letter_id, lambda track: branch_to(track, office.unit_id)["state"] == "done")


class TestK2AndP6:
    async def test_K2_P6_the_time_to_the_inbox_and_of_each_step_is_reported(self, house: House, cast: Cast) -> None:
        office = await open_office(house, "Dinas Perikanan", "head", "officer")
        [village, head] = await cast("desa.sekartaji", office["head"].username)
        letters = [await house.send(village, addressees=[office.party]) for _ in range(3)]
        tracks = [await worked_off(cast, office, one["id"]) for one in letters]
        waiting = await house.send(village, addressees=[office.party])
        await arrived(head, waiting["id"])
        last = await track_of(head, waiting["id"])

        found = (await figures(head, "steps", office, lambda one: self._all_counted(one["total"], 4, 3)))["total"]
        to_inbox = [seconds(times(one)["registered"], times(one)["delivered"]) for one in (*tracks, last)]
        assert found["spans"]["to_inbox"]["median_seconds"] == pytest.approx(median(to_inbox), abs=0.001)
        assert found["spans"]["to_inbox"]["p90_seconds"] <= max(to_inbox)
        way = {
            "step_read": ("delivered", "branch_read"),
            "step_received": ("branch_read", "branch_received"),
            "step_disposed": ("branch_received", "disposed"),
            "step_disposition_read": ("disposed", "disposition_read"),
            "step_answered": ("disposition_read", "replied"),
            "step_done": ("replied", "disposition_completed"),
        }
        for step, (start, end) in way.items():
            taken = [seconds(times(one)[start], times(one)[end]) for one in tracks]
            assert found["path"][step]["count"] == 3, step
            assert found["path"][step]["median_seconds"] == pytest.approx(median(taken), abs=0.001), step

    @staticmethod
    def _all_counted(total: Json, arrived_letters: int, done: int) -> bool:
        counts = total["spans"]["to_inbox"]["count"], total["path"]["step_done"]["count"]
        return counts == (arrived_letters, done)

    async def test_K6_a_village_is_shown_no_other_offices_figures(self, house: House, cast: Cast) -> None:
        village, bupati = await cast("desa.batununggul", "bupati")
        for name in ("steps", "outcomes", "backlog", "adoption", "report.xlsx"):
            for unit in ("sekartaji", "dinas-pu"):
                assert await village.status_of(f"/v1/figures/{name}?unit_id={unit_id(unit)}") == 403
                assert await bupati.status_of(f"/v1/figures/{name}?unit_id={unit_id(unit)}") == 200


class TestH15:
    async def test_H15_time_to_the_first_disposition_is_split_by_leader_away_or_present(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Tenaga Kerja", "head", "secretary", "officer")
        village, bupati, head = await cast("desa.sekartaji", "bupati", office["head"].username)
        present = await self._disposed(house, village, head, office)
        await figures(bupati, "steps", office, lambda one: self._counts(one) == (1, 0))

        today = now().astimezone(WITA).date()
        away = {"kind": "leave", "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=9)).isoformat()}
        await head.post("/v1/absences", away)
        order = {"capacity": "plh", "legal_basis": "SPT 800/12/2026", "ends_on": "2030-12-31"}
        async with house.admin() as admin:
            await assign(admin, office["secretary"].person_id, office["head"].position_id, **order)
        await holds(house, office["secretary"].username, office["head"].position_id)
        plh = await cast.anew(office["secretary"].username)
        acting = await self._disposed(house, village, plh, office)

        found = (await figures(bupati, "steps", office, lambda one: self._counts(one) == (1, 1)))["total"]
        by_leader = found["to_disposition_by_leader"]
        for leader, track in (("present", present), ("away", acting)):
            taken = seconds(times(track)["delivered"], times(track)["disposed"])
            assert by_leader[leader]["median_seconds"] == pytest.approx(taken, abs=0.001), leader
        assert found["by_acting"] == 1

    @staticmethod
    async def _disposed(house: House, village: Client, chief: Client, office: Office) -> Json:
        """The track of a letter that was sent and disposed at once."""
        letter = await house.send(village, addressees=[office.party])
        await arrived(chief, letter["id"])
        how = {"as_position": office["head"].position_id}
        await dispose(chief, letter["id"], instructed(office["officer"].position_id), **how)
        return await has_status(chief, letter["id"], "disposed")

    @staticmethod
    def _counts(found: Json) -> tuple[int, int]:
        by_leader = found["total"]["to_disposition_by_leader"]
        return by_leader["present"]["count"], by_leader["away"]["count"]


class TestP1:
    async def test_P1_adoption_of_each_office_shows_who_works_with_it_and_who_does_not(
        self, house: House, cast: Cast
    ) -> None:
        working = await open_office(house, "Dinas Pendidikan", "head", "officer", "registrar", "archivist")
        idle = await open_office(house, "Dinas Kearsipan", "head")
        village, bupati = await cast("desa.sekartaji", "bupati")
        letters = [await house.send(village, addressees=[working.party, idle.party]) for _ in range(2)]
        await worked_off(cast, working, letters[0]["id"])

        def counted(page: Json) -> bool:
            offices = {one["unit_id"]: one for one in page["items"]}
            busy, silent = offices[working.unit_id], offices[idle.unit_id]
            # Positions are counted from what intake and disposition tell, branches from routing's own: in any order.
            return (busy["acting_positions"], busy["acted"], silent["delivered"]) == (2, 1, 2)

        page = await until_equal(lambda: bupati.get("/v1/figures/adoption"), counted, pause=0.25)
        offices = {one["unit_id"]: one for one in page["items"]}
        busy, silent = offices[working.unit_id], offices[idle.unit_id]
        assert (busy["active_positions"], busy["acting_positions"], busy["acting_share"]) == (4, 2, 0.5)
        assert (busy["delivered"], busy["opened_share"], busy["acted_share"]) == (2, 0.5, 0.5)
        assert (silent["acting_share"], silent["opened_share"], silent["last_activity_at"]) == (0.0, 0.0, None)
        assert page["working_units"] < page["units"] == len(page["items"])

        sheets = read_sheets(await bupati.download("/v1/figures/report.xlsx"), "laporan.xlsx")
        shown = {row.cells[0]: row.cells for rows in sheets.values() for row in rows}
        assert {working.name, idle.name} <= set(shown)
