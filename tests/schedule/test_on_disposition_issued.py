"""A disposition that says to schedule opens a request."""

from datetime import UTC, datetime, timedelta

from services.chassis.auth import HeldPosition
from services.chassis.bus.outcome import Done, Duplicate, Retry
from services.chassis.ids import new_id
from services.contracts.routing import Branch, LetterDelivered
from services.contracts.schedule import RequestSubmitted
from services.contracts.vocabulary import Occasion
from tests.events import deliver, envelope_of, published
from tests.people import held, position_changed
from tests.schedule.court import NINE, Court, Json, hours


async def opened(court: Court, by: HeldPosition | None = None) -> list[Json]:
    """The requests that the bupati's personal secretary sees, or somebody else."""
    _, answer = await court.get(by or court.secretary, "/v1/schedule/requests")
    items: list[Json] = answer["items"]
    return items


class TestOnDispositionIssued:
    async def test_H2_jadwalkan_opens_a_request_with_what_the_letter_names(self, court: Court) -> None:
        issued = court.disposition(court.leader)
        await court.tell(issued)
        (request,) = await opened(court)
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
        (request,) = await opened(court)
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
        assert len(await opened(court)) == 1

    async def test_before_its_letter_it_waits(self, court: Court) -> None:
        letter = court.a_letter()
        issued = envelope_of(court.disposition(court.leader, letter_id=letter.letter_id))
        assert isinstance(await deliver(court.service, issued), Retry)
        await court.tell(letter)
        assert await deliver(court.service, issued) == Done()
        assert len(await opened(court)) == 1

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
        (request,) = await opened(court)
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
        (request,) = await opened(court)
        assert (request["title"], request["starts_at"]) == ("Rapat", None)


class TestGoing:
    def letter_for(self, court: Court, to: HeldPosition) -> LetterDelivered:
        way = Branch(
            branch_id=new_id(),
            role="addressee",
            unit_id=to.unit_id,
            unit_name=to.unit_name,
            position_id=to.position_id,
            holders=(to.position_id,),
        )
        return court.a_letter(branches=(way,))

    async def test_H2_wakili_opens_a_request_that_says_who_stands_in(self, court: Court) -> None:
        issued = court.disposition(court.leader, "agenda_and_report", to=court.head)
        await court.tell(issued)
        (request,) = await opened(court)
        assert (request["note"], request["title"]) == ("Wakili dan laporkan: Kepala Dinas PU", "Peresmian Embung")
        assert request["leader_position_id"] == court.leader.position_id
        assert request["disposition_id"] == issued.disposition_id
        assert request["starts_at"] == "2026-11-03T01:00:00Z"

    async def test_the_note_goes_into_the_calendar(self, court: Court) -> None:
        await court.tell(court.disposition(court.leader, "agenda_and_report", to=court.head))
        status, answer = await court.approve((await opened(court))[0])
        assert (status, answer["event"]["note"]) == (201, "Wakili dan laporkan: Kepala Dinas PU")
        assert (await court.calendar(court.leader))[1]["items"][0]["note"] == "Wakili dan laporkan: Kepala Dinas PU"

    async def test_a_leader_who_is_sent_is_asked_for_their_own_time(self, court: Court) -> None:
        await court.tell(court.disposition(court.leader, "agenda_and_report", to=court.deputy))
        (request,) = await opened(court, court.deputy)
        assert request["leader_position_id"] == court.deputy.position_id

    async def test_hadir_bersama_means_that_the_leader_goes_even_where_no_time_is_named(self, court: Court) -> None:
        letter = court.a_letter(occasion=None)
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, "agenda", letter.letter_id, court.head))
        (request,) = await opened(court)
        assert (request["note"], request["starts_at"]) == ("Dampingi: Kepala Dinas PU", None)

    async def test_where_somebody_is_sent_to_no_occasion_there_is_nothing_to_book(self, court: Court) -> None:
        letter = court.a_letter(occasion=None)
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, "agenda_and_report", letter.letter_id, court.head))
        assert await published(court.service) == []

    async def test_whom_an_office_sends_to_its_own_invitation_is_no_business_of_the_leader(self, court: Court) -> None:
        await court.tell(court.disposition(court.head, "agenda_and_report", to=court.outsider))
        assert await published(court.service) == []

    async def test_the_leaders_invitation_stays_theirs_whoever_below_sends_somebody(self, court: Court) -> None:
        letter = self.letter_for(court, court.leader)
        await court.tell(letter)
        await court.tell(court.disposition(court.sekda, "agenda_and_report", letter.letter_id, court.head))
        (request,) = await opened(court)
        assert request["leader_position_id"] == court.leader.position_id
        assert request["requester"]["position_id"] == court.sekda.position_id

    async def test_who_goes_to_a_confidential_occasion_is_told_to_its_readers_alone(self, court: Court) -> None:
        letter = court.a_letter("secret")
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, "agenda_and_report", letter.letter_id, court.head))
        assert [one["note"] for one in await opened(court, court.agenda)] == [None]
        assert [one["note"] for one in await opened(court, court.leader)] == ["Wakili dan laporkan: Kepala Dinas PU"]


class TestOnRecipientAdded:
    async def test_who_is_told_to_schedule_later_opens_a_request_too(self, court: Court) -> None:
        issued = court.disposition(court.leader, "completion")
        await court.tell(issued)
        await court.tell(court.added(issued, court.leader, "schedule_request"), seq=2)
        (request,) = await opened(court)
        assert (request["disposition_id"], request["requester"]["position_id"]) == (
            issued.disposition_id,
            court.leader.position_id,
        )

    async def test_one_request_a_disposition_in_whatever_order_they_come(self, court: Court) -> None:
        for first, second in ((0, 1), (1, 0)):
            issued = court.disposition(court.leader)
            news = [issued, court.added(issued, court.leader, "agenda_and_report", court.head)]
            await court.tell(news[first], seq=first + 1)
            await court.tell(news[second], seq=second + 1)
        assert len(await opened(court)) == 2

    async def test_other_instructions_open_nothing(self, court: Court) -> None:
        issued = court.disposition(court.leader, "completion")
        await court.tell(court.added(issued, court.leader, "completion"), seq=2)
        assert await published(court.service) == []
