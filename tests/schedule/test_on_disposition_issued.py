"""A disposition that says to schedule opens a request."""

from datetime import UTC, datetime, timedelta

from services.chassis.bus.outcome import Done, Duplicate, Retry
from services.chassis.ids import new_id
from services.contracts.schedule import RequestSubmitted
from services.contracts.vocabulary import Occasion
from tests.events import deliver, envelope_of, published
from tests.people import held, position_changed
from tests.schedule.court import NINE, Court, Json, hours


class TestOnDispositionIssued:
    async def opened(self, court: Court) -> list[Json]:
        _, answer = await court.get(court.secretary, "/v1/schedule/requests")
        items: list[Json] = answer["items"]
        return items

    async def test_H2_jadwalkan_opens_a_request_with_what_the_letter_names(self, court: Court) -> None:
        issued = court.disposition(court.leader)
        await court.tell(issued)
        (request,) = await self.opened(court)
        assert (request["title"], request["place"], request["type"]) == (
            "Peresmian Embung",
            "Desa Sekartaji",
            "invitation",
        )
        assert request["starts_at"] == NINE.isoformat().replace("+00:00", "Z")
        assert (request["letter_id"], request["disposition_id"]) == (issued.letter_id, issued.disposition_id)
        assert request["requester"] == issued.issuer.model_dump(mode="json")
        assert request["state"] == "submitted"

    async def test_S8_leader_personal_secretary_and_aide_are_told(self, court: Court) -> None:
        await court.tell(court.disposition(court.leader))
        event = RequestSubmitted.read((await published(court.service))[0].data)
        assert set(event.told) == {one.position_id for one in (court.leader, court.secretary, court.aide)}

    async def test_other_instructions_open_nothing(self, court: Court) -> None:
        await court.tell(court.disposition(court.leader, "completion"))
        assert await published(court.service) == []

    async def test_from_below_it_is_the_nearest_leader_above(self, court: Court) -> None:
        await court.tell(court.disposition(court.head))
        (request,) = await self.opened(court)
        assert request["leader_position_id"] == court.leader.position_id
        assert request["requester"]["position_id"] == court.head.position_id

    async def test_where_nobody_above_is_a_leader_there_is_no_request(self, court: Court) -> None:
        await court.tell(court.disposition(court.outsider))
        assert await published(court.service) == []

    async def test_delivered_twenty_times_opens_one(self, court: Court) -> None:
        issued = court.disposition(court.leader)
        envelope = envelope_of(issued)
        outcomes = [await deliver(court.service, envelope) for _ in range(20)]
        assert outcomes == [Done()] + [Duplicate()] * 19
        assert await deliver(court.service, issued) == Done()
        assert len(await self.opened(court)) == 1

    async def test_before_its_letter_it_waits(self, court: Court) -> None:
        letter = court.a_letter()
        issued = envelope_of(court.disposition(court.leader, letter_id=letter.letter_id))
        assert isinstance(await deliver(court.service, issued), Retry)
        await court.tell(letter)
        assert await deliver(court.service, issued) == Done()
        assert len(await self.opened(court)) == 1

    async def test_before_its_issuer_is_known_it_waits(self, court: Court) -> None:
        newcomer = held("head", title="Asisten")
        issued = envelope_of(court.disposition(newcomer))
        assert isinstance(await deliver(court.service, issued), Retry)
        await court.tell(position_changed(newcomer, court.leader.position_id))
        assert await deliver(court.service, issued) == Done()

    async def test_letter_without_an_occasion_leaves_the_times_to_whoever_approves(self, court: Court) -> None:
        letter = court.a_letter(occasion=None, letter_id=new_id())
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, letter_id=letter.letter_id))
        (request,) = await self.opened(court)
        assert (request["title"], request["starts_at"]) == ("Undangan peresmian embung", None)
        status, answer = await court.approve(request)
        assert (status, answer["code"]) == (422, "time_required")
        status, answer = await court.approve(request, **hours(0))
        assert (status, answer["event"]["starts_at"]) == (201, "2026-11-03T01:00:00Z")

    async def test_times_that_no_calendar_holds_are_as_good_as_none(self, court: Court) -> None:
        end = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
        occasion = Occasion(title="Rapat", starts_at=end - timedelta(hours=1), ends_at=end)
        letter = court.a_letter(occasion=occasion, letter_id=new_id())
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, letter_id=letter.letter_id))
        (request,) = await self.opened(court)
        assert (request["title"], request["starts_at"]) == ("Rapat", None)
