"""What happens to one letter in one moment is told as one."""

import asyncio
from datetime import datetime, timedelta
from typing import get_args

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.auth import Principal
from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.event import Event
from services.contracts.routing import LetterCompleted
from services.notify.domain.notification import Reason
from services.notify.domain.together import SPANS, belong_together
from services.notify.store.notifications import COLLECTION
from tests.events import deliver, envelope_of
from tests.notify.stories import SUBJECT, branch, completed, delivered, recalled, replied
from tests.notify.told import seen, told
from tests.people import held, principal
from tests.signing import TokenSigner

pytestmark = pytest.mark.usefixtures("prepared")
SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Siap:
    """An officer's "Siap!" that closes the letter, in three events; ``head`` gave the disposition."""

    def __init__(self, letter_id: str, *, later: timedelta = timedelta(milliseconds=80)) -> None:
        self.head, self.village = new_id(), new_id()
        officer = principal(held("officer", title="Kepala Seksi Alat Berat"))
        at = now()
        reply = replied(officer, self.head, letter_id=letter_id)
        done = completed(officer, self.head, letter_id=letter_id, all_done=True)
        same = {"at": at, "disposition_id": reply.disposition_id, "recipient_id": reply.recipient_id}
        closed = LetterCompleted(
            letter_id=letter_id, subject=SUBJECT, outcome="activity", holders=(self.head, self.village), at=at + later
        )
        events: list[Event] = [reply.model_copy(update=same), done.model_copy(update=same | {"report": None}), closed]
        self.envelopes = [envelope_of(event) for event in events]


async def a_letter(notify: Service) -> str:
    """A letter that notify knows."""
    letter = delivered(branch(new_id()))
    await deliver(notify, letter)
    return letter.letter_id


async def heard(notify: Service, envelopes: list[Envelope]) -> None:
    """They come one after the other."""
    for envelope in envelopes:
        assert await deliver(notify, envelope) == Done()


class TestSiap:
    async def test_P11_the_head_hears_once_of_the_answer_that_closes_the_letter(self, notify: Service) -> None:
        siap = Siap(await a_letter(notify))
        await heard(notify, siap.envelopes)
        one = await seen(notify, siap.head)
        assert (one.reason, one.title) == ("disposition_replied", f"Jawaban disposisi: {SUBJECT}")
        assert one.text == (
            "Kepala Seksi Alat Berat menjawab: “Siap!”. Anda menerima ini karena Anda yang memberi disposisi ini. "
            "Dengan ini bagian Kepala Seksi Alat Berat selesai. Semua penerima sudah selesai. "
            "Dengan ini surat selesai, dengan hasil: kegiatan."
        )

    async def test_others_hear_that_the_letter_is_done(self, notify: Service) -> None:
        siap = Siap(await a_letter(notify))
        await heard(notify, siap.envelopes)
        assert (await seen(notify, siap.village)).reason == "letter_completed"

    @SHARED
    @given(order=st.permutations(range(3)), again=st.lists(st.integers(0, 2), max_size=4))
    async def test_in_any_order_and_however_often_the_head_hears_once_of_all_three(
        self, notify: Service, order: list[int], again: list[int]
    ) -> None:
        siap = Siap(await a_letter(notify))
        await heard(notify, [siap.envelopes[number] for number in [*order, *again]])
        text = (await seen(notify, siap.head)).text
        assert [text.count(what) for what in ("“Siap!”", "Semua penerima sudah selesai", "kegiatan")] == [1, 1, 1]

    async def test_also_when_they_are_handled_at_the_same_time(self, notify: Service) -> None:
        for _ in range(5):
            siap = Siap(await a_letter(notify))
            await asyncio.gather(*(deliver(notify, one) for one in [*siap.envelopes, *siap.envelopes]))
            await seen(notify, siap.head)

    async def test_the_list_shows_it_as_one(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner
    ) -> None:
        siap = Siap(await a_letter(notify))
        await heard(notify, siap.envelopes)
        person = principal(held("head", position_id=siap.head))
        async with http.get("/v1/notifications", headers=signer.headers(person)) as answer:
            page = await answer.json()
        assert page["unread"] == 1
        (item,) = page["items"]
        assert item["text"].endswith("Dengan ini surat selesai, dengan hasil: kegiatan.")
        assert set(item) == {"id", "position_id", "reason", "title", "text", "links", "created_at", "read"}


