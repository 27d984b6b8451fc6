"""Who is told what of a disposition that is answered, talked about, changed, handed over, or left lying."""

from datetime import date
from typing import get_args

import pytest

from services.chassis.bus.outcome import Done
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.disposition import CommentKind
from services.contracts.event import Event
from services.contracts.vocabulary import Confidentiality
from services.notify.domain.notification import Reason
from services.notify.store.notifications import COLLECTION
from tests.events import deliver, envelope_of
from tests.notify.stories import SUBJECT, branch, delivered, issued, recipient
from tests.notify.tellings import SECRET, TITLE, Disposition
from tests.notify.told import seen, the_one, told
from tests.people import held, principal

pytestmark = pytest.mark.usefixtures("prepared")
TOLD_WITH_ANOTHER = {"disposition_replied", "disposition_completed", "disposition_responsible"}
BEYOND_ANSWERS = {one for one in get_args(Reason) if one.startswith("disposition_")} - TOLD_WITH_ANOTHER


async def a_disposition(notify: Service, confidentiality: Confidentiality | None = "ordinary") -> Disposition:
    """A disposition about a letter that notify knows, unless its confidentiality is None."""
    letter = delivered(branch(new_id()), confidentiality=confidentiality or "ordinary")
    if confidentiality:
        assert await deliver(notify, letter) == Done()
    giver = principal(held("head", capacity="plt", title="Kepala Dinas PU"))
    return Disposition(letter.letter_id, giver, principal(held("officer", title=TITLE)))


async def heard(notify: Service, *events: Event) -> None:
    """They come, one after the other."""
    for event in events:
        assert await deliver(notify, event) == Done()


class TestAnswers:
    """Progress, and parts that are given back."""

    async def test_progress_is_told_in_percent_with_its_note(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.progressed(40))
        row = await the_one(notify, one.giver_id)
        assert (row["reason"], row["title"]) == ("disposition_progressed", f"Kemajuan disposisi: {SUBJECT}")
        assert row["text"] == (
            f"{TITLE} melaporkan kemajuan 40%: “{SECRET}”. Anda menerima ini karena Anda yang memberi disposisi ini."
        )

    async def test_who_gave_it_hears_why_a_part_comes_back(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.declined(all_done=True))
        row = await the_one(notify, one.giver_id)
        assert (row["reason"], row["title"]) == ("disposition_declined", f"Disposisi dikembalikan: {SUBJECT}")
        assert row["text"].startswith(
            f"{TITLE} mengembalikan bagiannya dengan alasan “{SECRET}”. Tidak ada lagi penerima yang ditunggu."
        )

    async def test_a_part_the_house_gives_back_names_the_position(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.declined(by_the_house=True))
        assert (await the_one(notify, one.giver_id))["text"].startswith(f"Bagian {TITLE} dikembalikan dengan alasan")

    async def test_a_part_that_ends_with_those_below_is_told_as_its_holders(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.settled_below(principal(held("officer", title="Staf Alat Berat"))))
        assert (await the_one(notify, one.giver_id))["text"].startswith(
            f"Bagian {TITLE} selesai: tidak ada lagi yang ditunggu dari penerima di bawahnya."
            " Semua penerima sudah selesai."
        )

    async def test_given_back_and_taken_up_by_another_is_told_as_one(self, notify: Service) -> None:
        one, next_one = await a_disposition(notify), new_id()
        await heard(notify, one.declined(), one.responsible(next_one, one.giver_id))
        text = (await seen(notify, one.giver_id)).text
        assert "mengembalikan bagiannya" in text
        assert text.endswith("Penanggung jawab disposisi ini berganti.")


