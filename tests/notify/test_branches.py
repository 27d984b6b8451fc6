"""Who is told when a letter goes further, elsewhere or back."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.auth import Principal
from services.chassis.bus.outcome import Done
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.event import Event
from services.contracts.vocabulary import Confidentiality
from services.notify.store.letters import COLLECTION as LETTERS
from services.notify.store.letters import Letters
from tests.events import deliver, envelope_of
from tests.notify.stories import SUBJECT, branch, delivered, forwarded, recalled, redirected, returned
from tests.notify.told import the_one, told
from tests.people import held, principal
from tests.projections.rivals import Outrun

pytestmark = pytest.mark.usefixtures("prepared")
SHARED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def a_letter(notify: Service, confidentiality: Confidentiality = "ordinary") -> str:
    """A letter that notify knows."""
    letter = delivered(branch(new_id()), confidentiality=confidentiality)
    assert await deliver(notify, letter) == Done()
    return letter.letter_id


def head() -> Principal:
    """The acting head of Dinas PU."""
    return principal(held("head", capacity="plt", title="Kepala Dinas PU"))


class TestLetterForwarded:
    """routing.letter.forwarded."""

    async def test_B6_the_holders_hear_who_forwarded_it_with_the_note(self, notify: Service) -> None:
        letter_id, holder, copied = await a_letter(notify), new_id(), new_id()
        ways = (
            branch(holder, unit_name="Dinas Kesehatan"),
            branch(copied, role="copy", unit_name="Kecamatan Banjarangkan"),
        )
        event = forwarded(head(), *ways, letter_id=letter_id, note="Mohon dibantu")
        assert await deliver(notify, event) == Done()
        row = await the_one(notify, holder)
        assert (row["reason"], row["title"]) == ("letter_forwarded", f"Surat diteruskan: {SUBJECT}")
        assert row["text"] == (
            "Surat dari Desa Sekartaji, nomor agenda 12/2025, diteruskan oleh Plt. Kepala Dinas PU. "
            "Catatan: “Mohon dibantu”. Anda menerima ini karena surat ini diteruskan kepada Dinas Kesehatan."
        )
        row = await the_one(notify, copied)
        assert row["title"] == f"Tembusan surat diteruskan: {SUBJECT}"
        assert row["text"].endswith("karena tembusan surat ini diteruskan kepada Kecamatan Banjarangkan.")

    async def test_a_rule_is_named(self, notify: Service) -> None:
        letter_id, holder = await a_letter(notify), new_id()
        await deliver(notify, forwarded(None, branch(holder), letter_id=letter_id, rule="Alat berat ke Dinas PU"))
        assert (
            "diteruskan secara otomatis menurut aturan “Alat berat ke Dinas PU”."
            in (await the_one(notify, holder))["text"]
        )

    async def test_whoever_forwarded_it_does_not_hear_of_it(self, notify: Service) -> None:
        letter_id, who = await a_letter(notify), head()
        mine = who.positions[0].position_id
        await deliver(notify, forwarded(who, branch(mine), letter_id=letter_id))
        assert await told(notify, mine) == []

    async def test_a_holder_of_two_branches_is_told_once_as_addressee(self, notify: Service) -> None:
        letter_id, holder = await a_letter(notify), new_id()
        await deliver(notify, forwarded(head(), branch(holder, role="copy"), branch(holder), letter_id=letter_id))
        assert (await the_one(notify, holder))["title"] == f"Surat diteruskan: {SUBJECT}"

    async def test_K5_the_sending_unit_is_asked_to_send_it_outside(self, notify: Service) -> None:
        letter_id, holder = await a_letter(notify), new_id()
        way = branch(holder, external_name="PT Bangun Nusa")
        await deliver(notify, forwarded(head(), way, letter_id=letter_id))
        row = await the_one(notify, holder)
        assert (row["reason"], row["title"]) == ("letter_to_send", f"Surat untuk dikirim: {SUBJECT}")
        assert row["text"].endswith(
            "Kirimkan kepada PT Bangun Nusa. Anda menerima ini karena surat ini harus dikirimkan oleh unit Anda."
        )


class TestBranchReturned:
    """routing.branch.returned."""

    async def test_the_senders_hear_by_whom_and_why(self, notify: Service) -> None:
        letter_id, registrar, village = await a_letter(notify), new_id(), new_id()
        await deliver(notify, returned(head(), registrar, village, registrar, letter_id=letter_id))
        for position in (registrar, village):
            row = await the_one(notify, position)
            assert (row["reason"], row["title"]) == ("letter_returned", f"Surat dikembalikan: {SUBJECT}")
            assert row["text"] == (
                "Surat nomor agenda 12/2025 untuk Dinas Pekerjaan Umum dikembalikan oleh Plt. Kepala Dinas PU "
                "dengan alasan “Lampiran kurang”. Anda menerima ini karena surat ini didaftarkan oleh unit Anda."
            )


class TestBranchRedirected:
    """routing.branch.redirected."""

    async def test_B6_the_new_holders_hear_of_an_arrival_and_the_sender_where_it_went(self, notify: Service) -> None:
        letter_id, holder, registrar = await a_letter(notify), new_id(), new_id()
        way = branch(holder, unit_name="Dinas Kesehatan")
        await deliver(notify, redirected(head(), way, registrar, holder, letter_id=letter_id))
        row = await the_one(notify, holder)
        assert (row["reason"], row["title"]) == ("letter_forwarded", f"Surat dialihkan: {SUBJECT}")
        assert row["text"] == (
            "Surat dari Desa Sekartaji, nomor agenda 12/2025, dialihkan oleh Plt. Kepala Dinas PU dengan alasan "
            "“Bukan kewenangan kami”. Anda menerima ini karena surat ini dialihkan kepada Dinas Kesehatan."
        )
        row = await the_one(notify, registrar)
        assert row["reason"] == "letter_redirected"
        assert row["text"] == (
            "Surat nomor agenda 12/2025 dialihkan ke Dinas Kesehatan oleh Plt. Kepala Dinas PU dengan alasan "
            "“Bukan kewenangan kami”. Anda menerima ini karena surat ini didaftarkan oleh unit Anda."
        )

    async def test_a_position_is_named_by_its_title(self, notify: Service) -> None:
        letter_id, holder = await a_letter(notify), new_id()
        way = branch(holder, position_id=holder, position_title="Kepala Bidang Bina Marga", open_to_unit=False)
        await deliver(notify, redirected(head(), way, letter_id=letter_id))
        assert (await the_one(notify, holder))["text"].endswith("dialihkan kepada Kepala Bidang Bina Marga.")


class TestBranchRecalled:
    """routing.branch.recalled."""

    async def test_those_who_were_told_of_the_arrival_hear_of_it(self, notify: Service) -> None:
        holder, way_elsewhere = new_id(), branch(new_id())
        letter = delivered(way := branch(holder), way_elsewhere)
        await deliver(notify, letter)
        sender = principal(held("village_operator", title="Operator Desa Sekartaji"))
        await deliver(notify, recalled(sender, way, letter.letter_id))
        arrival, recall = await told(notify, holder)
        assert arrival["reason"] == "letter_addressed"
        assert (recall["reason"], recall["title"]) == ("letter_recalled", f"Surat ditarik kembali: {SUBJECT}")
        assert recall["text"] == (
            "Surat nomor agenda 12/2025 ditarik kembali oleh pengirim (Operator Desa Sekartaji) sebelum dibaca "
            "dengan alasan “Salah alamat”. Anda menerima ini karena surat ini tadinya untuk unit Anda."
        )
        assert len(await told(notify, way_elsewhere.holders[0])) == 1

    @pytest.mark.parametrize("arrival", ["delivered", "forwarded", "redirected"])
    async def test_what_was_taken_back_before_its_arrival_is_heard_of_does_not_arrive(
        self, notify: Service, arrival: str
    ) -> None:
        holder, letter_id = new_id(), new_id()
        way = branch(holder)
        arrivals: dict[str, Event] = {
            "delivered": delivered(way, letter_id=letter_id),
            "forwarded": forwarded(head(), way, letter_id=letter_id),
            "redirected": redirected(head(), way, letter_id=letter_id),
        }
        await deliver(notify, recalled(head(), way, letter_id))
        await deliver(notify, arrivals[arrival])
        assert (await the_one(notify, holder))["reason"] == "letter_recalled"

    async def test_two_workers_at_once_both_have_their_say(
        self, notify: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        way, letter_id = branch(new_id()), new_id()
        letters: Letters = notify.app.state.context.letters
        rival = {"_id": letter_id, "confidentiality": "ordinary", "agenda": "12/2025"}
        monkeypatch.setattr(letters, "_rows", Outrun(letters._rows, rival))
        await deliver(notify, recalled(head(), way, letter_id))
        row = await notify.foundation.database[LETTERS].find_one({"_id": letter_id})
        assert row == rival | {"recalled": [way.branch_id]}


Story = Callable[[str, str], Event]
STORIES: dict[str, Story] = {
    "forwarded": lambda letter_id, holder: forwarded(
        head(), branch(holder), letter_id=letter_id, note="Kode 4711", rule="Aturan 4711"
    ),
    "returned": lambda letter_id, holder: returned(head(), holder, letter_id=letter_id),
    "redirected": lambda letter_id, holder: redirected(head(), branch(holder), letter_id=letter_id),
    "redirected_away": lambda letter_id, holder: redirected(head(), branch(new_id()), holder, letter_id=letter_id),
    "recalled": lambda letter_id, holder: recalled(head(), branch(holder), letter_id),
}
TELLTALE = (SUBJECT, "Sekartaji", "4711", "Lampiran", "kewenangan", "Salah alamat")


@pytest.mark.parametrize("story", STORIES)
class TestConfidential:
    """None of it says what a secret letter is about, nor a letter that has not been heard of."""

    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret", None])
    async def test_neither_subject_nor_sender_nor_reason_is_told(
        self, notify: Service, story: str, confidentiality: Confidentiality | None
    ) -> None:
        holder = new_id()
        letter_id = await a_letter(notify, confidentiality) if confidentiality else new_id()
        await deliver(notify, STORIES[story](letter_id, holder))
        row = await the_one(notify, holder)
        assert not [word for word in TELLTALE if word in str(row)]
        assert row["title"].endswith("(surat rahasia)")
        assert "Plt. Kepala Dinas PU" in row["text"]
        assert "Anda menerima ini karena" in row["text"]

    async def test_of_a_restricted_one_it_is_told(self, notify: Service, story: str) -> None:
        holder = new_id()
        await deliver(notify, STORIES[story](await a_letter(notify, "restricted"), holder))
        assert (await the_one(notify, holder))["title"].endswith(SUBJECT)

    async def test_however_often_it_comes_it_is_told_once(self, notify: Service, story: str) -> None:
        holder = new_id()
        envelope = envelope_of(STORIES[story](await a_letter(notify), holder))
        assert await asyncio.gather(*(deliver(notify, envelope) for _ in range(10))) == [Done()] * 10
        await the_one(notify, holder)


class TestAnyOrder:
    @SHARED
    @given(data=st.data())
    async def test_each_hears_of_each_event_once(self, notify: Service, data: st.DataObject) -> None:
        letter_id, registrar = new_id(), new_id()
        one, two, three = branch(new_id()), branch(new_id()), branch(new_id())
        envelopes = [
            envelope_of(event)
            for event in (
                delivered(one, letter_id=letter_id),
                forwarded(head(), two, letter_id=letter_id),
                redirected(head(), three, registrar, letter_id=letter_id),
                returned(head(), registrar, letter_id=letter_id),
                recalled(head(), two, letter_id),
            )
        ]
        again = data.draw(st.lists(st.sampled_from(envelopes), max_size=4))
        arrivals: list[Any] = data.draw(st.permutations([*envelopes, *again]))
        for envelope in arrivals:
            assert await deliver(notify, envelope) == Done()
        heard = {
            way: sorted([row["reason"] for row in await told(notify, way)])
            for way in (one.holders[0], three.holders[0], registrar)
        }
        assert heard == {
            one.holders[0]: ["letter_addressed"],
            three.holders[0]: ["letter_forwarded"],
            registrar: ["letter_redirected", "letter_returned"],
        }
        last = [row["reason"] for row in await told(notify, two.holders[0])]
        assert last in (["letter_forwarded", "letter_recalled"], ["letter_recalled"])
