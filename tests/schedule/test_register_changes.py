"""What the register says of an invitation later: open requests follow it, what was booked says so and stays."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.bus.outcome import Done, Retry
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.routing import LetterDelivered
from services.contracts.schedule import RequestDeclined
from services.contracts.vocabulary import Occasion
from tests.events import deliver, published, types_published
from tests.people import actor, principal
from tests.schedule.court import NINE, Court, Json


def by(court: Court) -> Any:
    return actor(principal(court.head), court.head)


def correction(court: Court, letter: LetterDelivered, **changes: Any) -> LetterCorrected:
    """The letter corrected by who registered it; the ceremony is a day later, in another place."""
    assert letter.occasion is not None
    moved = Occasion(
        title="Peresmian Embung Sekartaji",
        place="Balai Desa Sekartaji",
        starts_at=NINE + timedelta(days=1),
        ends_at=NINE + timedelta(days=1, hours=2),
    )
    given: Json = {
        "letter_id": letter.letter_id,
        "kind": letter.kind,
        "category": letter.category,
        "urgency": letter.urgency,
        "confidentiality": letter.access.confidentiality,
        "subject": letter.subject,
        "received_on": date(2026, 10, 1),
        "sender": letter.sender,
        "occasion": moved,
        "changes": (),
        "reason": "Tanggal acara salah ketik",
        "corrected_by": by(court),
        "at": NINE - timedelta(days=20),
    }
    return LetterCorrected(**(given | changes))


def void(court: Court, letter: LetterDelivered) -> LetterVoided:
    """The letter declared void."""
    return LetterVoided(
        letter_id=letter.letter_id,
        book="masuk",
        year=letter.year,
        agenda_number=letter.agenda_number,
        subject=letter.subject,
        confidentiality=letter.access.confidentiality,
        reason="Terdaftar dua kali",
        voided_by=by(court),
        at=NINE - timedelta(days=10),
    )


async def of_secretary(court: Court) -> list[Json]:
    _, answer = await court.get(court.secretary, "/v1/schedule/requests")
    items: list[Json] = answer["items"]
    return items


@pytest.fixture
async def opened(court: Court) -> Json:
    """The request that a disposition on the invitation opened."""
    await court.tell(court.disposition(court.leader))
    (request,) = await of_secretary(court)
    return request


class TestCorrected:
    async def test_an_open_request_follows_its_invitation(self, court: Court, opened: Json) -> None:
        await court.tell(correction(court, court.letter), seq=2)
        (request,) = await of_secretary(court)
        assert (request["title"], request["place"]) == ("Peresmian Embung Sekartaji", "Balai Desa Sekartaji")
        assert request["starts_at"].startswith("2026-11-04T01:00")
        entry = request["history"][-1]
        assert (entry["what"], entry["reason"]) == ("letter_corrected", "Tanggal acara salah ketik")
        assert await types_published(court.service) == ["schedule.request.submitted"]

    async def test_it_is_decided_as_it_is_then(self, court: Court, opened: Json) -> None:
        await court.tell(correction(court, court.letter), seq=2)
        status, answer = await court.approve(opened)
        assert (status, answer["event"]["starts_at"]) == (201, "2026-11-04T01:00:00Z")

    async def test_of_two_corrections_the_newer_holds_whichever_came_first(self, court: Court, opened: Json) -> None:
        await court.tell(correction(court, court.letter), seq=3)
        await court.tell(correction(court, court.letter, occasion=court.letter.occasion), seq=2)
        (request,) = await of_secretary(court)
        assert request["place"] == "Balai Desa Sekartaji"

    async def test_what_is_booked_stays_and_the_request_says_that_the_letter_changed(
        self, court: Court, opened: Json
    ) -> None:
        _, booked = await court.approve(opened)
        await court.tell(correction(court, court.letter), seq=2)
        (request,) = await of_secretary(court)
        assert (request["state"], request["starts_at"]) == ("approved", opened["starts_at"])
        assert request["history"][-1]["what"] == "letter_corrected"
        _, calendar = await court.calendar(court.secretary)
        assert [one["starts_at"] for one in calendar["items"]] == [booked["event"]["starts_at"]]

    async def test_what_somebody_asked_for_in_their_own_words_stays(self, court: Court) -> None:
        request = await court.submitted(letter_id=court.letter.letter_id)
        await court.tell(correction(court, court.letter), seq=2)
        _, seen = await court.get(court.head, f"/v1/schedule/requests/{request['id']}")
        assert (seen["title"], seen["history"]) == ("Audiensi alat berat", request["history"])

    async def test_K10_made_secret_it_is_decided_without_its_title(self, court: Court, opened: Json) -> None:
        await court.tell(correction(court, court.letter, confidentiality="secret"), seq=2)
        (request,) = await of_secretary(court)
        assert request["title"] == "Acara tertutup"
        await court.post(court.secretary, f"/v1/schedule/requests/{opened['id']}/decline", {"reason": "Bentrok"})
        assert RequestDeclined.read((await published(court.service))[-1].data).title == "Acara tertutup"

    async def test_a_correction_that_is_early_waits_for_the_letter(self, court: Court) -> None:
        letter = court.a_letter()
        early = correction(court, letter)
        assert isinstance(await deliver(court.service, early, 2), Retry)
        await court.tell(letter)
        assert await deliver(court.service, early, 2) == Done()
        await court.tell(court.disposition(court.leader, letter_id=letter.letter_id))
        (request,) = await of_secretary(court)
        assert request["place"] == "Balai Desa Sekartaji"


class TestVoided:
    async def test_what_is_not_decided_is_declined_with_the_reason_and_told(self, court: Court, opened: Json) -> None:
        event = void(court, court.letter)
        await court.tell(event, seq=2)
        (request,) = await of_secretary(court)
        assert request["state"] == "declined"
        told = RequestDeclined.read((await published(court.service))[-1].data)
        assert (told.reason, told.actor) == ("Surat dibatalkan: Terdaftar dua kali", event.voided_by)
        assert set(told.told) == {one.position_id for one in (court.leader, court.secretary, court.aide)}

    async def test_it_cannot_be_approved_any_more(self, court: Court, opened: Json) -> None:
        await court.tell(void(court, court.letter), seq=2)
        status, answer = await court.approve(opened)
        assert (status, answer["code"], answer["state"]) == (409, "state_changed", "declined")

    async def test_what_is_booked_stays_for_a_person_to_decide_and_says_so(self, court: Court, opened: Json) -> None:
        await court.approve(opened)
        await court.tell(void(court, court.letter), seq=2)
        (request,) = await of_secretary(court)
        assert (request["state"], request["history"][-1]["what"]) == ("approved", "letter_voided")
        _, calendar = await court.calendar(court.secretary)
        (event,) = calendar["items"]
        assert event["state"] == "definitive"
        assert event["note"].endswith("Surat undangannya dibatalkan: Terdaftar dua kali")
        assert event["history"][-1]["what"] == "letter_voided"

    async def test_a_disposition_heard_of_later_opens_nothing(self, court: Court) -> None:
        await court.tell(void(court, court.letter), seq=2)
        await court.tell(court.disposition(court.leader))
        assert await of_secretary(court) == []

    async def test_nobody_asks_because_of_it(self, court: Court) -> None:
        await court.tell(void(court, court.letter), seq=2)
        wish = court.wish(letter_id=court.letter.letter_id)
        status, answer = await court.post(court.head, "/v1/schedule/requests", wish)
        assert (status, answer["code"]) == (409, "letter_voided")

    async def test_one_that_is_early_waits_for_the_letter(self, court: Court) -> None:
        letter = court.a_letter()
        assert isinstance(await deliver(court.service, void(court, letter), 2), Retry)
        await court.tell(letter)
        assert await deliver(court.service, void(court, letter), 2) == Done()


class TestPractice:
    async def test_a_disposition_on_it_asks_for_nobodys_time(self, court: Court) -> None:
        letter = court.a_letter(training=True)
        await court.tell(letter)
        await court.tell(court.disposition(court.leader, letter_id=letter.letter_id))
        assert await of_secretary(court) == []

    async def test_nobody_asks_because_of_it(self, court: Court) -> None:
        letter = court.a_letter(training=True)
        await court.tell(letter)
        status, answer = await court.post(court.head, "/v1/schedule/requests", court.wish(letter_id=letter.letter_id))
        assert (status, answer["code"]) == (422, "training_letter")
