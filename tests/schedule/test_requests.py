"""Asking for a leader's presence."""

import pytest

from services.chassis.ids import new_id
from services.contracts.schedule import RequestSubmitted
from tests.events import published, types_published
from tests.people import principal
from tests.schedule.court import NINE, Court, Json

PATH = "/v1/schedule/requests"


class TestSubmit:
    async def test_S1_a_request_is_kept_with_who_asked(self, court: Court) -> None:
        answer = await court.submitted(place="Ruang Rapat", letter_id=court.letter.letter_id)
        assert (answer["state"], answer["place"], answer["leader_title"]) == (
            "submitted",
            "Ruang Rapat",
            "Bupati Klungkung",
        )
        assert answer["requester"]["position_title"] == "Kepala Dinas PU"
        assert [entry["what"] for entry in answer["history"]] == ["submitted"]

    async def test_S8_leader_personal_secretary_and_aide_are_told(self, court: Court) -> None:
        answer = await court.submitted()
        (envelope,) = await published(court.service)
        event = RequestSubmitted.read(envelope.data)
        assert (envelope.subject, envelope.streamversion) == (f"schedule_request/{answer['id']}", 1)
        assert event.told[0] == court.leader.position_id
        assert set(event.told) == {one.position_id for one in (court.leader, court.secretary, court.aide)}

    async def test_S5_head_of_a_leadership_unit_has_a_calendar_too(self, court: Court) -> None:
        answer = await court.submitted(leader_position_id=court.deputy.position_id)
        assert answer["leader_title"] == "Wakil Bupati Klungkung"

    async def test_repeat_with_the_same_key_asks_once(self, court: Court) -> None:
        person = principal(court.head)
        first = await court.post(person, PATH, court.wish(), key="once")
        assert await court.post(person, PATH, court.wish(), key="once") == first
        assert await types_published(court.service) == ["schedule.request.submitted"]

    async def test_a_confidential_title_is_not_published(self, court: Court) -> None:
        letter = court.a_letter("secret")
        await court.tell(letter)
        answer = await court.submitted(letter_id=letter.letter_id, title="Rapat rahasia", place="Pos 1")
        assert answer["title"] == "Rapat rahasia"
        event = RequestSubmitted.read((await published(court.service))[0].data)
        assert (event.title, event.place) == ("Acara tertutup", None)


class TestRefused:
    async def refusal(self, court: Court, **change: object) -> tuple[int, str]:
        status, answer = await court.post(court.head, PATH, court.wish(**change))  # type: ignore[arg-type]
        assert await published(court.service) == []
        return status, answer["code"]

    async def test_position_without_a_calendar(self, court: Court) -> None:
        assert await self.refusal(court, leader_position_id=court.sekda.position_id) == (422, "not_a_leader")

    async def test_unknown_leader(self, court: Court) -> None:
        assert await self.refusal(court, leader_position_id=new_id()) == (404, "not_found")

    async def test_K6_letter_that_the_caller_may_not_read(self, court: Court) -> None:
        status, answer = await court.post(court.outsider, PATH, court.wish(letter_id=court.letter.letter_id))
        assert (status, answer["code"]) == (404, "not_found")

    @pytest.mark.parametrize("length", [0, -1, 24 * 31 + 1])
    async def test_times_that_make_no_slot(self, court: Court, length: float) -> None:
        assert await self.refusal(court, length=length) == (422, "slot_invalid")

    @pytest.mark.parametrize(
        "change", [{"title": " "}, {"type": "party"}, {"starts_at": "2026-11-03T09:00:00"}, {"surprise": 1}]
    )
    async def test_fields_that_cannot_be_accepted(self, court: Court, change: Json) -> None:
        assert await self.refusal(court, **change) == (422, "validation_failed")

    async def test_position_that_is_not_held(self, court: Court) -> None:
        assert await self.refusal(court, as_position=court.leader.position_id) == (403, "forbidden")

    async def test_without_the_scope(self, court: Court) -> None:
        status, answer = await court.post(court.head, PATH, court.wish(), scope="letters:read")
        assert (status, answer["code"]) == (403, "forbidden")


class TestShow:
    async def ids(self, court: Court, who: object, **query: str) -> list[str]:
        status, answer = await court.get(who, PATH, **query)  # type: ignore[arg-type]
        assert status == 200
        return [one["id"] for one in answer["items"]]

    async def test_S13_requester_and_S3_the_whole_office_see_it(self, court: Court) -> None:
        request = await court.submitted()
        for who in (court.head, court.leader, court.secretary, court.agenda, court.aide):
            assert await self.ids(court, who) == [request["id"]]
            assert (await court.get(who, f"{PATH}/{request['id']}"))[0] == 200

    async def test_others_do_not(self, court: Court) -> None:
        request = await court.submitted()
        for who in (court.outsider, court.deputy, court.sekda):
            assert await self.ids(court, who) == []
            status, answer = await court.get(who, f"{PATH}/{request['id']}")
            assert (status, answer["code"]) == (404, "not_found")

    async def test_filters_and_pages(self, court: Court) -> None:
        first, second, third = [await court.submitted(start=n * 3) for n in range(3)]
        await court.approve(second)
        assert await self.ids(court, court.secretary, state="submitted") == [third["id"], first["id"]]
        assert await self.ids(court, court.secretary, state="approved") == [second["id"]]
        assert await self.ids(court, court.head, leader=court.deputy.position_id) == []
        _, page = await court.get(court.head, PATH, limit="2")
        assert await self.ids(court, court.head, limit="2", cursor=page["next"]) == [first["id"]]

    async def test_title_of_a_secret_matter_is_hidden_from_who_may_not_read_the_letter(self, court: Court) -> None:
        letter = court.a_letter("secret")
        await court.tell(letter)
        request = await court.submitted(letter_id=letter.letter_id, title="Rapat rahasia")
        titles = {}
        for who in (court.head, court.leader, court.aide):
            _, seen = await court.get(who, f"{PATH}/{request['id']}")
            titles[who.role] = seen["title"]
        assert titles == {"head": "Rapat rahasia", "leader": "Rapat rahasia", "aide": "Acara tertutup"}

    async def test_times_come_back_as_they_went_in(self, court: Court) -> None:
        request = await court.submitted()
        _, seen = await court.get(court.head, f"{PATH}/{request['id']}")
        assert seen["starts_at"] == request["starts_at"] == NINE.isoformat().replace("+00:00", "Z")
