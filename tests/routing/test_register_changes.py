"""What the register says of a letter later, and letters entered to practise: everywhere routing shows them."""

import random
from typing import Any

import pytest

from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done, Duplicate, Retry
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.event import Event
from services.contracts.intake import FieldChange, LetterCorrected, LetterRegistered, LetterVoided, ScanParked
from services.contracts.routing import AccessChanged, LetterDelivered
from services.routing.commands.past_letters import past_letters
from services.routing.commands.rebuild_letters import rebuild_letters
from services.routing.commands.watch_deadlines import watch_deadlines
from services.routing.context import Context
from tests.events import deliver, envelope_of, published, types_published
from tests.people import held, principal
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.figures import count, figures
from tests.routing.letters import recipient, to_unit
from tests.routing.regency import Regency
from tests.routing.test_boxes import PEOPLE, assert_counts_equal_lists
from tests.routing.test_search import ids, indexed

LEADER = principal(held("leader", title="Bupati", unit_name="Bupati"), name="Bupati")
CHANGE = FieldChange(field="subject", before="Permohonan peminjaman alat berat", after="Undangan peninjauan embung")


def correction(letter: LetterRegistered, **fields: Any) -> LetterCorrected:
    """The letter corrected by who registered it."""
    given: dict[str, Any] = {
        **letter.model_dump(include=set(LetterCorrected.model_fields) - {"sender", "occasion"}),
        "sender": letter.sender,
        "subject": "Undangan peninjauan embung",
        "kind": "Surat Undangan",
        "changes": (CHANGE,),
        "reason": "Salah ketik",
        "corrected_by": letter.registered_by,
        "at": now(),
    }
    return LetterCorrected(**{**given, **fields})


def void(letter: LetterRegistered) -> LetterVoided:
    """The letter declared void by who registered it."""
    return LetterVoided(
        **letter.model_dump(include={"letter_id", "book", "year", "agenda_number", "subject", "confidentiality"}),
        training=letter.training,
        reason="Terdaftar dua kali",
        voided_by=letter.registered_by,
        at=now(),
    )


async def listed(call: Call, person: Any, **params: str) -> list[dict[str, Any]]:
    status, page, _ = await call(person, "GET", "/v1/letters", params=params)
    assert status == 200, page
    items: list[dict[str, Any]] = page["items"]
    return items


async def tracked(call: Call, person: Any, letter: LetterRegistered) -> dict[str, Any]:
    status, track, _ = await call(person, "GET", f"/v1/letters/{letter.letter_id}/track")
    assert status == 200, track
    found: dict[str, Any] = track
    return found