class TestCommented:
    """disposition.disposition.commented."""

    @pytest.mark.parametrize(
        ("kind", "reason", "begins", "ends"),
        [
            ("comment", "disposition_commented", f"{TITLE} berkomentar: “{SECRET}”.", "pihak dalam disposisi ini."),
            ("question", "disposition_question", f"{TITLE} bertanya: “{SECRET}”.", "menunggu jawaban."),
            ("answer", "disposition_answer", f"{TITLE} menjawab pertanyaan: “{SECRET}”.", "disposisi ini."),
        ],
    )
    async def test_H5_those_it_concerns_hear_what_is_said(
        self, notify: Service, kind: CommentKind, reason: str, begins: str, ends: str
    ) -> None:
        one, coordinating = await a_disposition(notify), new_id()
        await heard(notify, one.commented(one.doer, coordinating, one.giver_id, one.doer_id, kind=kind))
        for position in (coordinating, one.giver_id):
            row = await the_one(notify, position)
            assert row["reason"] == reason
            assert row["text"].startswith(begins)
            assert row["text"].endswith(ends)
        assert await told(notify, one.doer_id) == []


class TestRecalled:
    """disposition.disposition.recalled."""

    async def test_those_it_was_taken_from_hear_by_whom_and_why(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.recalled(one.doer_id))
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_recalled", f"Disposisi ditarik kembali: {SUBJECT}")
        assert row["text"] == (
            f"Plt. Kepala Dinas PU menarik kembali disposisi ini sebelum dibaca dengan alasan “{SECRET}”. "
            "Anda menerima ini karena disposisi ini tadinya untuk Anda."
        )

    async def test_what_was_taken_back_before_it_was_heard_of_does_not_arrive(self, notify: Service) -> None:
        one = await a_disposition(notify)
        part = recipient(one.doer.positions[0], "Pelajari").model_copy(update={"recipient_id": one.recipient_id})
        other = recipient(held("officer"), "Pelajari", responsible=False)
        late = issued(one.giver, part, other, letter_id=one.letter_id)
        await heard(notify, one.recalled(one.doer_id), late, one.added(part))
        assert [row["reason"] for row in await told(notify, one.doer_id)] == ["disposition_recalled"]
        assert (await the_one(notify, other.position_id))["reason"] == "disposition_received"


class TestRecipientAdded:
    """disposition.recipient.added."""

    async def test_the_new_ones_hear_what_is_asked_of_them(self, notify: Service) -> None:
        one, informed, coordinating = await a_disposition(notify), held("officer"), held("officer")
        parts = (
            recipient(informed, "Untuk diketahui", responsible=False).model_copy(update={"role": "informed"}),
            recipient(coordinating, "Koordinasikan", responsible=False).model_copy(update={"role": "coordinating"}),
        )
        await heard(notify, one.added(*parts))
        row = await the_one(notify, informed.position_id)
        assert (row["reason"], row["title"]) == ("disposition_received", f"Disposisi: {SUBJECT}")
        assert row["text"] == (
            f"Plt. Kepala Dinas PU meminta: Untuk diketahui. Catatan: “{SECRET}”. "
            "Anda menerima ini karena disposisi ini perlu Anda ketahui."
        )
        row = await the_one(notify, coordinating.position_id)
        assert row["text"].endswith("karena Anda diminta berkoordinasi dalam disposisi ini.")

    @pytest.mark.parametrize("first", [0, 1])
    async def test_H4_who_is_responsible_with_it_hears_both_at_once(self, notify: Service, first: int) -> None:
        one, added = await a_disposition(notify), held("officer")
        events = [one.added(recipient(added, "Tindak lanjuti")), one.responsible(added.position_id, one.doer_id)]
        await heard(notify, events[first], events[1 - first])
        text = (await seen(notify, added.position_id)).text
        assert "meminta: Tindak lanjuti." in text
        assert "Penanggung jawab disposisi ini berganti." in text
        assert (await the_one(notify, one.doer_id))["reason"] == "disposition_responsible"


class TestRecipientAmended:
    """disposition.recipient.amended."""

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"due_on": date(2025, 3, 12)}, "memberi batas waktu 12 Maret 2025"),
            ({"former_due_on": date(2025, 3, 12)}, "menghapus batas waktu 12 Maret 2025"),
            (
                {"due_on": date(2025, 3, 14), "former_due_on": date(2025, 3, 12), "note": "Cepat"},
                "mengubah batas waktu dari 12 Maret 2025 menjadi 14 Maret 2025 dan mengubah catatan menjadi “Cepat”",
            ),
            ({"former_note": "Cepat"}, "menghapus catatan"),
        ],
    )
    async def test_who_has_to_do_it_hears_what_changed(
        self, notify: Service, changes: dict[str, object], said: str
    ) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.amended(**changes))
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_amended", f"Disposisi diubah: {SUBJECT}")
        assert row["text"].startswith(f"Plt. Kepala Dinas PU {said} dengan alasan “{SECRET}”.")
        assert await told(notify, one.giver_id) == []


