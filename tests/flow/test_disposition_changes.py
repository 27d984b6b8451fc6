"""What was given is changed: taken back, amended, given to more, made work again, handed over, printed, overdue."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat
from services.chassis.clock import now
from services.chassis.mongo import connect
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, has_status, instructed, steps, tracked
from tests.flow.disposition_desk import (
    acted,
    as_it_is,
    counts,
    in_tab,
    offered,
    part,
    patch,
    refused,
    roles,
    states,
    told_of,
)
from tests.flow.offices import Office, assign, holds, open_office
from tests.house import House
from tests.printed import codes_on, text_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
WITA = ZoneInfo("Asia/Makassar")


@dataclass(frozen=True)
class Agency:
    """An agency: its head and two officers who answer to it, signed in."""

    house: House
    office: Office
    village: Client
    head: Client
    one: Client
    other: Client

    def id(self, role: str) -> str:
        """The position with this role in the office."""
        return self.office[role].position_id

    async def given(self, *recipients: Json, **letter: Any) -> Json:
        """The head gives a letter from a village to these; to the first officer where none is named."""
        sent = await self.house.send(self.village, addressees=[self.office.party], **letter)
        await arrived(self.head, sent["id"])
        await offered(self.head, sent["id"])
        return await dispose(self.head, sent["id"], *(recipients or [instructed(self.id("officer"))]))


@pytest.fixture(scope="module")
async def agency(house: House, cast: Cast) -> Agency:
    """Dinas Koperasi."""
    office = await open_office(house, "Dinas Koperasi", "head", "officer", "protocol", "archivist")
    names = [office[role].username for role in ("head", "officer", "protocol")]
    return Agency(house, office, *await cast("desa.sekartaji", *names))


def path_of(disposition: Json, position_id: str) -> str:
    """Where the position's part is changed."""
    return f"/v1/dispositions/{disposition['id']}/recipients/{part(disposition, position_id)['recipient_id']}"


class TestRecall:
    async def test_what_nobody_has_read_is_taken_back_and_no_more_to_be_seen(self, agency: Agency) -> None:
        officer = agency.id("officer")
        given = await agency.given()
        await told_of(agency.one, given, "disposition_received")
        after = (await agency.head.post(f"/v1/dispositions/{given['id']}/recall", {"reason": "Keliru jabatan."}))[
            "disposition"
        ]
        assert (after["state"], states(after)) == ("recalled", {officer: "recalled"})
        assert "“Keliru jabatan.”" in (await told_of(agency.one, given, "disposition_recalled"))["text"]
        # Sight of it goes with the right to read the letter, which routing takes back a moment later.
        await until_equal(lambda: agency.one.status_of(f"/v1/dispositions/{given['id']}"), lambda status: status == 404)
        assert given["id"] not in {one["id"] for one in await in_tab(agency.one, "received")}
        await tracked(agency.head, given["letter_id"], lambda track: "disposition_recalled" in steps(track))
        again = await dispose(agency.head, given["letter_id"], instructed(agency.id("protocol")))
        assert roles(again) == {agency.id("protocol"): "responsible"}

    async def test_what_was_read_stays(self, agency: Agency) -> None:
        given = await agency.given()
        await acted(agency.one, given, agency.id("officer"), "read")
        status, problem = await refused(agency.head, f"/v1/dispositions/{given['id']}/recall", {"reason": "Keliru."})
        assert (status, problem["code"]) == (409, "already_read")
        assert problem["state"]["state"] == "read"


