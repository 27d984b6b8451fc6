"""Approving and declining."""

import asyncio

from services.chassis.ids import new_id
from services.contracts.schedule import RequestApproved, RequestDeclined
from services.schedule.main import build
from services.schedule.settings import ScheduleSettings
from tests.conftest import Serve
from tests.events import published, types_published
from tests.people import principal
from tests.schedule.court import Court, Json, hours

PATH = "/v1/schedule/requests"


class TestApprove:
    async def test_S11_a_request_becomes_an_event(self, court: Court) -> None:
        request = await court.submitted(place="Kantor")
        status, answer = await court.approve(request)
        assert status == 201
        event = answer["event"]
        assert (event["title"], event["place"], event["state"]) == ("Audiensi alat berat", "Kantor", "definitive")
        assert (event["starts_at"], event["override"]) == (request["starts_at"], None)
        assert (answer["request"]["state"], answer["request"]["event_id"]) == ("approved", event["id"])
        assert [entry["what"] for entry in answer["request"]["history"]] == ["submitted", "approved"]
        assert [entry["what"] for entry in event["history"]] == ["booked"]

    async def test_S8_leader_personal_secretary_and_aide_are_told(self, court: Court) -> None:
        await court.approve(await court.submitted())
        envelope = (await published(court.service))[-1]
        event = RequestApproved.read(envelope.data)
        assert envelope.streamversion == 2
        assert set(event.told) == {one.position_id for one in (court.leader, court.secretary, court.aide)}
        assert event.requester.position_id == court.head.position_id

    async def test_S3_leader_personal_secretary_and_agenda_staff_decide(self, court: Court) -> None:
        for number, who in enumerate((court.leader, court.secretary, court.agenda)):
            status, answer = await court.approve(await court.submitted(start=number * 2), who)
            assert status == 201
            assert answer["event"]["history"][0]["actor"]["position_id"] == who.position_id

    async def test_S3_aide_and_requester_only_read(self, court: Court) -> None:
        request = await court.submitted()
        for who in (court.aide, court.head):
            status, answer = await court.approve(request, who)
            assert (status, answer["code"]) == (403, "forbidden")

    async def test_strangers_find_nothing(self, court: Court) -> None:
        request = await court.submitted()
        assert (await court.approve(request, court.outsider))[0] == 404
        assert (await court.approve({"id": new_id()}))[0] == 404

    async def test_without_the_scope(self, court: Court) -> None:
        request = await court.submitted()
        status, _ = await court.post(court.leader, f"{PATH}/{request['id']}/approve", scope="schedule:request")
        assert status == 403

    async def test_times_and_place_may_be_changed(self, court: Court) -> None:
        status, answer = await court.approve(await court.submitted(), place="Pendopo", **hours(5))
        assert status == 201
        assert (answer["event"]["place"], answer["event"]["starts_at"]) == ("Pendopo", "2026-11-03T06:00:00Z")
        assert answer["request"]["starts_at"] == "2026-11-03T01:00:00Z"

    async def test_second_decision_is_told_the_state(self, court: Court) -> None:
        request = await court.submitted()
        _, first = await court.approve(request)
        status, answer = await court.approve(request)
        assert (status, answer["code"], answer["state"]) == (409, "state_changed", "approved")
        assert answer["event_id"] == first["event"]["id"]

    async def test_repeat_with_the_same_key_books_once(self, court: Court) -> None:
        request, person = await court.submitted(), principal(court.secretary)
        first = await court.approve(request, person, key="ya")
        assert await court.approve(request, person, key="ya") == first
        assert await types_published(court.service) == ["schedule.request.submitted", "schedule.request.approved"]

    async def test_secret_matter_is_booked_without_its_title(self, court: Court) -> None:
        letter = court.a_letter("secret")
        await court.tell(letter)
        request = await court.submitted(letter_id=letter.letter_id, title="Rapat rahasia")
        status, answer = await court.approve(request)
        assert (status, answer["event"]["hidden"], answer["event"]["title"]) == (201, True, None)
        assert answer["request"]["title"] == "Acara tertutup"
        assert RequestApproved.read((await published(court.service))[-1].data).title == "Acara tertutup"