class TestCorrected:
    async def test_K10_every_list_and_the_track_say_what_the_register_says(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter, head = await delivered(), regency.holder("head")
        assert await deliver(routing, correction(letter), 2) == Done()
        _, inbox, _ = await call(head, "GET", "/v1/inbox")
        [row] = await listed(call, head)
        track = await tracked(call, head, letter)
        for shown in (inbox["items"][0]["letter"], row["letter"], track["letter"]):
            assert (shown["subject"], shown["kind"]) == ("Undangan peninjauan embung", "Surat Undangan")
            assert (shown["agenda_number"], shown["voided"], shown["training"]) == (7, False, False)
        step = track["timeline"][-1]
        assert (step["what"], step["label"]) == ("corrected", "Data surat diperbaiki")
        assert step["actor"]["person_name"] == "Ni Luh Sari"
        assert step["detail"] == (
            "Perihal: “Permohonan peminjaman alat berat” menjadi “Undangan peninjauan embung”. Alasan: Salah ketik"
        )
        assert (await rebuild_letters(context, only_check=True)).different == []

    async def test_no_deadline_and_no_version_of_a_branch_moves(
        self, routing: Service, context: Context, delivered: Delivered
    ) -> None:
        letter = await delivered()
        [before] = await context.branches.of(letter.letter_id, None)
        await deliver(routing, correction(letter, urgency="very_urgent"), 2)
        [after] = await context.branches.of(letter.letter_id, None)
        assert (after.due_at, after.version, after.since) == (before.due_at, before.version, before.since)
        assert after.letter.urgency == "very_urgent"

    async def test_the_search_finds_it_by_what_it_says_now_and_narrows_it_down_by_that(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter, head = await delivered(), regency.holder("head")
        await indexed(context)
        assert await ids(call, head, "berat") == [letter.letter_id]
        await deliver(routing, correction(letter), 2)
        await indexed(context)
        assert await ids(call, head, "embung") == [letter.letter_id]
        assert await ids(call, head, "berat") == []
        assert await ids(call, head, "embung", kind="Surat Undangan") == [letter.letter_id]
        assert await ids(call, head, "embung", kind="Surat Permohonan") == []

    async def test_made_secret_it_is_gone_for_those_who_may_not_read_such_letters(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter, head, secretary = await delivered(), regency.holder("head"), regency.holder("secretary")
        await indexed(context)
        assert len(await listed(call, secretary)) == 1
        await deliver(routing, correction(letter, confidentiality="secret"), 2)
        await indexed(context)
        assert await listed(call, secretary) == []
        assert await ids(call, secretary, "embung") == []
        assert (await call(secretary, "GET", f"/v1/letters/{letter.letter_id}/track"))[0] == 404
        assert (await assert_counts_equal_lists(call, secretary))["inbox"] == 0
        assert (await assert_counts_equal_lists(call, head))["inbox"] == 1
        told = [one for one in await published(routing) if one.type == AccessChanged.event_type]
        assert [AccessChanged.read(one.data).access.confidentiality for one in told] == ["secret"]
        assert (await rebuild_letters(context, only_check=True)).different == []

    async def test_opened_to_more_readers_it_does_not_tell_them_what_it_said_before(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(confidentiality="secret")
        await deliver(routing, correction(letter, confidentiality="ordinary"), 2)
        await deliver(routing, correction(letter, confidentiality="ordinary", reason="Lengkapi"), 3)
        details = {}
        for key in ("head", "secretary"):
            track = await tracked(call, regency.holder(key), letter)
            details[key] = [step["detail"] for step in track["timeline"] if step["what"] == "corrected"]
        assert all("peminjaman" in str(one) for one in details["head"])
        assert [one is None for one in details["secretary"]] == [True, False]

    async def test_an_early_one_waits_and_of_two_the_newer_holds(
        self, routing: Service, regency: Regency, context: Context
    ) -> None:
        letter = letters.registered(regency)
        newer = correction(letter)
        assert isinstance(await deliver(routing, newer, 3), Retry)
        await deliver(routing, letter)
        assert await deliver(routing, newer, 3) == Done()
        await deliver(routing, correction(letter, subject="Lama"), 2)
        kept = await context.letters.find(letter.letter_id, None)
        assert kept is not None
        assert (kept.summary.subject, kept.corrected) == ("Undangan peninjauan embung", 3)
        assert (await rebuild_letters(context, only_check=True)).different == []


class TestVoided:
    async def test_it_stands_in_no_box_and_the_list_says_so(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        other = await delivered()
        assert await deliver(routing, void(letter), 2) == Done()
        head = regency.holder("head")
        counts = await assert_counts_equal_lists(call, head)
        assert (counts["inbox"], counts["not_followed_up"]) == (1, 1)
        assert (await assert_counts_equal_lists(call, regency.holder("camat")))["copies"] == 0
        [row] = await listed(call, head, status="void")
        assert (row["letter"]["id"], row["letter"]["voided"], row["due_at"]) == (letter.letter_id, True, None)
        assert {where["state"] for where in row["where"]} == {"voided"}
        unfinished = await listed(call, head, followed_up="false")
        assert [one["letter"]["id"] for one in unfinished] == [other.letter_id]
        assert await listed(call, head, overdue="true") == []
        assert (await rebuild_letters(context, only_check=True)).different == []

    async def test_who_had_it_is_shown_who_did_it_and_why(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"))))
        await deliver(routing, void(letter), 2)
        track = await tracked(call, regency.holder("head"), letter)
        assert next(step for step in track["timeline"] if step["what"] == "disposed")["detail"] is not None
        assert (track["status"], track["voided"]["reason"]) == ("void", "Terdaftar dua kali")
        assert track["voided"]["actor"]["person_name"] == "Ni Luh Sari"
        assert track["branches"][0]["who_must_act"] == []
        step = track["timeline"][-1]
        assert step["label"] == "Pendaftaran surat dibatalkan"
        assert step["detail"] == "Nomor agenda 7/2026. Alasan: Terdaftar dua kali"

    @pytest.mark.parametrize("act", ["read", "receive", "return", "recall", "close"])
    async def test_nobody_acts_on_it_any_more(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call, act: str
    ) -> None:
        letter = await delivered()
        await deliver(routing, void(letter), 2)
        [branch] = await context.branches.of(letter.letter_id, None)
        who = regency.holder("operator" if act == "recall" else "head")
        body = {
            "close": {"outcome": "noted"},
            "return": {"reason": "Salah alamat"},
            "recall": {"reason": "Salah alamat"},
        }.get(act)
        status, answer, _ = await call(who, "POST", f"/v1/branches/{branch.id}/{act}", json=body)
        assert (status, answer["code"]) == (409, "letter_voided")
        assert "Ni Luh Sari" in answer["detail"]
        assert answer["state"]["reason"] == "Terdaftar dua kali"

    async def test_it_goes_nowhere_else(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await deliver(routing, void(letter), 2)
        to = {"addressees": [to_unit(regency, "nusa_penida").model_dump()]}
        status, answer, _ = await call(
            regency.holder("head"), "POST", f"/v1/letters/{letter.letter_id}/forward", json=to
        )
        assert (status, answer["code"]) == (409, "letter_voided")

    async def test_news_heard_of_later_makes_no_work_of_it(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        await deliver(routing, void(letter), 2)
        await deliver(routing, given)
        await deliver(routing, letters.completed(given, regency.holder("roads")))
        assert (await tracked(call, regency.holder("head"), letter))["status"] == "void"
        assert (await assert_counts_equal_lists(call, regency.holder("head")))["done"] == 0
        assert "routing.letter.completed" not in await types_published(routing)

    async def test_no_deadline_of_it_is_told(
        self, routing: Service, context: Context, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter = await delivered()
        [branch] = await context.branches.of(letter.letter_id, None)
        await deliver(routing, void(letter), 2)
        assert branch.due_at is not None
        monkeypatch.setattr("services.routing.commands.watch_deadlines.now", lambda: branch.due_at)
        assert await watch_deadlines(context) == 0

    async def test_figures_count_it_nowhere_any_more(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await delivered()
        await count(context)
        before = await figures(call, LEADER, "backlog")
        await deliver(routing, void(letter), 2)
        await count(context)
        after = await figures(call, LEADER, "backlog")
        assert (before["total"]["open"], after["total"]["open"]) == (2, 1)
        assert await context.figures.rows.of_letter(letter.letter_id) == {}

    async def test_heard_of_twice_it_stands_once_on_the_track(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        envelope = envelope_of(void(letter), 2)
        assert [await deliver(routing, envelope) for _ in range(3)][1:] == [Duplicate()] * 2
        track = await tracked(call, regency.holder("head"), letter)
        assert [step["what"] for step in track["timeline"]].count("voided") == 1

    async def test_in_any_order_with_acts_and_dispositions_boxes_stay_exact_and_histories_say_the_same(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        chance = random.Random(20261122)
        news: list[Envelope] = []
        for _ in range(8):
            letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
            given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
            told: list[tuple[Event, int]] = [
                (given, 1),
                (letters.completed(given, regency.holder("roads")), 2),
                (correction(letter, confidentiality=chance.choice(["ordinary", "secret"])), 2),
                (correction(letter, subject="Kedua"), 3),
                (void(letter), 4),
            ]
            news += [envelope_of(event, seq) for event, seq in chance.sample(told, chance.randint(2, 5))]
        for envelope in chance.sample(news, len(news)):
            await deliver(routing, envelope)
        for key in PEOPLE:
            await assert_counts_equal_lists(call, regency.holder(key))
        assert (await rebuild_letters(context, only_check=True)).different == []


class TestPractice:
    async def test_it_is_delivered_and_marked_in_every_list(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter, head = await delivered(training=True), regency.holder("head")
        [told] = [
            LetterDelivered.read(one.data) for one in await published(routing) if one.type == LetterDelivered.event_type
        ]
        assert (told.training, told.registrar_position_id) == (True, letter.registered_by.position_id)
        _, inbox, _ = await call(head, "GET", "/v1/inbox")
        track = await tracked(call, head, letter)
        [row] = await listed(call, head)
        assert all(one["letter"]["training"] is True for one in (inbox["items"][0], track, row))
        assert track["timeline"][0]["detail"].startswith("Surat latihan. Nomor agenda")

    async def test_the_control_list_is_asked_with_or_without_it(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        practice, earnest = await delivered(training=True), await delivered()
        head = regency.holder("head")
        assert len(await listed(call, head)) == 2
        found = {wanted: await listed(call, head, training=wanted) for wanted in ("true", "false")}
        assert [one["letter"]["id"] for one in found["true"]] == [practice.letter_id]
        assert [one["letter"]["id"] for one in found["false"]] == [earnest.letter_id]

    async def test_figures_count_neither_the_letter_nor_who_practised(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(training=True)
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"))))
        await count(context)
        assert (await figures(call, LEADER, "backlog"))["total"]["open"] == 0
        month = f"{now():%Y-%m}"
        adoption = await figures(call, LEADER, "adoption", month=month)
        assert {one["acting_positions"] for one in adoption["items"]} == {0}

    async def test_nothing_is_learned_from_it_nor_from_what_is_void(
        self, routing: Service, context: Context, delivered: Delivered
    ) -> None:
        await delivered(training=True)
        voided, earnest = await delivered(), await delivered()
        await deliver(routing, void(voided), 2)
        found = [row.id async for rows in past_letters(context.guidance, 10) for row in rows]
        assert found == [earnest.letter_id]


class TestScanParked:
    async def test_it_stands_on_the_track_and_moves_nothing(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        parked = ScanParked(
            letter_id=letter.letter_id,
            file_id=letter.files[0].file_id,
            name="surat.pdf",
            sha256="0" * 64,
            reason="Halaman 3 tidak dapat dibaca",
            attempts=3,
            at=now(),
        )
        assert isinstance(await deliver(routing, parked.model_copy(update={"letter_id": new_id()})), Retry)
        assert await deliver(routing, parked) == Done()
        track = await tracked(call, regency.holder("head"), letter)
        assert (track["status"], track["timeline"][-1]["what"]) == ("routed", "scan_parked")
        assert track["timeline"][-1]["detail"] == "surat.pdf. Alasan: Halaman 3 tidak dapat dibaca"
        assert (await rebuild_letters(context, only_check=True)).different == []