class TestRecipientReopened:
    """disposition.recipient.reopened."""

    async def test_whose_work_it_is_again_hears_why_and_until_when(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.reopened())
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_reopened", f"Disposisi dibuka kembali: {SUBJECT}")
        assert row["text"] == (
            f"Plt. Kepala Dinas PU membuka kembali bagian disposisi ini dengan alasan “{SECRET}”. "
            "Batas waktu 12 Maret 2025. Anda menerima ini karena bagian ini kembali menunggu Anda."
        )


class TestWorkHandedOver:
    """disposition.work.handed_over."""

    async def test_both_positions_hear_where_it_lies_now(self, notify: Service) -> None:
        one, to = await a_disposition(notify), new_id()
        await heard(notify, one.handed_over(to))
        row = await the_one(notify, to)
        assert (row["reason"], row["title"]) == ("disposition_handed_over", f"Disposisi dialihkan: {SUBJECT}")
        assert row["text"] == (
            f"Bagian disposisi ini diserahkan dari {TITLE} kepada Kepala Bidang Bina Marga oleh Plt. Kepala Dinas PU "
            f"dengan alasan “{SECRET}”. Anda menerima ini karena pekerjaan ini sekarang ada pada Anda."
        )
        assert (await the_one(notify, one.doer_id))["text"].endswith("pekerjaan ini tadinya ada pada Anda.")
        assert await told(notify, one.giver_id) == []

    async def test_what_the_house_moves_is_told_to_all(self, notify: Service) -> None:
        one, to = await a_disposition(notify), new_id()
        await heard(notify, one.handed_over(to, by_the_house=True))
        assert (await the_one(notify, one.giver_id))["text"].endswith("karena Anda pihak dalam disposisi ini.")

    async def test_several_sides_of_one_letter_that_move_together_are_told_as_one(self, notify: Service) -> None:
        one, to = await a_disposition(notify), new_id()
        await heard(notify, one.handed_over(to), one.handed_over(to, side="giving"))
        text = (await seen(notify, to)).text
        assert text.startswith("Bagian disposisi ini diserahkan")
        assert "Tugas menunggu jawaban disposisi ini diserahkan" in text


class TestResponsibleChanged:
    """disposition.responsible.changed."""

    async def test_H4_the_new_one_hears_that_it_is_and_the_giver_that_it_changed(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.responsible(one.doer_id, one.giver_id))
        ends = {one.doer_id: "Anda sekarang penanggung jawabnya.", one.giver_id: "atau tadinya penanggung jawabnya."}
        for position, end in ends.items():
            row = await the_one(notify, position)
            assert (row["reason"], row["title"]) == (
                "disposition_responsible",
                f"Penanggung jawab disposisi: {SUBJECT}",
            )
            assert row["text"].endswith(end)

    async def test_H4_the_former_one_hears_that_it_coordinates_from_now_on(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.responsible(one.doer_id, elsewhere=True))
        text = (await the_one(notify, one.doer_id))["text"]
        assert text.startswith("Penanggung jawab surat ini sekarang penerima disposisi lain.")
        assert text.endswith("karena Anda tadinya penanggung jawab; bagian Anda tetap berjalan sebagai koordinasi.")


