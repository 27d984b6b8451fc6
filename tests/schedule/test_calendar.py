"""Looking into a leader's calendar."""

import pytest

from services.chassis.ids import new_id
from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access, Confidentiality
from tests.people import held
from tests.schedule.court import Court, Json, hours


class TestEvents:
    async def test_office_sees_what_and_when_in_order(self, court: Court) -> None:
        await court.booked(4, title="Siang")
        await court.booked(0, title="Pagi")
        for who in (court.leader, court.secretary, court.aide):
            status, answer = await court.calendar(who)
            assert (status, [one["title"] for one in answer["items"]]) == (200, ["Pagi", "Siang"])

    async def test_others_see_only_when(self, court: Court) -> None:
        await court.booked()
        status, answer = await court.calendar(court.outsider)
        (entry,) = answer["items"]
        assert (status, entry["hidden"], entry["title"], entry["place"], entry["history"]) == (
            200,
            True,
            None,
            None,
            [],
        )

    async def test_whoever_asked_sees_their_own(self, court: Court) -> None:
        await court.booked()
        _, answer = await court.calendar(court.head)
        assert answer["items"][0]["title"] == "Audiensi alat berat"

    async def test_access_that_is_taken_away_hides_the_title(self, court: Court) -> None:
        event = await court.booked(letter_id=court.letter.letter_id)
        assert (await court.calendar(court.aide))[1]["items"][0]["hidden"] is False
        access = Access(confidentiality="secret", units=(court.unit_id,))
        await court.tell(AccessChanged(letter_id=court.letter.letter_id, access=access, access_version=2))
        assert (await court.calendar(court.aide))[1]["items"][0]["hidden"] is True
        assert (await court.get(court.aide, f"/v1/schedule/events/{event['id']}"))[0] == 404
        assert (await court.get(court.leader, f"/v1/schedule/events/{event['id']}"))[0] == 200

    @pytest.mark.parametrize(
        ("role", "confidentiality", "hidden"),
        [
            ("leader", "secret", False),
            ("leader", "top_secret", True),
            ("auditor", "restricted", False),
            ("auditor", "secret", True),
            ("head", "ordinary", True),
        ],
    )
    async def test_K6_who_reads_every_units_letters_sees_what_came_of_them(
        self, court: Court, role: str, confidentiality: Confidentiality, hidden: bool
    ) -> None:
        letter = court.a_letter(confidentiality)
        await court.tell(letter)
        request = await court.submitted(letter_id=letter.letter_id)
        event = (await court.approve(request, court.leader))[1]["event"]
        overseer = held(role, title="Wakil Bupati", unit_name="Wakil Bupati")
        (entry,) = (await court.calendar(overseer))[1]["items"]
        assert entry["hidden"] is hidden
        status, _ = await court.get(overseer, f"/v1/schedule/events/{event['id']}")
        assert status == (404 if hidden else 200)

    async def test_only_what_lies_in_the_range(self, court: Court) -> None:
        await court.booked(0, 2)
        for start, length, count in ((2, 5, 0), (-5, 5, 0), (1.5, 5, 1), (-5, 5.1, 1)):
            _, answer = await court.calendar(court.leader, start, length)
            assert len(answer["items"]) == count

    @pytest.mark.parametrize("length", [0, -1, 24 * 92 + 1])
    async def test_range_that_is_none_or_too_wide(self, court: Court, length: float) -> None:
        status, answer = await court.calendar(court.leader, 0, length)
        assert (status, answer["code"]) == (422, "range_invalid")

    async def test_unknown_leader_and_event(self, court: Court) -> None:
        when = hours(0)
        query = {"leader": new_id(), "start": when["starts_at"], "end": when["ends_at"]}
        assert (await court.get(court.leader, "/v1/schedule/events", **query))[0] == 404
        assert (await court.get(court.leader, f"/v1/schedule/events/{new_id()}"))[0] == 404

    async def test_S9_history_of_an_event_says_who_booked_it(self, court: Court) -> None:
        event = await court.booked()
        _, seen = await court.get(court.secretary, f"/v1/schedule/events/{event['id']}")
        assert [(one["what"], one["actor"]["position_title"]) for one in seen["history"]] == [
            ("booked", "Sekretaris Pribadi Bupati")
        ]


class TestConflicts:
    async def look(self, court: Court, start: float, length: float = 2) -> Json:
        when = hours(start, length)
        status, answer = await court.get(
            court.secretary,
            "/v1/schedule/conflicts",
            leader=court.leader.position_id,
            start=when["starts_at"],
            end=when["ends_at"],
        )
        assert status == 200
        return answer

    async def test_S12_a_conflict_is_shown_before_approving(self, court: Court) -> None:
        event = await court.booked()
        answer = await self.look(court, 1)
        assert (answer["free"], [one["id"] for one in answer["items"]]) == (False, [event["id"]])

    async def test_S12_free_time_is_free(self, court: Court) -> None:
        await court.booked()
        assert await self.look(court, 2) == {"free": True, "items": []}
