"""Answers come up: from whoever works, through who passed it on, to who gave it; and all concerned hear of them."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

import pytest

from deploy.demo.client import Client, Json
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, has_status, instructed, steps, tracked
from tests.flow.disposition_desk import (
    acted,
    as_it_is,
    attach,
    counts,
    in_tab,
    offered,
    part,
    patch,
    reasons,
    refused,
    roles,
    states,
    told_of,
)
from tests.flow.offices import Office, assign, holds, open_office
from tests.flow.test_routing_officials import ORDER, feed
from tests.house import SCAN, House, everything
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


@dataclass(frozen=True)
class Agency:
    """An agency: its head, a division head with an officer below, a second division head; all signed in."""

    house: House
    office: Office
    village: Client
    head: Client
    division: Client
    other: Client
    officer: Client

    def id(self, role: str) -> str:
        """The position with this role in the office."""
        return self.office[role].position_id

    async def letter(self) -> Json:
        """A letter from a village has come to the head."""
        sent = await self.house.send(self.village, addressees=[self.office.party])
        await arrived(self.head, sent["id"])
        await offered(self.head, sent["id"])
        return sent

    async def given(self, *recipients: Json) -> Json:
        """The head gives a letter to these; to the division head where none is named."""
        sent = await self.letter()
        return await dispose(self.head, sent["id"], *(recipients or [instructed(self.id("secretary"))]))


@pytest.fixture(scope="module")
async def agency(house: House, cast: Cast) -> Agency:
    """Dinas Pertanian, whose officer answers to the division head (here the role of the secretary)."""
    office = await open_office(house, "Dinas Pertanian", "head", "secretary", "protocol", "officer")
    async with house.admin() as admin:
        below = {"superior_id": office["secretary"].position_id}
        await patch(admin, f"/v1/positions/{office['officer'].position_id}", below)
    await house.settled()
    names = [office[role].username for role in ("head", "secretary", "protocol", "officer")]
    village, head, division, other, officer = await cast("desa.sekartaji", *names)
    return Agency(house, office, village, head, division, other, officer)


class TestK9:
    async def test_K9_K4_the_head_disposes_to_own_staff_who_dispose_further_and_it_is_done_when_all_is(
        self, agency: Agency
    ) -> None:
        division, officer = agency.id("secretary"), agency.id("officer")
        given = await agency.given(instructed(division, "laksanakan", note="Cek gudang pupuk."))
        letter_id = given["letter_id"]
        await offered(agency.division, letter_id)
        below = await dispose(agency.division, letter_id, instructed(officer, "tindaklanjuti"))
        assert below["parent"]["disposition_id"] == given["id"]
        assert states(await as_it_is(agency.head, given)) == {division: "in_progress"}
        assert (await as_it_is(agency.head, below))["id"] == below["id"], "who gave it sees what became of it"

        await told_of(agency.officer, below, "disposition_received")
        after = await acted(agency.division, given, division, "complete", report="Sudah saya bagi.")
        assert states(after) == {division: "in_progress"}, "what was given on is still open"
        await has_status(agency.head, letter_id, "in_progress")
        await acted(agency.officer, below, officer, "complete", report="12 ton tersedia.")
        assert states(await as_it_is(agency.head, given)) == {division: "done"}
        await has_status(agency.village, letter_id, "done")
        await told_of(agency.division, below, "disposition_completed")
        assert "Semua penerima sudah selesai." in (await told_of(agency.head, given, "disposition_completed"))["text"]

    async def test_K9_nobody_disposes_upward_or_sideways(self, agency: Agency) -> None:
        given = await agency.given()
        path = f"/v1/letters/{given['letter_id']}/dispositions"
        for wrong in ("head", "protocol"):
            status, problem = await refused(agency.division, path, {"recipients": [instructed(agency.id(wrong))]})
            assert (status, problem["code"]) == (403, "recipient_not_below")


class TestH4:
    async def test_H4_two_cannot_be_responsible_and_a_later_one_takes_it_over(self, agency: Agency) -> None:
        first, second = agency.id("secretary"), agency.id("protocol")
        sent = await agency.letter()
        both = [instructed(one, responsible=True) for one in (first, second)]
        status, problem = await refused(agency.head, f"/v1/letters/{sent['id']}/dispositions", {"recipients": both})
        assert (status, problem["code"]) == (422, "several_responsible")

        one = await dispose(agency.head, sent["id"], instructed(first))
        other = await dispose(agency.head, sent["id"], instructed(second, responsible=True))
        assert (roles(await as_it_is(agency.head, one)), roles(other)) == (
            {first: "coordinating"},
            {second: "responsible"},
        )
        assert "koordinasi" in (await told_of(agency.division, one, "disposition_responsible"))["text"]
        await tracked(agency.head, sent["id"], lambda track: _both(track) == ({first}, {second}))

    async def test_H4_where_the_responsible_one_gives_it_back_the_next_takes_its_place(self, agency: Agency) -> None:
        first, second = agency.id("secretary"), agency.id("protocol")
        given = await agency.given(instructed(first), instructed(second))
        assert roles(given) == {first: "responsible", second: "coordinating"}
        after = await acted(agency.division, given, first, "decline", reason="Bukan tugas bidang kami.")
        assert (states(after)[first], roles(after)[second]) == ("declined", "responsible")
        told = await told_of(agency.other, given, "disposition_responsible")
        assert told["text"].endswith("Anda sekarang penanggung jawabnya.")
        text = (await told_of(agency.head, given, "disposition_declined"))["text"]
        assert "“Bukan tugas bidang kami.”" in text

        await acted(agency.other, given, second, "complete", report="Sudah.")
        assert (await as_it_is(agency.head, given))["state"] == "done"
        await has_status(agency.village, given["letter_id"], "done")

    async def test_H4_given_back_by_all_it_lies_with_the_head_again(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given()
        after = await acted(agency.division, given, division, "decline", reason="Bukan kewenangan kami.")
        assert after["state"] == "returned"
        assert given["id"] in {one["id"] for one in await in_tab(agency.head, "returned")}
        track = await tracked(agency.head, given["letter_id"], lambda one: "disposition_declined" in _whats(one))
        assert track["status"] != "done"
        again = await dispose(agency.head, given["letter_id"], instructed(agency.id("protocol")))
        assert roles(again) == {agency.id("protocol"): "responsible"}


class TestH5:
    async def test_H5_who_coordinates_is_listed_told_and_may_comment(self, agency: Agency) -> None:
        responsible, coordinating, informed = agency.id("secretary"), agency.id("protocol"), agency.id("officer")
        given = await agency.given(
            instructed(responsible, "koordinasikan"),
            instructed(coordinating, "koordinasikan", role="coordinating"),
            instructed(informed, "diketahui", role="informed"),
        )
        assert roles(given) == {responsible: "responsible", coordinating: "coordinating", informed: "informed"}
        text = (await told_of(agency.other, given, "disposition_received"))["text"]
        assert text.endswith(f"penanggung jawabnya {agency.office['secretary'].title}.")
        await tracked(agency.head, given["letter_id"], lambda track: _both(track) == ({coordinating}, {responsible}))

        path = f"/v1/dispositions/{given['id']}/comments"
        said = await agency.other.post(path, {"text": "Data kelompok tani ada pada kami."})
        assert said["act"]["actor"]["position_id"] == coordinating
        for person in (agency.head, agency.division):
            assert (
                "“Data kelompok tani ada pada kami.”" in (await told_of(person, given, "disposition_commented"))["text"]
            )
        await agency.house.settled()
        mine = [one async for one in everything(agency.other, "/v1/notifications")]
        assert reasons(mine, given) == ["disposition_received"], "nobody is told of what they said themselves"

    async def test_H5_the_village_that_wrote_neither_sees_nor_comments(self, agency: Agency) -> None:
        given = await agency.given()
        assert await agency.village.status_of(f"/v1/dispositions/{given['id']}") == 404
        status, _ = await refused(agency.village, f"/v1/dispositions/{given['id']}/comments", {"text": "Kapan?"})
        assert status == 404


class TestH14:
    async def test_H14_the_giver_sees_when_it_was_read(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given()
        before = now()
        await acted(agency.division, given, division, "read")
        await acted(agency.division, given, division, "read")
        seen = await as_it_is(agency.head, given)
        read_at = datetime.fromisoformat(part(seen, division)["read_at"])
        assert abs((read_at - before).total_seconds()) < 60
        reading = [one for one in seen["acts"] if one["kind"] == "read"]
        assert [one["actor"]["person_name"] for one in reading] == [agency.office["secretary"].name]
        track = await tracked(agency.head, given["letter_id"], lambda one: "disposition_read" in _whats(one))
        assert len([one for one in steps(track) if one == "disposition_read"]) == 1


class TestAnswering:
    async def test_a_question_goes_up_and_its_answer_down(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given()
        asked = await acted(agency.division, given, division, "ask", text="Anggaran tahun ini?")
        assert states(asked) == {division: "read"}, "a question is no answer"
        heard = await told_of(agency.head, given, "disposition_question")
        assert "“Anggaran tahun ini?”" in heard["text"]
        question = (await as_it_is(agency.head, given))["acts"][-1]
        path = f"/v1/dispositions/{given['id']}/questions/{question['id']}/answer"
        answer = (await agency.head.post(path, {"text": "Ya, dari DPA perubahan."}))["act"]
        assert answer["answers"] == question["id"]
        assert "DPA perubahan" in (await told_of(agency.division, given, "disposition_answer"))["text"]

    async def test_progress_in_percent_reaches_the_giver(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given()
        after = await acted(agency.division, given, division, "progress", percent=60, note="Tinggal dua desa.")
        assert (part(after, division)["percent"], states(after)) == (60, {division: "in_progress"})
        assert "60%: “Tinggal dua desa.”" in (await told_of(agency.head, given, "disposition_progressed"))["text"]

    async def test_evidence_is_the_same_bytes_for_those_it_is_between_and_nobody_else(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given(instructed(division, "siapkan_bahan"))
        status, problem = await refused(agency.division, f"{_part_path(given, division)}/complete", {"report": "Siap."})
        assert (status, problem["code"]) == (422, "evidence_required")
        file = await attach(agency.division, given, "sambutan.pdf", SCAN, "application/pdf")
        proof = [file["attachment_id"]]
        after = await acted(agency.division, given, division, "complete", report="Terlampir.", attachments=proof)
        assert states(after) == {division: "done"}
        path = f"/v1/dispositions/{given['id']}/attachments/{file['attachment_id']}"
        seen = await agency.head.download(path)
        assert hashlib.sha256(seen).hexdigest() == file["sha256"] == hashlib.sha256(SCAN).hexdigest()
        for stranger in (agency.village, agency.other):
            assert await stranger.status_of(path) == 404
        assert "dengan 1 lampiran" in (await told_of(agency.head, given, "disposition_completed"))["text"]

    async def test_the_boxes_of_both_sides_follow_and_their_counts_equal_the_lists(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given(instructed(division, "laksanakan"))
        await _stands(agency.head, given, "waiting")
        await _stands(agency.division, given, "new")
        await acted(agency.division, given, division, "read")
        await _stands(agency.division, given, "to_do")
        await acted(agency.division, given, division, "reply", quick_reply="siap")
        await _stands(agency.head, given, "answered")
        await acted(agency.division, given, division, "complete", report="Selesai.")
        await _stands(agency.head, given, "given_done")
        await _stands(agency.division, given, "done")


class TestB7:
    async def test_B7_who_gives_work_to_somebody_absent_is_warned_and_the_plh_named(
        self, house: House, cast: Cast
    ) -> None:
        office = await open_office(house, "Dinas Perikanan", "head", "secretary", "officer")
        village, head = await cast("desa.sekartaji", office["head"].username)
        sent = await house.send(village, addressees=[office.party])
        await arrived(head, sent["id"])
        await feed(house, {"nip": office["secretary"].nip, "status": "on_duty"})
        async with house.admin() as admin:
            post = office["secretary"].position_id
            await assign(admin, office["officer"].person_id, post, capacity="plh", **ORDER)
        await holds(house, office["officer"].username, post)
        await house.settled()

        async def absent() -> Json | None:
            """Who is away, as soon as it is known there who acts instead."""
            return next((one for one in await offered(head, sent["id"]) if one["position_id"] == post), None)

        found = await until_equal(absent, lambda one: one is not None and bool(one["instead"]))
        assert found is not None
        assert found["instead"]["title"] == f"Plh. {office['secretary'].title}"
        given = await dispose(head, sent["id"], instructed(post))
        [warning] = given["warnings"]
        assert office["officer"].name in warning
        plh = await cast.anew(office["officer"].username)
        await acted(plh, given, post, "reply", quick_reply="siap")
        assert (await told_of(head, given, "disposition_replied"))["text"].startswith(
            f"Plh. {office['secretary'].title} menjawab: “Siap!”"
        )


class TestTogether:
    async def test_of_twenty_answers_at_once_none_is_lost(self, agency: Agency) -> None:
        division = agency.id("secretary")
        given = await agency.given(instructed(division, "laksanakan"))
        path = f"{_part_path(given, division)}/reply"
        sent = [f"Jawaban {number}" for number in range(20)]
        await asyncio.gather(*(agency.division.post(path, {"text": one}, key=new_id()) for one in sent))
        seen = await as_it_is(agency.head, given)
        assert sorted(one["text"] for one in seen["acts"] if one["kind"] == "reply") == sorted(sent)
        assert seen["version"] == 1 + 1 + 20, "issued, read, and each answer"


async def _stands(client: Client, disposition: Json, box: str) -> None:
    """It stands in the box, whose count is that of its list."""
    found = await in_tab(client, box)
    assert disposition["id"] in {one["id"] for one in found}
    assert (await counts(client))[box] == len(found)


def _part_path(disposition: Json, position_id: str) -> str:
    recipient_id = part(disposition, position_id)["recipient_id"]
    return f"/v1/dispositions/{disposition['id']}/recipients/{recipient_id}"


def _whats(track: Json) -> set[str]:
    return set(steps(track))


def _both(track: Json) -> tuple[set[str], set[str]]:
    """Who coordinates, and who must act."""
    coordinating, acting = (
        {post["position_id"] for branch in track["branches"] for post in branch[which]}
        for which in ("coordinating", "who_must_act")
    )
    return coordinating, acting
