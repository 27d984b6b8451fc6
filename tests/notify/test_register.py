"""What is told when the register changes, of scans and of batches, and how practice is told."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.bus.outcome import Done, Retry
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import (
    BatchReady,
    FieldChange,
    LetterCorrected,
    LetterVoided,
    PageWarning,
    ScanDerived,
    ScanParked,
)
from services.contracts.routing import BranchRecalled, LetterDelivered, LetterForwarded
from tests.events import deliver, envelope_of
from tests.notify.stories import SUBJECT, branch, delivered, issued, neared, recipient
from tests.notify.told import seen, the_one, told
from tests.people import actor, held, principal

pytestmark = pytest.mark.usefixtures("prepared")
CLERK = held("village_operator", title="Operator Desa Sekartaji")
BY = actor(principal(CLERK), CLERK)
HEAD = principal(held("head", title="Kepala Dinas PU"))
NUMBER = FieldChange(field="letter_number", before="005/12", after="005/13")
SECRET = FieldChange(field="subject", before=SUBJECT, after="Kode 4711")


def correction(letter: LetterDelivered, *changes: FieldChange, **fields: Any) -> LetterCorrected:
    """The letter corrected by the village's operator."""
    given: dict[str, Any] = {
        **letter.model_dump(include={"letter_id", "kind", "category", "urgency", "subject"}),
        "sender": letter.sender,
        "confidentiality": letter.access.confidentiality,
        "received_on": now().date(),
        "changes": changes or (NUMBER,),
        "reason": "Salah ketik",
        "corrected_by": BY,
        "at": now(),
    }
    return LetterCorrected(**(given | fields))


def void(letter: LetterDelivered) -> LetterVoided:
    """The letter declared void."""
    return LetterVoided(
        letter_id=letter.letter_id,
        book="masuk",
        year=letter.year,
        agenda_number=letter.agenda_number,
        subject=letter.subject,
        confidentiality=letter.access.confidentiality,
        reason="Terdaftar dua kali",
        voided_by=BY,
        at=now(),
    )


def recalled(letter: LetterDelivered) -> BranchRecalled:
    way = letter.branches[0]
    return BranchRecalled(
        letter_id=letter.letter_id,
        subject=letter.subject,
        branch_id=way.branch_id,
        reason="Salah alamat",
        actor=BY,
        told=way.holders,
        at=now(),
    )