class TestApart:
    async def test_what_was_read_already_is_not_added_to(self, notify: Service) -> None:
        siap = Siap(await a_letter(notify))
        await heard(notify, siap.envelopes[:2])
        await notify.foundation.database[COLLECTION].update_many({"position_id": siap.head}, {"$unset": {"unread": ""}})
        await heard(notify, [siap.envelopes[2], *siap.envelopes])
        reasons = [row["reason"] for row in await told(notify, siap.head)]
        assert reasons == ["disposition_replied", "letter_completed"]

    async def test_a_letter_that_is_done_later_is_told_apart(self, notify: Service) -> None:
        siap = Siap(await a_letter(notify), later=timedelta(minutes=5))
        await heard(notify, siap.envelopes)
        reasons = [row["reason"] for row in await told(notify, siap.head)]
        assert reasons == ["disposition_replied", "letter_completed"]

    async def test_two_answers_are_two_things(self, notify: Service) -> None:
        letter_id, head = await a_letter(notify), new_id()
        for name in ("Kepala Seksi Alat Berat", "Kepala Seksi Jalan"):
            officer: Principal = principal(held("officer", title=name))
            await deliver(notify, replied(officer, head, letter_id=letter_id))
        assert len(await told(notify, head)) == 2

    async def test_another_letters_end_is_another_thing(self, notify: Service) -> None:
        one, other = Siap(await a_letter(notify)), Siap(await a_letter(notify))
        other.envelopes[2] = envelope_of(
            LetterCompleted(
                letter_id=await a_letter(notify), subject=SUBJECT, outcome="noted", holders=(one.head,), at=now()
            )
        )
        await heard(notify, [*one.envelopes[:2], other.envelopes[2]])
        assert len(await told(notify, one.head)) == 2

    async def test_an_arrival_is_never_added_to(self, notify: Service) -> None:
        holder = new_id()
        letter = delivered(branch(holder))
        await deliver(notify, letter)
        closed = LetterCompleted(
            letter_id=letter.letter_id, subject=SUBJECT, outcome="noted", holders=(holder,), at=now()
        )
        await deliver(notify, closed)
        assert [row["reason"] for row in await told(notify, holder)] == ["letter_addressed", "letter_completed"]


async def test_a_recall_that_ends_the_letter_is_told_as_one(notify: Service) -> None:
    holder = new_id()
    letter = delivered(way := branch(holder))
    await deliver(notify, letter)
    closed = LetterCompleted(letter_id=letter.letter_id, subject=SUBJECT, outcome="noted", holders=(holder,), at=now())
    for event in (recalled(principal(), way, letter.letter_id), closed):
        await deliver(notify, event)
    assert [row["reason"] for row in await told(notify, holder)] == ["letter_addressed", "letter_recalled"]


NOON = datetime.fromisoformat("2026-03-02T12:00:00+08:00")
reasons: st.SearchStrategy[Reason] = st.sampled_from(get_args(Reason))


class TestTheRule:
    @given(reasons, reasons, st.integers(-120, 120))
    def test_it_does_not_matter_which_comes_first(self, one: Reason, other: Reason, seconds: int) -> None:
        then = NOON + timedelta(seconds=seconds)
        assert belong_together(one, NOON, other, then) is belong_together(other, then, one, NOON)

    @given(reasons, reasons)
    def test_what_is_not_in_the_table_is_told_apart(self, one: Reason, other: Reason) -> None:
        assert belong_together(one, NOON, other, NOON) is (frozenset({one, other}) in SPANS)
