"""Counting goes on whatever happens meanwhile, and comes to the same as counting everything anew."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import PyMongoError
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.routing.commands import count_months as months_counted
from services.routing.commands.count_again import count_again
from services.routing.commands.count_letters import count_letters
from services.routing.commands.count_months import count_months, counting_at_ease
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.domain.figures import Row, WayFigures
from services.routing.store.letters import FIGURES_DUE
from tests.events import deliver
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.figures import MARCH, appoint, clock_of, count, excuse
from tests.routing.letters import recipient, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


async def everything(context: Context) -> dict[str, Any]:
    """All that is kept, but for when it was counted."""
    room = context.figures
    rows = await room.rows._rows.find({}).to_list(None)
    months = await room.months._months.find({}).to_list(None)
    backlogs = await room.months._backlogs.find({}).to_list(None)
    activity = await room.activity._rows.find({}).to_list(None)
    for one in activity:
        for name in ("positions", "people"):
            one[name] = sorted(one.get(name, ()))
    found = {f"{name}/{one['_id']}": one for name, kept in (("row", rows), ("open", backlogs)) for one in kept}
    found |= {f"month/{one['_id']}": {**one, "counted_at": None} for one in months}
    return found | {f"activity/{one['_id']}": one for one in activity}


async def due_letters(context: Context) -> int:
    return int(await context.letters._rows.count_documents({FIGURES_DUE: {"$exists": True}}))


async def rows_of(context: Context, letter: LetterRegistered) -> dict[str, Row]:
    return await context.figures.rows.of_letter(letter.letter_id)


class TestLetters:
    async def test_a_letter_that_nothing_happened_to_is_not_measured_again(
        self, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        await delivered()
        assert await count_letters(context.figures) == 1
        assert await due_letters(context) == 0
        assert await count_letters(context.figures) == 0

    async def test_what_happens_while_it_is_measured_is_not_lost(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter = await delivered()
        [branch] = await context.branches.of(letter.letter_id, None)
        settle = context.figures.due.settle

        async def late(due: Any) -> None:
            if await rows_of(context, letter) and not (await context.branches.of(letter.letter_id, None))[0].read:
                await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/read")
            await settle(due)

        monkeypatch.setattr(context.figures.due, "settle", late)
        await count_letters(context.figures)
        assert await due_letters(context) == 1
        await count(context)
        row = (await rows_of(context, letter))[branch.id]
        assert isinstance(row, WayFigures)
        assert row.state == "read"

    async def test_one_that_broke_off_before_taking_the_marks_off_is_done_again(
        self, regency: Regency, delivered: Delivered, context: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await delivered()

        async def crash(_: Any) -> None:
            raise PyMongoError("gone")

        with monkeypatch.context() as broken:
            broken.setattr(context.figures.due, "settle", crash)
            with pytest.raises(PyMongoError):
                await count_letters(context.figures)
        await count_months(context.figures)
        kept = await everything(context)
        await count(context)
        assert await everything(context) == kept
        assert await due_letters(context) == 0

    async def test_rows_and_the_marks_of_their_months_are_written_together_or_not(
        self, regency: Regency, delivered: Delivered, context: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await delivered()

        async def crash(*_: Any) -> None:
            raise PyMongoError("gone")

        with monkeypatch.context() as broken:
            broken.setattr(context.figures.rows, "put", crash)
            with pytest.raises(PyMongoError):
                await count_letters(context.figures)
        assert await everything(context) == {}
        await count(context)
        assert len(await context.figures.months.in_month(await _month(context))) > 0

    async def test_one_that_cannot_be_measured_keeps_no_other_waiting(
        self, regency: Regency, delivered: Delivered, context: Context, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, fine = await delivered(), await delivered()
        await context.history._rows.update_one({"letter_id": broken.letter_id, "n": 1}, {"$set": {"type": "unknown"}})
        for _ in range(3):
            await count_letters(context.figures)
        assert [bool(await rows_of(context, one)) for one in (broken, fine)] == [False, True]
        assert await due_letters(context) == 1
        assert sum(broken.letter_id in one.message for one in caplog.records) == 1

    async def test_many_are_measured_though_they_became_due_at_once(
        self, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        made = [await delivered() for _ in range(12)]
        await context.letters._rows.update_many({}, {"$set": {FIGURES_DUE: MARCH}})
        await count(context)
        assert await due_letters(context) == 0
        assert all([await rows_of(context, one) for one in made])

    async def test_a_branch_that_no_history_tells_of_is_taken_away(
        self, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        letter = await delivered()
        await count(context)
        rows = await rows_of(context, letter)
        way = next(row for row in rows.values() if isinstance(row, WayFigures))
        ghost = way.model_copy(update={"id": new_id(), "month": "2025-01"})
        await context.figures.rows.put([ghost], None)
        await context.figures.due.mark([letter.letter_id], now())
        await count(context)
        assert await rows_of(context, letter) == rows
        assert (await context.figures.months.of_unit(ghost.unit_id, "2025-01", "2025-01"))[0].tally.counts == {}


async def _month(context: Context) -> str:
    return str((await context.figures.rows._rows.find_one({}))["month"])  # type: ignore[index]


class TestMonths:
    async def test_one_that_changed_meanwhile_is_counted_with_its_new_mark(
        self, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        await delivered()
        await count_letters(context.figures)
        before = await context.figures.activity.due()
        await delivered()
        await count_letters(context.figures)
        assert not await context.figures.activity.settle(before[0], None)
        await count(context)
        unit = regency.units["pu"].id
        [counted] = await context.figures.months.of_unit(unit, "2000-01", "2999-12")
        assert counted.tally.counted_by("role") == {"addressee": 2}
        assert await context.figures.activity.due() == []

    async def test_at_ease_it_rests_after_it_has_worked(
        self, regency: Regency, delivered: Delivered, context: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # However quick it was, it rests for longer than it takes here to make more work for it.
        monkeypatch.setattr(months_counted, "REST", 10_000)
        monkeypatch.setattr(months_counted, "LONGEST_REST_SECONDS", 3)
        sweep = counting_at_ease(context.figures)
        await delivered()
        await count_letters(context.figures)
        await sweep()
        assert await context.figures.activity.due() == []
        await delivered()
        await count_letters(context.figures)
        await sweep()
        assert await context.figures.activity.due() != [], "it rests"

        async def rested() -> None:
            while await context.figures.activity.due():
                await sweep()
                await asyncio.sleep(0.05)

        await asyncio.wait_for(rested(), 60)


class TestDuties:
    async def test_the_service_counts_by_itself(
        self, routing: Service, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        tasks = [asyncio.create_task(duty()) for duty in routing.duties]
        try:
            await delivered()

            async def counted() -> None:
                while not await context.figures.months.backlogs(regency.units["pu"].id):
                    await asyncio.sleep(0.05)

            await asyncio.wait_for(counted(), 60)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class TestAgain:
    async def test_counted_anew_it_is_what_was_kept_up(
        self,
        routing: Service,
        regency: Regency,
        delivered: Delivered,
        branches_of: Look,
        context: Context,
        call: Call,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Letters in several months, acts in any order, two counters at once."""
        chance, clock = random.Random(7), clock_of(monkeypatch)
        await appoint(regency, "head", new_id())
        people = [regency.holder(key, name=key) for key in ("head", "registrar", "secretary", "camat", "operator")]
        made: list[LetterRegistered] = []
        room = context.figures
        for number in range(60):
            clock(MARCH.replace(month=3 + number // 25, day=1 + number % 25))
            if number % 4 == 0:
                ways = chance.sample(("pu", "nusa_penida", "batukandik"), chance.randint(1, 3))
                made.append(await delivered(tuple(to_unit(regency, way) for way in ways[:2]), (), registered_at=MARCH))
            letter = chance.choice(made)
            branch = chance.choice(await branches_of(letter))
            act = chance.choice(("read", "receive", "close", "return", "recall"))
            body = {"close": {"outcome": "noted"}, "return": {"reason": "x"}, "recall": {"reason": "x"}}.get(act, {})
            asked: list[Awaitable[Any]] = [
                call(chance.choice(people), "POST", f"/v1/branches/{branch.id}/{act}", json=body)
            ]
            if number % 5 == 0:
                given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
                asked.append(deliver(routing, given))
            if number % 3 == 0:
                asked += [count_letters(room), count_letters(room), count_months(room)]
            await asyncio.gather(*asked)
        await count(context)
        kept = await everything(context)
        assert len([key for key in kept if key.startswith("month/")]) > 4
        assert await count_again(room) == len(made)
        assert await everything(context) == kept
        assert await count_again(room, fresh=True) == len(made)
        assert await everything(context) == kept

    async def test_fresh_it_asks_again_whether_the_leader_was_there(
        self, regency: Regency, delivered: Delivered, context: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock_of(monkeypatch)(MARCH)
        head = new_id()
        await appoint(regency, "head", head)
        letter = await delivered()
        await count(context)
        await excuse(context, head, MARCH.date(), MARCH.date())
        seen = []
        for fresh in (False, True):
            await count_again(context.figures, fresh=fresh)
            seen += [row.leader for row in (await rows_of(context, letter)).values() if isinstance(row, WayFigures)]
        assert seen == ["present", "away"]