class TestCorrected:
    async def test_K10_whoever_was_told_of_the_letter_hears_what_is_different_and_why(self, notify: Service) -> None:
        head, division = new_id(), held("officer", title="Kepala Bidang Alat Berat")
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, issued(HEAD, recipient(division), letter_id=letter.letter_id))
        assert await deliver(notify, correction(letter), 2) == Done()
        for position in (head, division.position_id):
            row = (await told(notify, position))[-1]
            assert (row["reason"], row["title"]) == ("letter_corrected", f"Data surat diperbaiki: {SUBJECT}")
            assert row["text"].startswith(
                "Data surat nomor agenda 12/2025 diperbaiki oleh Operator Desa Sekartaji dengan alasan “Salah ketik”: "
                "nomor surat “005/12” menjadi “005/13”."
            )
        assert await told(notify, CLERK.position_id) == []

    async def test_whom_it_was_taken_back_from_hears_no_more_of_it(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, recalled(letter))
        await deliver(notify, correction(letter), 2)
        assert [row["reason"] for row in await told(notify, head)] == ["letter_addressed", "letter_recalled"]

    async def test_two_within_a_minute_are_told_as_one(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        first = correction(letter)
        await deliver(notify, first, 2)
        field = FieldChange(field="letter_date", after="2 Maret 2026")
        await deliver(notify, correction(letter, field, at=first.at + timedelta(seconds=20)), 3)
        _, row = await told(notify, head)
        assert "tanggal surat diisi “2 Maret 2026”" in next(iter(row["also"].values()))

    async def test_it_waits_for_the_delivery_and_a_repeated_delivery_does_not_undo_it(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        secret = correction(letter, confidentiality="secret")
        assert isinstance(await deliver(notify, secret, 2), Retry)
        await deliver(notify, letter)
        await deliver(notify, secret, 2)
        await deliver(notify, letter)
        await deliver(notify, neared(head, letter_id=letter.letter_id))
        assert (await told(notify, head))[-1]["title"] == "Batas waktu mendekat (surat rahasia)"

    async def test_made_secret_nothing_more_is_said_of_it_not_even_in_what_was_told(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, correction(letter), 2)
        hidden = correction(letter, SECRET, confidentiality="secret", subject="Kode 4711", reason="Kode 4711")
        await deliver(notify, hidden, 3)
        rows = await told(notify, head)
        words = " ".join(f"{row['title']} {row['text']} {row.get('also', '')}" for row in rows)
        assert all(word not in words for word in (SUBJECT, "4711", "Desa Sekartaji, nomor", "005/13"))
        assert rows[0]["title"] == "Pemberitahuan (surat rahasia)"

    async def test_of_two_the_newer_says_how_confidential_it_is(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, correction(letter, confidentiality="secret"), 3)
        await deliver(notify, correction(letter, SECRET), 2)
        assert "4711" not in str(await told(notify, head))

    async def test_not_secret_any_more_what_it_said_before_is_not_told_however_often_it_comes(
        self, notify: Service
    ) -> None:
        head = new_id()
        letter = delivered(branch(head), confidentiality="secret")
        await deliver(notify, letter)
        opened = envelope_of(correction(letter, SECRET, confidentiality="ordinary"), 2)
        await deliver(notify, opened)
        await deliver(notify, opened)
        assert "4711" not in str(await told(notify, head))
        later = now() + timedelta(minutes=5)
        await deliver(notify, correction(letter, confidentiality="ordinary", at=later), 3)
        assert "nomor surat “005/12”" in (await told(notify, head))[-1]["text"]

    async def test_twenty_times_it_is_told_once(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        envelope = envelope_of(correction(letter), 2)
        for _ in range(20):
            await deliver(notify, envelope)
        assert len(await told(notify, head)) == 2


class TestVoided:
    async def test_whoever_was_told_of_the_letter_hears_that_there_is_nothing_to_do(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, void(letter), 2)
        row = (await told(notify, head))[-1]
        assert (row["reason"], row["title"]) == ("letter_voided", f"Surat dibatalkan: {SUBJECT}")
        assert row["text"] == (
            "Surat dari Desa Sekartaji, nomor agenda 12/2025, dibatalkan pendaftarannya oleh Operator Desa Sekartaji "
            "dengan alasan “Terdaftar dua kali”. Surat ini tidak perlu ditindaklanjuti lagi. "
            "Anda menerima ini karena Anda pernah diberi tahu tentang surat ini."
        )

    async def test_of_a_secret_letter_its_number_and_nothing_of_why(self, notify: Service) -> None:
        head = new_id()
        letter = delivered(branch(head), confidentiality="secret")
        await deliver(notify, letter)
        await deliver(notify, void(letter), 2)
        row = (await told(notify, head))[-1]
        assert row["title"] == "Surat dibatalkan (surat rahasia)"
        assert row["text"].startswith("Sebuah surat rahasia, nomor agenda 12/2025, dibatalkan")
        assert "dua kali" not in row["text"]

    async def test_heard_of_later_nobody_is_sent_to_work_at_it(self, notify: Service) -> None:
        head, late = new_id(), held("officer", title="Kepala Bidang Alat Berat")
        letter = delivered(branch(head))
        await deliver(notify, letter)
        await deliver(notify, void(letter), 2)
        forwarded = LetterForwarded(
            letter_id=letter.letter_id, subject=letter.subject, branches=(branch(late.position_id),), actor=BY, at=now()
        )
        await deliver(notify, forwarded)
        await deliver(notify, issued(HEAD, recipient(late), letter_id=letter.letter_id))
        assert await told(notify, late.position_id) == []

    async def test_it_waits_for_the_delivery(self, notify: Service) -> None:
        assert isinstance(await deliver(notify, void(delivered(branch(new_id()))), 2), Retry)


class TestPractice:
    async def test_whatever_is_told_of_it_begins_with_the_word(self, notify: Service) -> None:
        head, division = new_id(), held("officer", title="Kepala Bidang Alat Berat")
        letter = delivered(branch(head), training=True)
        await deliver(notify, letter)
        await deliver(notify, issued(HEAD, recipient(division), letter_id=letter.letter_id))
        await deliver(notify, void(letter), 2)
        titles = [row["title"] for position in (head, division.position_id) for row in await told(notify, position)]
        assert titles[0] == f"LATIHAN — Surat masuk: {SUBJECT}"
        assert len(titles) == 4
        assert all(title.startswith("LATIHAN — ") for title in titles)


class TestScans:
    def parked(self, letter: LetterDelivered) -> ScanParked:
        return ScanParked(
            letter_id=letter.letter_id,
            file_id=new_id(),
            name="Kode 4711.pdf",
            sha256="0" * 64,
            reason="Kode 4711 tidak dapat dibaca",
            attempts=3,
            at=now(),
        )

    def derived(self, letter: LetterDelivered, *warnings: PageWarning, failed: tuple[int, ...] = ()) -> ScanDerived:
        return ScanDerived(
            letter_id=letter.letter_id,
            file_id=new_id(),
            sha256="0" * 64,
            pages=9,
            warnings=warnings,
            failed_pages=failed,
            at=now(),
        )

    async def test_who_entered_the_letter_hears_that_no_copies_could_be_made(self, notify: Service) -> None:
        registrar = new_id()
        letter = delivered(branch(new_id()), registrar_position_id=registrar)
        await deliver(notify, letter)
        assert await deliver(notify, self.parked(letter)) == Done()
        row = await the_one(notify, registrar)
        assert (row["reason"], row["title"]) == ("scan_parked", "Pindaian perlu diperiksa: Desa Sekartaji")
        assert "“Kode 4711.pdf” dari surat nomor agenda 12/2025" in row["text"]
        assert "Berkas aslinya utuh" in row["text"]

    async def test_of_a_secret_letter_neither_name_nor_reason(self, notify: Service) -> None:
        registrar = new_id()
        letter = delivered(branch(new_id()), confidentiality="secret", registrar_position_id=registrar)
        await deliver(notify, letter)
        await deliver(notify, self.parked(letter))
        row = await the_one(notify, registrar)
        assert row["title"] == "Pindaian perlu diperiksa (surat rahasia)"
        assert "4711" not in row["text"]

    async def test_which_pages_to_scan_again(self, notify: Service) -> None:
        registrar = new_id()
        letter = delivered(branch(new_id()), registrar_position_id=registrar)
        await deliver(notify, letter)
        found = [PageWarning(page=2, fault="blurred"), PageWarning(page=3, fault="blank")]
        await deliver(notify, self.derived(letter, *found, failed=(5,)))
        text = (await the_one(notify, registrar))["text"]
        assert "halaman 2 buram dan halaman 5 tidak dapat disalin." in text

    async def test_good_pages_and_blank_backs_are_nobodys_trouble(self, notify: Service) -> None:
        registrar = new_id()
        letter = delivered(branch(new_id()), registrar_position_id=registrar)
        await deliver(notify, letter)
        await deliver(notify, self.derived(letter))
        await deliver(notify, self.derived(letter, PageWarning(page=2, fault="blank")))
        assert await told(notify, registrar) == []


class TestBatchReady:
    async def test_who_scanned_it_is_asked_to_look(self, notify: Service) -> None:
        batch_id = new_id()
        ready = BatchReady(batch_id=batch_id, unit_id=CLERK.unit_id, scanned_by=BY, pages=31, letters=9, at=now())
        await deliver(notify, ready)
        shown = await seen(notify, CLERK.position_id)
        assert (shown.reason, shown.links.batch_id) == ("batch_ready", batch_id)
        assert "9 surat dari 31 halaman" in shown.text
