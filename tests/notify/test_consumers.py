"""Who is told of what, in which words, and how often."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.chassis.bus.outcome import Done
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.event import Event
from services.contracts.routing import LetterCompleted
from services.contracts.subscriptions import SUBSCRIPTIONS
from services.contracts.vocabulary import Confidentiality, Party
from services.notify.store.notifications import COLLECTION, Notifications
from tests.events import deliver, envelope_of
from tests.notify.stories import (
    SUBJECT,
    approved,
    branch,
    completed,
    declined,
    delivered,
    issued,
    recipient,
    replied,
    submitted,
)
from tests.notify.told import the_one, told
from tests.people import held, principal

pytestmark = pytest.mark.usefixtures("prepared")


def test_the_table_is_the_published_one(notify: Service) -> None:
    wanted = [subscription.event for subscription in notify.subscriptions]
    assert set(wanted) == set(SUBSCRIPTIONS["notify"])
    assert len(wanted) == len(set(wanted))


class TestLetterDelivered:
    """routing.letter.delivered."""

    async def test_the_holders_of_each_branch_are_told_why(self, notify: Service) -> None:
        registrar, head, camat = new_id(), new_id(), new_id()
        event = delivered(branch(registrar, head), branch(camat, role="copy", unit_name="Kecamatan Nusa Penida"))
        assert await deliver(notify, event) == Done()
        for position in (registrar, head):
            row = await the_one(notify, position)
            assert row["reason"] == "letter_addressed"
            assert row["title"] == f"Surat masuk: {SUBJECT}"
            assert row["text"] == (
                "Surat dari Desa Sekartaji, nomor agenda 12/2025. "
                "Anda menerima ini karena surat ini ditujukan kepada Dinas Pekerjaan Umum."
            )
            assert {name: value for name, value in row["links"].items() if value} == {"letter_id": event.letter_id}
        row = await the_one(notify, camat)
        assert row["reason"] == "letter_copied"
        assert row["text"].endswith("karena Kecamatan Nusa Penida mendapat tembusan surat ini.")

    async def test_a_sender_from_outside_does_not_pass_for_an_office(self, notify: Service) -> None:
        holder = new_id()
        outsider = Party(kind="external", name="Bupati Klungkung")
        await deliver(notify, delivered(branch(holder), sender=outsider))
        row = await the_one(notify, holder)
        assert row["text"].startswith("Surat dari pihak luar (Bupati Klungkung), nomor agenda")

    async def test_a_holder_of_two_branches_is_told_once_as_addressee(self, notify: Service) -> None:
        position = new_id()
        await deliver(notify, delivered(branch(position, role="copy"), branch(position)))
        assert (await the_one(notify, position))["reason"] == "letter_addressed"

    async def test_what_a_rule_addressed_says_so(self, notify: Service) -> None:
        head, copied, trusted = new_id(), new_id(), new_id()
        rule = "Alat berat ke Dinas PU"
        title = "Kepala Bidang Bina Marga"
        ways = branch(head, position_id=head, position_title=title, rule=rule), branch(copied, role="copy", rule=rule)
        await deliver(notify, delivered(*ways))
        await deliver(notify, delivered(branch(trusted, rule=rule), confidentiality="secret"))
        ends = {
            head: f"karena surat ini ditujukan kepada {title} menurut aturan “{rule}”.",
            copied: f"karena Dinas Pekerjaan Umum mendapat tembusan surat ini menurut aturan “{rule}”.",
            trusted: "karena surat ini ditujukan kepada Dinas Pekerjaan Umum menurut aturan pengiriman.",
        }
        for position, end in ends.items():
            assert (await the_one(notify, position))["text"].endswith(end)

    async def test_K5_what_leads_outside_is_told_to_nobody_who_just_entered_it(self, notify: Service) -> None:
        registrar = new_id()
        await deliver(notify, delivered(branch(new_id()), external=(branch(registrar, external_name="PT Bangun"),)))
        assert await told(notify, registrar) == []

    async def test_urgency_is_in_the_title(self, notify: Service) -> None:
        position = new_id()
        await deliver(notify, delivered(branch(position), urgency="very_urgent"))
        assert (await the_one(notify, position))["title"] == f"Surat masuk (sangat segera): {SUBJECT}"

    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret"])
    async def test_of_a_secret_letter_neither_subject_nor_sender_is_told(
        self, notify: Service, confidentiality: Confidentiality
    ) -> None:
        position = new_id()
        await deliver(notify, delivered(branch(position), confidentiality=confidentiality))
        row = await the_one(notify, position)
        assert SUBJECT not in str(row)
        assert "Sekartaji" not in str(row)
        assert row["title"] == "Surat masuk (surat rahasia)"


class TestDoubles:
    """However often an event comes."""

    async def test_twenty_deliveries_at_once_tell_once(self, notify: Service) -> None:
        positions = [new_id(), new_id()]
        envelope = envelope_of(delivered(branch(*positions)))
        outcomes = await asyncio.gather(*(deliver(notify, envelope) for _ in range(20)))
        assert outcomes == [Done()] * 20
        for position in positions:
            await the_one(notify, position)

    async def test_a_delivery_cut_short_is_made_whole_by_the_next(self, notify: Service) -> None:
        first, second = new_id(), new_id()
        envelope = envelope_of(delivered(branch(first, second)))
        await deliver(notify, envelope)
        await notify.foundation.database[COLLECTION].delete_one({"position_id": second})
        assert await deliver(notify, envelope) == Done()
        for position in (first, second):
            await the_one(notify, position)

    async def test_the_store_refuses_a_second_for_the_same_event_and_position(self, notify: Service) -> None:
        position = new_id()
        await deliver(notify, delivered(branch(position)))
        row = await the_one(notify, position)
        index = (await notify.foundation.database[COLLECTION].index_information())["event_position"]
        assert index["unique"]
        again = {**row, "_id": new_id()}
        with pytest.raises(Exception, match="E11000"):
            await notify.foundation.database[COLLECTION].insert_one(again)


class TestDispositionIssued:
    """disposition.disposition.issued."""

    async def test_P10_each_recipient_hears_its_own_instructions(self, notify: Service) -> None:
        letter = delivered(branch(new_id()))
        await deliver(notify, letter)
        issuer = principal(held("head", capacity="plt", title="Kepala Dinas PU"))
        one, other = held("officer", title="Kepala Bidang Alat Berat"), held("officer")
        event = issued(
            issuer,
            recipient(one, "Pelajari / telaah", "Sosialisasikan", due_on=date(2025, 3, 12)),
            recipient(other, "Untuk diketahui", responsible=False),
            letter_id=letter.letter_id,
        )
        await deliver(notify, event)
        row = await the_one(notify, one.position_id)
        assert row["reason"] == "disposition_received"
        assert row["title"] == f"Disposisi: {SUBJECT}"
        assert row["text"] == (
            "Plt. Kepala Dinas PU meminta: Pelajari / telaah dan Sosialisasikan. Batas waktu 12 Maret 2025. "
            "Anda menerima ini karena Anda penanggung jawab disposisi ini."
        )
        assert row["links"]["disposition_id"] == event.disposition_id
        row = await the_one(notify, other.position_id)
        assert row["text"].endswith(
            "karena Anda salah satu penerima disposisi ini; penanggung jawabnya Kepala Bidang Alat Berat."
        )

    async def test_H5_coordinators_are_told_who_is_responsible(self, notify: Service) -> None:
        letter = delivered(branch(new_id()))
        await deliver(notify, letter)
        responsible = held("officer", title="Kepala Bidang Bina Marga")
        coordinators = [held("officer"), held("secretary")]
        event = issued(
            principal(held("head")),
            *(recipient(one, "Koordinasikan / konfirmasikan", responsible=False) for one in coordinators),
            recipient(responsible, "Untuk dilaksanakan"),
            letter_id=letter.letter_id,
        )
        await deliver(notify, event)
        for one in coordinators:
            row = await the_one(notify, one.position_id)
            assert "Koordinasikan / konfirmasikan" in row["text"]
            assert row["text"].endswith("penanggung jawabnya Kepala Bidang Bina Marga.")
        assert "penanggung jawabnya" not in (await the_one(notify, responsible.position_id))["text"]

    async def test_the_issuer_does_not_hear_of_itself(self, notify: Service) -> None:
        position = held()
        issuer = principal(position)
        await deliver(notify, issued(issuer, recipient(position, "Pelajari"), letter_id=new_id()))
        assert not await told(notify, position.position_id)

    @pytest.mark.parametrize("confidentiality", ["secret", None])
    async def test_the_subject_of_a_secret_or_unknown_letter_is_not_told(
        self, notify: Service, confidentiality: Confidentiality | None
    ) -> None:
        letter_id = new_id()
        if confidentiality:
            await deliver(notify, delivered(branch(new_id()), letter_id=letter_id, confidentiality=confidentiality))
        position = held()
        await deliver(notify, issued(principal(), recipient(position, "Pelajari"), letter_id=letter_id))
        row = await the_one(notify, position.position_id)
        assert SUBJECT not in str(row)
        assert row["title"] == "Disposisi (surat rahasia)"


class TestAnswers:
    """disposition.disposition.replied and .completed."""

    async def test_P11_siap_reaches_the_issuer(self, notify: Service) -> None:
        letter = delivered(branch(new_id()), confidentiality="restricted")
        await deliver(notify, letter)
        head = new_id()
        officer = principal(held("officer", title="Kepala Seksi Alat Berat"))
        await deliver(notify, replied(officer, head, letter_id=letter.letter_id))
        row = await the_one(notify, head)
        assert row["title"] == f"Jawaban disposisi: {SUBJECT}"
        assert row["text"] == (
            "Kepala Seksi Alat Berat menjawab: “Siap!”. Anda menerima ini karena Anda yang memberi disposisi ini."
        )

    async def test_of_a_secret_letter_not_even_the_answer_is_told(self, notify: Service) -> None:
        head = new_id()
        await deliver(notify, replied(principal(), head, letter_id=new_id(), text="Kode 4711"))
        assert "4711" not in str(await the_one(notify, head))

    async def test_completion_says_whether_all_are_done(self, notify: Service) -> None:
        letter = delivered(branch(new_id()))
        await deliver(notify, letter)
        head = new_id()
        for all_done in (False, True):
            event = completed(principal(), head, letter_id=letter.letter_id, all_done=all_done)
            await deliver(notify, event)
        first, last = await told(notify, head)
        assert "Ekskavator sudah dikirim" in first["text"]
        assert "Semua penerima" not in first["text"]
        assert "Semua penerima sudah selesai." in last["text"]

    async def test_nobody_is_told_of_their_own_answer(self, notify: Service) -> None:
        position = held()
        who = principal(position)
        await deliver(notify, replied(who, position.position_id, letter_id=new_id()))
        await deliver(notify, completed(who, position.position_id, letter_id=new_id(), all_done=True))
        assert not await told(notify, position.position_id)


class TestLetterCompleted:
    """routing.letter.completed."""

    async def test_everybody_it_came_to_hears_the_outcome(self, notify: Service) -> None:
        letter = delivered(branch(new_id()))
        await deliver(notify, letter)
        village, head = new_id(), new_id()
        event = LetterCompleted(
            letter_id=letter.letter_id, subject=SUBJECT, outcome="reply", holders=(village, head, village), at=now()
        )
        await deliver(notify, event)
        for position in (village, head):
            row = await the_one(notify, position)
            assert row["title"] == f"Surat selesai: {SUBJECT}"
            assert "hasil: jawaban" in row["text"]
            assert row["text"].endswith("karena surat ini masuk ke unit Anda atau Anda yang mendaftarkannya.")


class TestScheduleRequests:
    """schedule.request.submitted, .approved, .declined."""

    async def test_S8_leader_secretary_aide_and_requester_hear_of_each_step(self, notify: Service) -> None:
        leader, sespri, aide = new_id(), new_id(), new_id()
        requester = principal(held("head", title="Kepala Dinas PU"))
        mine = requester.positions[0].position_id
        decider = principal(held("personal_secretary", position_id=sespri, title="Sekretaris Pribadi"))
        request = submitted(requester, leader, sespri, aide)
        events: list[Event] = [request, approved(request, decider), declined(request, decider)]
        for event in events:
            await deliver(notify, event)
        why = {
            leader: "karena ini menyangkut jadwal Anda.",
            sespri: "karena Anda mengurus jadwal Bupati.",
            aide: "karena Anda mengurus jadwal Bupati.",
            mine: "karena Anda yang mengajukan permintaan ini.",
        }
        for position, reason in why.items():
            rows = await told(notify, position)
            codes = [row["reason"] for row in rows]
            assert codes == ["schedule_submitted", "schedule_approved", "schedule_declined"]
            assert all(row["text"].endswith(reason) for row in rows)
        granted = (await told(notify, mine))[1]
        assert granted["title"] == "Jadwal disetujui: Peresmian jembatan"
        assert "Senin, 3 Maret 2025 pukul 09.00-11.30 WITA di Desa Sekartaji" in granted["text"]
        refused = (await told(notify, mine))[2]
        assert "Alasan: Bupati sedang dinas luar." in refused["text"]

    async def test_a_request_from_a_secret_letter_tells_no_title(self, notify: Service) -> None:
        leader = new_id()
        request = submitted(principal(), leader, letter_id=new_id())
        await deliver(notify, request)
        row = await the_one(notify, leader)
        assert "jembatan" not in str(row)
        assert "Sekartaji" not in str(row)


async def test_a_page_reaches_beyond_its_first_window(notify: Service) -> None:
    """Older than the window that is looked through first, and still found."""
    position = new_id()
    await deliver(notify, delivered(branch(position)))
    rows = notify.foundation.database[COLLECTION]
    row: Any = await rows.find_one({"position_id": position})
    await rows.delete_one({"_id": row["_id"]})
    await rows.insert_one({**row, "_id": "01890000-0000-7000-8000-000000000000"})
    found = await Notifications(notify.foundation.database).page(
        [position], cursor=None, limit=10, unread=False, at=now()
    )
    assert [one["_id"] for one in found] == ["01890000-0000-7000-8000-000000000000"]
