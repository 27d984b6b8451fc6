"""Proposed addressees over HTTP: by rules, and as learned from letters that were delivered."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.vocabulary import Party
from services.routing.commands import learn as learning
from services.routing.commands.learn import learn, learn_when_due, went_to
from services.routing.context import Context
from services.routing.domain.learning import Run
from tests.events import deliver
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.guidance import a_rule, close, plain, unit
from tests.routing.letters import to_unit
from tests.routing.regency import ADMIN, Regency

PROPOSALS, MODEL, RULES = "/v1/proposals", "/v1/proposals/model", "/v1/routing-rules"
MATTERS = {
    "pu": ("perbaikan jembatan rusak", "pengaspalan jalan", "peminjaman alat berat", "jembatan putus"),
    "nusa_penida": ("lomba perbekel", "musyawarah kecamatan", "batas desa", "lomba antar desa"),
}
LETTER = {"kind": "Surat Permohonan", "category": "request", "subject": "Jembatan putus di Banjar Sompang"}
Taught = Callable[..., Awaitable[Run | None]]


@pytest.fixture
def taught(routing: Service, regency: Regency, context: Context) -> Taught:
    """``run = await taught()``: learned from letters of two villages about two offices' matters."""

    async def teach(count: int = 120, **fields: Any) -> Run | None:
        for number in range(count):
            office = tuple(MATTERS)[number % 2]
            village = ("operator", "neighbour")[number // 8 % 2]
            event = letters.registered(
                regency,
                (to_unit(regency, office),),
                by=regency.holder(village),
                sender=to_unit(regency, ("sekartaji", "batukandik")[number // 8 % 2]),
                subject=f"Permohonan {MATTERS[office][number // 2 % 4]}",
                **fields,
            )
            await deliver(routing, event)
        return await learn(context.guidance)

    return teach


async def proposed(call: Call, person: Any, **letter: Any) -> list[dict[str, Any]]:
    status, answer, _ = await call(person, "POST", PROPOSALS, json={**LETTER, **letter})
    assert status == 200, answer
    return list(answer["items"])


class TestByRule:
    async def test_K8_a_village_is_proposed_dinas_pu_with_the_camat_in_copy_and_told_why(
        self, regency: Regency, call: Call
    ) -> None:
        conditions = {"kinds": ["Surat Permohonan"], "words": ["alat berat"], "sender_words": ["desa"]}
        wanted = a_rule(regency, unit(regency, "pu"), unit(regency, "nusa_penida", "copy"), conditions=conditions)
        await call(ADMIN, "POST", RULES, json=wanted)
        sender = {"kind": "unit", "id": regency.units["sekartaji"].id, "name": "Desa Sekartaji"}
        found = await proposed(
            call, plain(regency.holder("operator")), subject="Mohon pinjam alat berat", sender=sender
        )
        reason = (
            "Aturan 'Alat berat ke Dinas PU': jenis Surat Permohonan; pengirim Desa Sekartaji; "
            "perihal memuat 'alat berat'"
        )
        assert found == [
            {
                "party": {"kind": "unit", "id": regency.units[key].id, "name": regency.units[key].name},
                "role": role,
                "source": "rule",
                "reasons": [reason],
                "confidence": None,
                "automatic": False,
            }
            for key, role in (("pu", "addressee"), ("nusa_penida", "copy"))
        ]

    async def test_what_the_scan_says_counts_too(self, regency: Regency, call: Call) -> None:
        await call(ADMIN, "POST", RULES, json=a_rule(regency, mode="automatic"))
        [one] = await proposed(call, regency.holder("operator"), text="… peminjaman\nALAT BERAT …")
        assert one["reasons"] == ["Aturan 'Alat berat ke Dinas PU': isi surat memuat 'alat berat'"]

    async def test_a_position_that_registers_no_letters_is_refused(self, regency: Regency, call: Call) -> None:
        officer = regency.holder("roads").model_copy(update={"scopes": frozenset({"letters:read"})})
        assert (await call(officer, "POST", PROPOSALS, json=LETTER))[0] == 403

    @pytest.mark.parametrize("wrong", [{"sender": {"kind": "unit"}}, {"subject": ""}, {"x": 1}])
    async def test_what_is_no_letter_is_refused(self, regency: Regency, call: Call, wrong: dict[str, Any]) -> None:
        assert (await call(regency.holder("operator"), "POST", PROPOSALS, json={**LETTER, **wrong}))[0] == 422


class TestLearned:
    async def test_a_place_that_letters_like_this_went_to_with_the_words_that_speak_for_it(
        self, regency: Regency, call: Call, taught: Taught
    ) -> None:
        run = await taught()
        assert run is not None
        assert run.used
        assert run.measured is not None
        assert run.measured.top1 > run.measured.baseline_top1
        first = (await proposed(call, regency.holder("operator")))[0]
        assert (first["party"]["id"], first["source"]) == (regency.units["pu"].id, "learned")
        assert first["confidence"] > 0.5
        assert first["reasons"][0].startswith("karena kata: jembatan")

    async def test_a_rule_that_agrees_is_named_first_and_both_reasons_given(
        self, regency: Regency, call: Call, taught: Taught
    ) -> None:
        await taught()
        await call(ADMIN, "POST", RULES, json=a_rule(regency, conditions={"words": ["jembatan"]}))
        first = (await proposed(call, regency.holder("operator")))[0]
        assert (first["source"], len(first["reasons"])) == ("both", 2)

    async def test_a_place_in_use_no_more_is_not_suggested(
        self, regency: Regency, call: Call, taught: Taught, routing: Service, context: Context
    ) -> None:
        await taught()
        await close(routing, context, "units", regency.units["pu"].id)
        found = await proposed(call, regency.holder("operator"))
        assert regency.units["pu"].id not in [one["party"]["id"] for one in found]

    async def test_K6_no_word_of_another_villages_letter_is_ever_a_reason(
        self, regency: Regency, call: Call, taught: Taught
    ) -> None:
        await taught()
        for subject in ("x", "Permohonan", "surat batukandik", "jembatan"):
            for one in await proposed(call, regency.holder("operator"), subject=subject):
                for reason in one["reasons"]:
                    named = reason.removeprefix("karena kata: ").split(", ") if "kata:" in reason else []
                    assert all(word in subject.lower() for word in named)

    async def test_confidential_letters_teach_nothing(self, taught: Taught, context: Context, regency: Regency) -> None:
        assert await taught(confidentiality="restricted") is None
        assert await context.guidance.learned.newest() is None

    async def test_a_letter_counts_for_where_it_ended_up_and_not_for_where_it_was_misdirected(
        self, regency: Regency, call: Call, delivered: Delivered, context: Context, routing: Service
    ) -> None:
        letter = await delivered((to_unit(regency, "nusa_penida"),))
        [branch] = await context.branches.of(letter.letter_id, None)
        body = {"to": {"kind": "unit", "id": regency.units["pu"].id, "name": "PU"}, "reason": "Bukan wewenang kami"}
        camat = regency.holder("camat")
        status, answer, _ = await call(camat, "POST", f"/v1/branches/{branch.id}/redirect", json=body)
        assert status == 200, answer
        went = went_to(await context.branches.of(letter.letter_id, None))
        assert [one.id for one in went] == [regency.units["pu"].id]


class TestDuty:
    async def test_it_learns_at_first_then_only_when_there_is_something_new(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered
    ) -> None:
        guidance = context.guidance
        assert await learn_when_due(guidance) == 0
        await delivered()
        assert await learn_when_due(guidance) == 1
        first = await guidance.learned.newest()
        assert first is not None
        assert (first.letters, first.used, first.measured) == (1, False, None)
        await delivered()
        assert await learn_when_due(guidance) == 0
        night = {"trained_at": first.trained_at.replace(year=first.trained_at.year - 1)}
        await routing.foundation.database["learned_runs"].update_one({"_id": first.id}, {"$set": night})
        assert await learn_when_due(guidance) == 1
        second = await guidance.learned.newest()
        assert second is not None
        assert (second.version, second.letters) == (2, 2)

    async def test_only_the_newest_runs_are_kept(self, routing: Service, context: Context, taught: Taught) -> None:
        await taught()
        for _ in range(3):
            await learn(context.guidance)
        database = routing.foundation.database
        assert await database["learned_runs"].count_documents({}) == 3
        kept = {row["run_id"] for row in await database["learned_weights"].find({}).to_list(None)}
        assert len(kept) == 3
        run = await context.guidance.learned.present()
        assert run is not None
        assert run.version == 4
        assert run.learned.places


class TestLearner:
    async def test_one_that_takes_too_long_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[asyncio.subprocess.Process] = []
        start = asyncio.create_subprocess_exec

        async def starting(*words: str, **given: Any) -> asyncio.subprocess.Process:
            started.append(await start(*words, **given))
            return started[0]

        monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
        monkeypatch.setattr(learning, "LONGEST_SECONDS", 0.01)
        with pytest.raises(TimeoutError):
            await learning.fitted({"examples": [], "threshold": 0.3})
        assert started[0].returncode == -signal.SIGKILL

    async def test_one_that_fails_says_why(self) -> None:
        with pytest.raises(RuntimeError, match="KeyError: 'traits'"):
            await learning.fitted({"examples": [{}], "threshold": 0.3})

    async def test_it_is_given_no_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_MONGO_URL", "mongodb://secret")
        monkeypatch.setattr(learning, "LEARNER", "tests.routing.environment")
        assert "LONTAR_MONGO_URL" not in await learning.fitted({})


class TestModel:
    async def test_it_says_when_from_how_many_letters_and_how_right(
        self, regency: Regency, call: Call, taught: Taught
    ) -> None:
        assert (await call(ADMIN, "GET", MODEL))[0] == 404
        run = await taught()
        status, model, _ = await call(ADMIN, "GET", MODEL)
        assert status == 200
        assert (model["version"], model["letters"], model["used"], model["threshold"]) == (1, 120, True, 0.3)
        assert run is not None
        assert run.measured is not None
        assert model["measured"] == vars(run.measured)
        assert model["measured"]["held_out"] == 24

    async def test_not_for_who_looks_after_one_unit_alone(self, regency: Regency, call: Call) -> None:
        assert (await call(plain(regency.holder("operator")), "GET", MODEL))[0] == 403


class TestForLetter:
    async def test_B6_further_offices_for_a_letter_not_those_it_lies_with(
        self, regency: Regency, call: Call, delivered: Delivered
    ) -> None:
        both = [unit(regency, "pu"), unit(regency, "nusa_penida", "copy"), unit(regency, "sekartaji")]
        await call(ADMIN, "POST", RULES, json=a_rule(regency, *both))
        letter = await delivered((to_unit(regency, "pu"),))
        path = f"/v1/letters/{letter.letter_id}/proposals"
        status, answer, _ = await call(plain(regency.holder("head")), "GET", path)
        assert status == 200
        assert [(one["party"]["id"], one["role"]) for one in answer["items"]] == [
            (regency.units["nusa_penida"].id, "copy")
        ]

    async def test_K6_to_another_village_the_letter_is_not_there(
        self, regency: Regency, call: Call, delivered: Delivered
    ) -> None:
        letter = await delivered()
        neighbour = regency.holder("neighbour")
        assert (await call(neighbour, "GET", f"/v1/letters/{letter.letter_id}/proposals"))[0] == 404
        assert (await call(neighbour, "GET", f"/v1/letters/{new_id()}/proposals"))[0] == 404

    async def test_who_may_read_it_but_not_bring_it_further_is_refused(
        self, regency: Regency, call: Call, delivered: Delivered
    ) -> None:
        await regency.unit("inspectorate", "Inspektorat", "agency")
        await regency.position("auditor", "Auditor", "inspectorate", "auditor")
        letter = await delivered((to_unit(regency, "pu"), Party(kind="external", name="PT Maju")))
        status, _, _ = await call(regency.holder("auditor"), "GET", f"/v1/letters/{letter.letter_id}/proposals")
        assert status == 403