class TestAmend:
    async def test_a_new_deadline_is_told_with_the_old_one_and_stays_in_the_thread(self, agency: Agency) -> None:
        officer = agency.id("officer")
        given = await agency.given(instructed(officer, working_days=3))
        before = part(given, officer)["due_on"]
        await acted(agency.one, given, officer, "read")
        body = {"working_days": 8, "note": "Tunggu data desa.", "reason": "Data belum lengkap."}
        after = (await patch(agency.head, path_of(given, officer), body))["disposition"]
        due_on = part(after, officer)["due_on"]
        assert due_on > before
        text = (await told_of(agency.one, given, "disposition_amended"))["text"]
        assert "mengubah batas waktu dari " in text
        assert "mengubah catatan menjadi “Tunggu data desa.” dengan alasan “Data belum lengkap.”" in text
        [kept] = [one["amendment"] for one in (await as_it_is(agency.one, given))["acts"] if one["kind"] == "amend"]
        assert (kept["former_due_on"], kept["due_on"], kept["former_note"]) == (before, due_on, None)


class TestAdd:
    async def test_P12_who_is_added_later_is_below_too_is_told_and_waited_for(self, agency: Agency) -> None:
        officer, added = agency.id("officer"), agency.id("protocol")
        given = await agency.given()
        path = f"/v1/dispositions/{given['id']}/recipients"
        body = {"recipients": [instructed(added, "siapkan_surat", role="coordinating")]}
        after = (await agency.head.post(path, body))["disposition"]
        assert roles(after) == {officer: "responsible", added: "coordinating"}
        await told_of(agency.other, given, "disposition_received")
        await acted(agency.one, given, officer, "complete", report="Selesai.")
        assert (await as_it_is(agency.other, given))["state"] == "open"
        beside = {"recipients": [instructed(seat("kadis.pu").position_id)]}
        status, problem = await refused(agency.head, path, beside)
        assert (status, problem["code"]) == (403, "recipient_not_below"), "P12 holds for those who come later too"


class TestReopen:
    async def test_what_was_done_is_work_again_with_a_reason_and_so_is_the_letter(self, agency: Agency) -> None:
        officer = agency.id("officer")
        given = await agency.given()
        await acted(agency.one, given, officer, "complete", report="Selesai.")
        await has_status(agency.village, given["letter_id"], "done")
        answer = await agency.head.post(f"{path_of(given, officer)}/reopen", {"reason": "Laporan kurang lengkap."})
        assert answer["disposition"]["state"] == "open"
        assert "“Laporan kurang lengkap.”" in (await told_of(agency.one, given, "disposition_reopened"))["text"]
        await tracked(agency.village, given["letter_id"], lambda track: track["status"] != "done")
        await acted(agency.one, given, officer, "complete", report="Sekarang lengkap.")
        await has_status(agency.village, given["letter_id"], "done")


class TestHandOver:
    async def test_all_open_work_of_who_leaves_lies_with_who_follows(self, agency: Agency, house: House) -> None:
        leaving, following = agency.id("protocol"), agency.id("archivist")
        done = await agency.given(instructed(leaving))
        await acted(agency.other, done, leaving, "complete", report="Selesai.")
        work = [await agency.given(instructed(leaving)) for _ in range(3)]
        body = {"from_position": leaving, "to_position": following, "reason": "Mutasi per 1 Desember."}
        status, _ = await refused(agency.one, "/v1/dispositions/hand-over", body)
        assert status == 403, "who has nothing to do with it hands over nobody's work"
        moved = await agency.head.post("/v1/dispositions/hand-over", body)
        assert moved["done"]
        async with house.person(agency.office["archivist"].username) as successor:
            for one in work:
                after = await acted(successor, await as_it_is(successor, one), following, "reply", text="Siap!")
                assert part(after, following)["replied_at"] is not None
                assert (await told_of(successor, one, "disposition_handed_over"))["text"].endswith(
                    "pekerjaan ini sekarang ada pada Anda."
                )
            assert done["id"] not in {one["id"] for one in await in_tab(successor, "received")}
        assert states(await as_it_is(agency.head, done)) == {leaving: "done"}, "what is done stays with who did it"
        open_now = {one["id"] for box in ("new", "to_do", "coordinating") for one in await in_tab(agency.other, box)}
        assert not open_now & {one["id"] for one in work}
        for one in work:
            path = f"/v1/dispositions/{one['id']}/recipients/{part(one, leaving)['recipient_id']}/reply"
            assert (await refused(agency.other, path, {"text": "Siap!"}))[0] in (403, 404)


