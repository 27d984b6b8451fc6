"""Who is told of deadlines."""

import pytest

from services.chassis.bus.outcome import Done
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.vocabulary import Confidentiality
from tests.events import deliver, envelope_of
from tests.notify.stories import SUBJECT, branch, delivered, neared, passed
from tests.notify.told import seen, the_one, told

pytestmark = pytest.mark.usefixtures("prepared")


async def a_letter(notify: Service, confidentiality: Confidentiality = "ordinary") -> str:
    """A letter that notify knows."""
    letter = delivered(branch(new_id()), confidentiality=confidentiality)
    await deliver(notify, letter)
    return letter.letter_id


class TestDeadlineNeared:
    """routing.deadline.neared."""

    async def test_those_it_waits_for_hear_until_when(self, notify: Service) -> None:
        letter_id, officer = await a_letter(notify), new_id()
        assert await deliver(notify, neared(officer, officer, letter_id=letter_id)) == Done()
        row = await the_one(notify, officer)
        assert (row["reason"], row["title"]) == ("deadline_neared", f"Batas waktu mendekat: {SUBJECT}")
        assert row["text"] == (
            "Surat nomor agenda 12/2025 di Dinas Pekerjaan Umum harus selesai paling lambat "
            "Senin, 3 Maret 2025 pukul 09.00 WITA. "
            "Anda menerima ini karena surat ini menunggu tindak lanjut Anda."
        )


class TestDeadlinePassed:
    """routing.deadline.passed."""

    async def test_the_holders_hear_of_it_too(self, notify: Service) -> None:
        letter_id, officer, head = await a_letter(notify), new_id(), new_id()
        await deliver(notify, passed(officer, head, letter_id=letter_id))
        for position in (officer, head):
            row = await the_one(notify, position)
            assert (row["reason"], row["title"]) == ("deadline_passed", f"Batas waktu terlewati: {SUBJECT}")
            assert "seharusnya selesai paling lambat Senin, 3 Maret 2025 pukul 09.00 WITA" in row["text"]
            assert row["text"].endswith("karena surat ini menunggu tindak lanjut Anda atau unit Anda.")

    async def test_a_near_and_a_passed_one_are_two_things(self, notify: Service) -> None:
        letter_id, officer = await a_letter(notify), new_id()
        for event in (neared(officer, letter_id=letter_id), passed(officer, letter_id=letter_id)):
            await deliver(notify, event)
        assert [row["reason"] for row in await told(notify, officer)] == ["deadline_neared", "deadline_passed"]


@pytest.mark.parametrize("story", [neared, passed])
class TestBoth:
    @pytest.mark.parametrize("confidentiality", ["secret", None])
    async def test_of_a_secret_or_unknown_letter_no_subject_is_told(
        self, notify: Service, story: type, confidentiality: Confidentiality | None
    ) -> None:
        officer = new_id()
        letter_id = await a_letter(notify, confidentiality) if confidentiality else new_id()
        await deliver(notify, story(officer, letter_id=letter_id))
        row = await the_one(notify, officer)
        assert SUBJECT not in str(row)
        assert "3 Maret 2025" in row["text"]

    async def test_several_branches_of_a_letter_are_told_as_one(self, notify: Service, story: type) -> None:
        letter_id, leader = await a_letter(notify), new_id()
        events = [story(leader, letter_id=letter_id, unit_name=name) for name in ("Dinas PU", "Dinas Kesehatan")]
        for envelope in [envelope_of(event) for event in events] * 2:
            await deliver(notify, envelope)
        text = (await seen(notify, leader)).text
        assert text.index("Dinas PU") < text.index("Di Dinas Kesehatan")
        assert text.count("Dinas Kesehatan") == 1

    async def test_two_letters_are_two_things(self, notify: Service, story: type) -> None:
        leader = new_id()
        for _ in range(2):
            await deliver(notify, story(leader, letter_id=await a_letter(notify)))
        assert len(await told(notify, leader)) == 2