class TestClash:
    async def test_H6_an_overlap_is_refused_with_what_is_in_the_way(self, court: Court) -> None:
        event = await court.booked(place="Kantor")
        request = await court.submitted(start=1)
        status, answer = await court.approve(request)
        assert (status, answer["code"]) == (409, "schedule_clash")
        (clash,) = answer["clashes"]
        assert (clash["id"], clash["title"], clash["hidden"]) == (event["id"], "Audiensi alat berat", False)
        _, seen = await court.get(court.head, f"{PATH}/{request['id']}")
        assert seen["state"] == "submitted"

    async def test_touching_events_do_not_clash(self, court: Court) -> None:
        await court.booked(0, 2)
        await court.booked(2, 2)
        await court.booked(-2, 2)

    async def test_S5_leaders_do_not_stand_in_each_others_way(self, court: Court) -> None:
        await court.booked()
        request = await court.submitted(leader_position_id=court.deputy.position_id)
        assert (await court.approve(request, court.deputy))[0] == 201

    async def test_event_spanning_days_is_in_the_way_of_an_hour_within(self, court: Court) -> None:
        await court.booked(0, 24 * 30)
        status, _ = await court.approve(await court.submitted(24 * 29, 1))
        assert status == 409

    async def test_H6_a_named_person_overrides_with_a_reason(self, court: Court) -> None:
        event = await court.booked()
        status, answer = await court.approve(
            await court.submitted(1), court.secretary, override={"reason": "Perintah lisan Bupati"}
        )
        override = answer["event"]["override"]
        assert status == 201
        assert (override["reason"], override["over"]) == ("Perintah lisan Bupati", [event["id"]])
        assert override["actor"]["position_id"] == court.secretary.position_id
        assert answer["request"]["history"][-1]["reason"] == "Perintah lisan Bupati"

    async def test_override_without_a_reason_is_refused(self, court: Court) -> None:
        await court.booked()
        status, answer = await court.approve(await court.submitted(1), override={"reason": " "})
        assert (status, answer["code"]) == (422, "validation_failed")

    async def test_override_with_nothing_in_the_way_is_no_override(self, court: Court) -> None:
        _, answer = await court.approve(await court.submitted(), override={"reason": "Jaga-jaga"})
        assert answer["event"]["override"] is None

    async def test_clash_with_a_secret_matter_tells_only_its_times(self, court: Court) -> None:
        letter = court.a_letter("secret")
        await court.tell(letter)
        await court.booked(letter_id=letter.letter_id, title="Rapat rahasia")
        _, answer = await court.approve(await court.submitted(1))
        (clash,) = answer["clashes"]
        assert (clash["hidden"], clash["title"], clash["id"]) == (True, None, None)
        assert (clash["starts_at"], clash["ends_at"]) == ("2026-11-03T01:00:00Z", "2026-11-03T03:00:00Z")


class TestDecline:
    async def test_S11_with_a_reason(self, court: Court) -> None:
        request = await court.submitted()
        status, answer = await court.post(
            court.agenda, f"{PATH}/{request['id']}/decline", {"reason": "Bupati dinas luar"}
        )
        assert (status, answer["state"]) == (200, "declined")
        assert answer["history"][-1]["reason"] == "Bupati dinas luar"
        event = RequestDeclined.read((await published(court.service))[-1].data)
        assert (event.reason, len(event.told)) == ("Bupati dinas luar", 3)

    async def test_without_a_reason(self, court: Court) -> None:
        request = await court.submitted()
        status, answer = await court.post(court.secretary, f"{PATH}/{request['id']}/decline", {})
        assert (status, answer["code"]) == (422, "validation_failed")

    async def test_what_was_approved_stays_approved(self, court: Court) -> None:
        request = await court.submitted()
        await court.approve(request)
        status, answer = await court.post(court.secretary, f"{PATH}/{request['id']}/decline", {"reason": "Tidak"})
        assert (status, answer["code"], answer["state"]) == (409, "state_changed", "approved")

    async def test_aide_does_not_decline(self, court: Court) -> None:
        request = await court.submitted()
        status, _ = await court.post(court.aide, f"{PATH}/{request['id']}/decline", {"reason": "Tidak"})
        assert status == 403


class TestAtOnce:
    async def test_H6_of_100_concurrent_bookings_of_one_slot_exactly_one_wins(self, court: Court, serve: Serve) -> None:
        requests = await self.hundred(court)
        settings = court.service.foundation.settings
        assert isinstance(settings, ScheduleSettings)
        second = build(settings, court.signer.keys)
        async with serve(second) as http:
            # Two processes' worth of service, so that not a lock in memory but the database decides.
            doors = [court, Court(second, http, court.signer)]
            answers = await asyncio.gather(
                *(doors[n % 2].approve(one, court.secretary) for n, one in enumerate(requests))
            )
        second.foundation.database.client.close()
        assert sorted(status for status, _ in answers) == [201] + [409] * 99
        assert {answer["code"] for status, answer in answers if status == 409} == {"schedule_clash"}
        status, calendar = await court.calendar(court.secretary)
        assert (status, len(calendar["items"])) == (200, 1)
        assert (await types_published(court.service)).count("schedule.request.approved") == 1

    async def test_one_request_decided_at_once_is_decided_once(self, court: Court) -> None:
        request = await court.submitted()
        decline = court.post(court.agenda, f"{PATH}/{request['id']}/decline", {"reason": "Penuh"})
        answers = await asyncio.gather(*(court.approve(request) for _ in range(9)), decline)
        assert min(status for status, _ in answers) in (200, 201)
        assert [status for status, _ in answers].count(409) == 9
        assert len(await published(court.service)) == 2

    async def hundred(self, court: Court) -> list[Json]:
        gate = asyncio.Semaphore(10)

        async def ask(number: int) -> Json:
            async with gate:
                return await court.submitted(start=(number % 4) * 0.25)

        return list(await asyncio.gather(*(ask(number) for number in range(100))))