class TestOverdue:
    async def test_what_is_overdue_is_told_to_both_and_stands_in_both_boxes(self, agency: Agency, house: House) -> None:
        officer = agency.id("officer")
        given = await agency.given(instructed(officer, "tindaklanjuti", working_days=1))
        await acted(agency.one, given, officer, "read")
        await house.settled()
        await _fell_due(house, given["id"])
        for person in (agency.head, agency.one):
            told = await told_of(person, given, "disposition_overdue")
            assert told["title"].startswith("Disposisi melewati batas waktu, segera ditangani")
        for person, box in ((agency.head, "overdue"), (agency.one, "late")):
            found = await in_tab(person, box)
            assert given["id"] in {one["id"] for one in found}
            assert (await counts(person))[box] == len(found)
        await acted(agency.one, given, officer, "complete", report="Terlambat, tetapi selesai.")
        assert given["id"] not in {one["id"] for one in await in_tab(agency.head, "overdue")}


class TestSheet:
    async def test_the_printed_sheet_says_plt_and_its_code_tells_the_public_no_more_than_that_it_holds(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Arsip", "head", "officer", "secretary", vacant="head")
        order = {"capacity": "plt", "legal_basis": "SK Bupati 821/78/2026", "ends_on": "2030-12-31"}
        async with house.admin() as admin:
            await assign(admin, office["officer"].person_id, office["head"].position_id, **order)
        await holds(house, office["officer"].username, office["head"].position_id)
        [village] = await cast("desa.sekartaji")
        acting = await cast.anew(office["officer"].username)
        subject = "Permohonan pendampingan penataan arsip desa"
        sent = await house.send(village, addressees=[office.party], subject=subject)
        await arrived(acting, sent["id"])
        await offered(acting, sent["id"])
        post = office["secretary"].position_id
        given = await dispose(acting, sent["id"], instructed(post, "pelajari", "sosialisasikan", working_days=2))

        sheet = await acting.download(f"/v1/dispositions/{given['id']}/sheet.pdf")
        printed = text_of(sheet)
        for words in ("LEMBAR DISPOSISI", f"Plt. {office['head'].title}", subject, "Sosialisasikan"):
            assert words.casefold() in printed.casefold(), words
        [link] = codes_on(sheet)
        address, _, code = link.partition("#")
        assert address.endswith("/verifikasi")
        status, verdict = await _verified(house, code)
        assert (status, verdict["state"], verdict["unit"]) == (200, "unchanged", office.name)
        assert f"Plt. {office['head'].title}" in verdict["signed_by"]
        assert subject not in str(verdict)
        assert (await _verified(house, "7K3M4-Q2XDB-9FJR0-5TVW1"))[0] == 404

        await patch(acting, path_of(given, post), {"note": "Segera."})
        assert (await _verified(house, code))[1]["state"] == "changed"
        assert await village.status_of(f"/v1/dispositions/{given['id']}/sheet.pdf") == 404


async def _verified(house: House, code: str) -> tuple[int, Json]:
    """What anybody with the paper in hand is told."""
    async with (
        aiohttp.ClientSession(base_url=house.stack.base_url) as http,
        http.post("/v1/public/dispositions/verify", json={"code": code}) as response,
    ):
        return response.status, await response.json()


async def _fell_due(house: House, disposition_id: str) -> None:
    """It was to be done by an hour ago: no deadline is so short that a test could wait for it."""
    due_at = now() - timedelta(hours=1)
    when = {"recipients.0.due_at": due_at, "recipients.0.remind_at": due_at, "watch_at": due_at}
    database = connect(house.servers.mongo_url, "lontar_disposition")
    await database["dispositions"].update_one({"_id": disposition_id}, {"$set": when})
    database.client.close()