class TestLeftUnread:
    """disposition.disposition.left_unread."""

    async def test_H14_who_has_not_read_it_is_asked_to_do_so_now(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.left_unread(one.doer_id))
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_unread", f"Segera baca disposisi: {SUBJECT}")
        assert row["text"] == (
            f"{TITLE} belum membaca disposisi yang diberikan Senin, 3 Maret 2025 pukul 09.00 WITA. "
            "Mohon dibaca sekarang. Anda menerima ini karena disposisi ini menunggu Anda."
        )

    async def test_H14_who_gave_it_hears_who_has_not_read_it(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.left_unread(one.giver_id, escalated=True))
        row = await the_one(notify, one.giver_id)
        assert (row["reason"], row["title"]) == ("disposition_escalated", f"Disposisi belum dibaca: {SUBJECT}")
        assert row["text"] == (
            f"{TITLE} belum membaca disposisi yang diberikan Senin, 3 Maret 2025 pukul 09.00 WITA. "
            "Anda menerima ini karena Anda yang memberi disposisi ini."
        )


class TestDeadlines:
    """disposition.deadline.neared and .passed, disposition.report.awaited."""

    async def test_a_deadline_that_comes_near_says_until_when(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.neared(one.doer_id))
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_neared", f"Batas waktu disposisi mendekat: {SUBJECT}")
        assert row["text"].startswith(
            f"Bagian {TITLE} harus selesai paling lambat Rabu, 5 Maret 2025 pukul 16.00 WITA."
        )

    async def test_one_that_passed_reaches_both_sides_with_urgency(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.passed(one.doer_id, one.giver_id))
        for position in (one.doer_id, one.giver_id):
            row = await the_one(notify, position)
            assert row["reason"] == "disposition_overdue"
            assert row["title"] == f"Disposisi melewati batas waktu, segera ditangani: {SUBJECT}"
            assert row["text"].startswith(f"Bagian {TITLE} seharusnya selesai paling lambat Rabu, 5 Maret 2025")

    async def test_several_late_recipients_of_one_letter_are_told_as_one(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.passed(one.giver_id), one.passed(one.giver_id, title="Kepala Seksi Jalan"))
        text = (await seen(notify, one.giver_id)).text
        assert TITLE in text
        assert "Bagian Kepala Seksi Jalan" in text

    async def test_a_report_that_is_awaited_is_asked_for(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, one.report_awaited(one.doer_id))
        row = await the_one(notify, one.doer_id)
        assert (row["reason"], row["title"]) == ("disposition_report_awaited", f"Laporan disposisi ditunggu: {SUBJECT}")
        assert row["text"].endswith("karena disposisi ini menunggu laporan Anda.")


class TestEverything:
    """Whatever is told of a disposition."""

    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret", None])
    async def test_of_a_secret_or_unknown_letter_neither_subject_nor_words_are_told(
        self, notify: Service, confidentiality: Confidentiality | None
    ) -> None:
        one = await a_disposition(notify, confidentiality)
        await heard(notify, *one.everything(), one.added(recipient(held("officer"), "Pelajari")))
        rows = await notify.foundation.database[COLLECTION].find({"links.letter_id": one.letter_id}).to_list(None)
        about = [row for row in rows if row["reason"].startswith("disposition_")]
        assert {row["reason"] for row in about} == BEYOND_ANSWERS
        assert [row for row in about if SECRET in str(row) or SUBJECT in str(row)] == []
        assert all("(surat rahasia)" in row["title"] for row in about)

    async def test_each_says_why_it_came_and_leads_to_the_disposition(self, notify: Service) -> None:
        one = await a_disposition(notify)
        await heard(notify, *one.everything())
        rows = [*await told(notify, one.giver_id), *await told(notify, one.doer_id)]
        assert len(rows) > 15
        for row in rows:
            assert "Anda menerima ini karena " in row["text"]
            assert row["links"]["disposition_id"] is not None

    async def test_however_often_it_comes_each_is_told_once(self, notify: Service) -> None:
        one = await a_disposition(notify)
        envelopes = [envelope_of(event) for event in one.everything()]
        for envelope in envelopes:
            await deliver(notify, envelope)
        before = await notify.foundation.database[COLLECTION].find({}).sort("_id", 1).to_list(None)
        for envelope in reversed(envelopes):
            assert await deliver(notify, envelope) == Done()
        assert await notify.foundation.database[COLLECTION].find({}).sort("_id", 1).to_list(None) == before
