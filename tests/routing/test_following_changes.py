"""What is changed about a disposition moves the letter: where it is, whom it waits for, who reads it, what is told."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts import disposition as d
from services.contracts.event import Event
from services.contracts.intake import LetterRegistered
from services.contracts.routing import AccessChanged, LetterCompleted
from services.routing.commands.rebuild_letters import rebuild_letters
from services.routing.context import Context
from services.routing.domain.branch import Branch
from tests.events import deliver, published
from tests.people import actor
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


class Office:
    """Dinas PU with a letter that its head gave down; each further event is told under the next version."""

    def __init__(self, routing: Service, regency: Regency, call: Call, letter: LetterRegistered) -> None:
        self.routing, self.regency, self.call, self.letter = routing, regency, call, letter
        self.head = regency.holder("head")
        self.given = letters.issued(letter, self.head, recipient(regency.held("roads")))
        self.version = 0

    async def tell(self, *news: Event) -> None:
        """Deliver it, each as of the moment it is told."""
        for event in news:
            self.version += 1
            instant = "issued_at" if isinstance(event, d.DispositionIssued) else "at"
            await deliver(self.routing, event.model_copy(update={instant: now()}), self.version)

    def fields(self, **more: Any) -> dict[str, Any]:
        """What every event says."""
        part = self.given.recipients[0]
        return {
            "disposition_id": self.given.disposition_id,
            "letter_id": self.letter.letter_id,
            "letter_subject": self.letter.subject,
            "recipient_id": part.recipient_id,
            "actor": actor(self.head),
            "at": now(),
            **more,
        }

    def of_all(self, **more: Any) -> dict[str, Any]:
        """The same of what is about no single recipient."""
        return {name: value for name, value in self.fields(**more).items() if name != "recipient_id"}

    def recalled(self) -> d.DispositionRecalled:
        ids = (self.given.recipients[0].recipient_id,)
        return d.DispositionRecalled(**self.of_all(recipient_ids=ids, reason="Salah alamat", all_done=True))

    def declined(self) -> d.DispositionDeclined:
        told = self.fields(issuer_position_id=self.given.issuer.position_id, reason="Bukan tugas kami", all_done=True)
        return d.DispositionDeclined(**told, position_title="Kepala Bidang Bina Marga")

    def added(self, who: str) -> d.RecipientAdded:
        further = recipient(self.regency.held(who), responsible=False)
        return d.RecipientAdded(**self.of_all(recipients=(further,)))

    def reopened(self) -> d.RecipientReopened:
        return d.RecipientReopened(**self.fields(closes_on="completion", reason="Laporan belum lengkap"))

    def handed_over(self, former: HeldPosition, to: HeldPosition, **more: Any) -> d.WorkHandedOver:
        return d.WorkHandedOver(
            **self.fields(**more),
            former_position_id=former.position_id,
            former_position_title=former.title,
            position_id=to.position_id,
            position_title=to.title,
            unit_id=to.unit_id,
            unit_name=to.unit_name,
            reason="Mutasi jabatan",
        )

    def commented(self, kind: d.CommentKind, text: str) -> d.DispositionCommented:
        return d.DispositionCommented(**self.fields(comment_id=new_id(), kind=kind, text=text))

    async def readers(self) -> set[str]:
        """Who was last told to be able to read it, by name."""
        told = [one for one in await published(self.routing) if one.type == AccessChanged.event_type]
        ids = AccessChanged.read(told[-1].data).access.positions if told else ()
        return {key for key, one in self.regency.positions.items() if one.id in ids}

    async def waits_for(self) -> list[str]:
        """Whom the letter waits for, by title."""
        return [post["title"] for post in (await self.track())["branches"][0]["who_must_act"]]

    async def track(self, who: str = "head") -> Any:
        """The track as somebody sees it."""
        path = f"/v1/letters/{self.letter.letter_id}/track"
        status, track, _ = await self.call(self.regency.holder(who), "GET", path)
        assert status == 200, track
        return track

    async def told(self, who: str = "head") -> list[tuple[str, str | None]]:
        """The steps, as somebody sees them."""
        return [(step["label"], step["detail"]) for step in (await self.track(who))["timeline"]]


@pytest.fixture
async def office(routing: Service, regency: Regency, call: Call, delivered: Delivered) -> Office:
    """A letter that was given to the roads division."""
    office = Office(routing, regency, call, await delivered())
    await office.tell(office.given)
    return office


def completions(news: Sequence[Any]) -> int:
    return sum(one.type == LetterCompleted.event_type for one in news)


class TestRecalled:
    async def test_all_taken_back_the_letter_lies_with_its_unit_as_before(
        self, office: Office, branches_of: Look
    ) -> None:
        assert "roads" in await office.readers()
        await office.tell(office.recalled())
        assert [one.state for one in await branches_of(office.letter)] == ["sent"]
        assert await office.waits_for() == ["Kepala Dinas PU", "Sekretaris Dinas PU", "Agendaris Dinas PU"]
        assert (await office.track())["status"] == "routed"
        expected = ("Disposisi ditarik kembali", "Dari Kepala Bidang Bina Marga. Alasan: Salah alamat")
        assert (await office.told())[-1] == expected

    async def test_who_had_not_read_it_reads_it_no_more(self, office: Office, call: Call) -> None:
        path = f"/v1/letters/{office.letter.letter_id}/track"
        assert (await call(office.regency.holder("roads"), "GET", path))[0] == 200
        await office.tell(office.recalled())
        assert "roads" not in await office.readers()
        assert (await call(office.regency.holder("roads"), "GET", path))[0] == 404

    async def test_taken_back_before_it_is_heard_of_ends_the_same(
        self, routing: Service, regency: Regency, call: Call, delivered: Delivered, branches_of: Look
    ) -> None:
        office = Office(routing, regency, call, await delivered())
        await deliver(routing, office.recalled(), 2)
        await deliver(routing, office.given, 1)
        assert [one.state for one in await branches_of(office.letter)] == ["sent"]
        assert completions(await published(routing)) == 0


class TestDeclined:
    async def test_given_back_by_all_it_lies_with_its_unit_and_they_still_see_it(
        self, office: Office, branches_of: Look
    ) -> None:
        await office.tell(office.declined())
        assert [one.state for one in await branches_of(office.letter)] == ["sent"]
        assert "roads" in await office.readers()
        assert (await office.track("roads"))["status"] == "routed"
        expected = "Kepala Bidang Bina Marga. Alasan: Bukan tugas kami"
        assert (await office.told())[-1] == ("Disposisi dikembalikan kepada pemberi", expected)

    async def test_it_can_then_be_given_to_somebody_else(self, office: Office, branches_of: Look) -> None:
        await office.tell(office.declined())
        again = letters.issued(office.letter, office.head, recipient(office.regency.held("heavy")))
        await deliver(office.routing, again)
        await deliver(office.routing, letters.completed(again, office.regency.holder("heavy")), 2)
        assert [one.state for one in await branches_of(office.letter)] == ["done"]
        assert completions(await published(office.routing)) == 1


class TestAdded:
    async def test_who_was_added_may_read_it_and_is_waited_for(self, office: Office, branches_of: Look) -> None:
        done = letters.completed(office.given, office.regency.holder("roads"))
        await office.tell(done, office.added("heavy"))
        assert [one.state for one in await branches_of(office.letter)] == ["in_progress"]
        assert {"roads", "heavy"} <= await office.readers()
        assert await office.waits_for() == ["Pengelola Alat Berat"]
        expected = "Pengelola Alat Berat: Pelajari / telaah, Sosialisasikan"
        assert (await office.told())[-1] == ("Penerima disposisi ditambahkan", expected)


class TestReopened:
    async def test_a_letter_that_was_done_is_in_progress_and_is_done_anew(
        self, office: Office, branches_of: Look
    ) -> None:
        done = letters.completed(office.given, office.regency.holder("roads"))
        await office.tell(done)
        assert (await office.track())["completed_at"] is not None
        await office.tell(office.reopened())
        track = await office.track()
        assert (track["status"], track["completed_at"], track["outcome"]) == ("in_progress", None, None)
        expected = "Untuk Kepala Bidang Bina Marga. Alasan: Laporan belum lengkap"
        assert (await office.told())[-1] == ("Disposisi dibuka kembali", expected)
        await office.tell(done)
        assert [one.state for one in await branches_of(office.letter)] == ["done"]
        assert completions(await published(office.routing)) == 2

    async def test_a_part_of_before_a_branch_was_reopened_counts_again_once_it_is_work(
        self, office: Office, call: Call, branches_of: Look
    ) -> None:
        done = letters.completed(office.given, office.regency.holder("roads"))
        await office.tell(done)
        [branch] = await branches_of(office.letter)
        path = f"/v1/branches/{branch.id}/reopen"
        assert (await call(office.head, "POST", path, json={"reason": "Ada susulan"}))[0] == 200
        assert [one.state for one in await branches_of(office.letter)] == ["received"]
        await office.tell(office.reopened())
        assert [one.state for one in await branches_of(office.letter)] == ["in_progress"]
        await office.tell(done)
        assert [one.state for one in await branches_of(office.letter)] == ["done"]

    async def test_what_is_work_again_lies_in_no_files(self, office: Office, call: Call, branches_of: Look) -> None:
        await office.tell(letters.completed(office.given, office.regency.holder("roads")))
        [branch] = await branches_of(office.letter)
        filed = await call(office.regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/file", json={})
        assert filed[0] == 200, filed
        assert (await office.track())["status"] == "archived"
        await office.tell(office.reopened())
        assert [one.filed for one in await branches_of(office.letter)] == [None]


class TestHandedOver:
    async def test_the_work_and_the_right_to_read_go_together(self, office: Office) -> None:
        held = office.regency.held
        await office.tell(office.handed_over(held("roads"), held("heavy")))
        assert await office.waits_for() == ["Pengelola Alat Berat"]
        readers = await office.readers()
        assert "heavy" in readers
        assert "roads" not in readers
        expected = "Dari Kepala Bidang Bina Marga ke Pengelola Alat Berat. Alasan: Mutasi jabatan"
        assert (await office.told())[-1] == ("Disposisi dialihkan ke jabatan lain", expected)

    async def test_whoever_waits_for_the_answers_now_may_read_it(self, office: Office) -> None:
        held = office.regency.held
        await office.tell(office.handed_over(held("head"), held("camat"), recipient_id=None))
        assert {"camat", "roads"} <= await office.readers()
        assert (await office.track("camat"))["status"] == "disposed"


class TestTrack:
    async def test_K1_the_sender_sees_the_stages_but_not_how_an_office_shares_out_its_work(
        self, office: Office
    ) -> None:
        held = office.regency.held
        changed = d.RecipientAmended(**office.fields(note="Segera", due_on="2026-12-01", reason="Dipercepat"))
        answered = {"issuer_position_id": office.head.positions[0].position_id}
        progress = d.DispositionProgressed(**office.fields(percent=40, note="Alat disiapkan", **answered))
        await office.tell(
            d.DispositionReceived(**{k: v for k, v in office.fields().items() if k != "letter_subject"}),
            progress,
            changed,
            office.commented("question", "Anggarannya dari mana?"),
            office.handed_over(held("roads"), held("heavy")),
        )
        inside = (await office.told())[3:]
        assert inside == [
            ("Disposisi diterima", None),
            ("Kemajuan disposisi dilaporkan", "40%: Alat disiapkan"),
            (
                "Disposisi diubah",
                "Untuk Kepala Bidang Bina Marga. Batas waktu: 1 Desember 2026. Catatan: Segera. Alasan: Dipercepat",
            ),
            ("Disposisi dibahas", "Pertanyaan: Anggarannya dari mana?"),
            (
                "Disposisi dialihkan ke jabatan lain",
                "Dari Kepala Bidang Bina Marga ke Pengelola Alat Berat. Alasan: Mutasi jabatan",
            ),
        ]
        outside = (await office.told("operator"))[3:]
        assert outside == [("Disposisi diterima", None), ("Kemajuan disposisi dilaporkan", None)]


class TestOutgoingLetter:
    async def test_H3_a_letter_that_answers_is_linked_and_the_outcome_is_a_reply(
        self, office: Office, delivered: Delivered, call: Call
    ) -> None:
        reply = await delivered(by=office.regency.holder("registrar"), subject="Jawaban peminjaman alat berat")
        done = letters.completed(office.given, office.regency.holder("roads"))
        await office.tell(done.model_copy(update={"outgoing_letter_id": reply.letter_id}))
        track = await office.track()
        [link] = track["linked"]
        assert (link["relation"], link["inverse"], link["letter"]["id"]) == ("reply_to", True, reply.letter_id)
        assert (track["status"], track["outcome"]) == ("done", "reply")
        _, other, _ = await call(office.head, "GET", f"/v1/letters/{reply.letter_id}/track")
        [link] = other["linked"]
        assert (link["relation"], link["inverse"], link["letter"]["id"]) == (
            "reply_to",
            False,
            office.letter.letter_id,
        )

    async def test_told_again_it_is_linked_once(self, office: Office, delivered: Delivered, context: Context) -> None:
        reply = await delivered()
        done = letters.completed(office.given, office.regency.holder("roads"))
        named = done.model_copy(update={"outgoing_letter_id": reply.letter_id})
        await office.tell(named, named)
        for letter in (office.letter, reply):
            entries = await context.history.of(letter.letter_id)
            assert [one.event.event_type for one in entries].count("id.lontar.routing.letter.linked.v1") == 1

    @pytest.mark.parametrize("itself", [True, False])
    async def test_itself_or_a_letter_that_is_not_known_is_linked_with_nothing(
        self, office: Office, branches_of: Look, itself: bool
    ) -> None:
        done = letters.completed(office.given, office.regency.holder("roads"))
        named = office.letter.letter_id if itself else new_id()
        await office.tell(done.model_copy(update={"outgoing_letter_id": named}))
        assert [one.state for one in await branches_of(office.letter)] == ["done"]
        assert (await office.track())["linked"] == []


class TestRebuilt:
    async def test_everything_kept_is_what_the_history_says(
        self, office: Office, delivered: Delivered, context: Context
    ) -> None:
        held = office.regency.held
        reply = await delivered()
        done = letters.completed(office.given, office.regency.holder("roads"))
        await office.tell(
            office.added("heavy"),
            office.handed_over(held("roads"), held("secretary")),
            done.model_copy(update={"outgoing_letter_id": reply.letter_id, "all_done": False}),
            office.reopened(),
            office.commented("comment", "Dicatat"),
            office.declined(),
        )
        assert (await rebuild_letters(context, only_check=True)).different == []
