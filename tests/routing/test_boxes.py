"""Boxes and their counts, deadlines, and the rebuilding of everything from the histories."""

import random
from datetime import timedelta
from typing import Any

from services.chassis.clock import now
from services.chassis.service import Service
from services.contracts.vocabulary import Occasion
from services.routing.commands.rebuild_letters import rebuild_letters
from services.routing.commands.watch_deadlines import watch_deadlines
from services.routing.context import Context
from services.routing.domain.boxes import BOXES
from tests.events import deliver, envelope_of, types_published
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_unit
from tests.routing.regency import Regency

PEOPLE = ("head", "secretary", "registrar", "operator", "neighbour", "camat", "roads")


async def everything(call: Call, person: Any, path: str) -> list[dict[str, Any]]:
    """Every item of a list, two a page."""
    found: list[dict[str, Any]] = []
    params = {"limit": "2"}
    while True:
        status, page, _ = await call(person, "GET", path, params=params)
        assert status == 200, page
        found += page["items"]
        if not page["next"]:
            return found
        params = {"limit": "2", "cursor": page["next"]}


async def assert_counts_equal_lists(call: Call, person: Any) -> dict[str, int]:
    _, boxes, _ = await call(person, "GET", "/v1/boxes")
    counts = {box["box"]: box["count"] for box in boxes["items"]}
    assert list(counts) == list(BOXES)
    for box, count in counts.items():
        items = await everything(call, person, f"/v1/boxes/{box}")
        assert len(items) == count, box
        ids = [item.get("branch_id") or item["letter"]["id"] for item in items]
        assert len(set(ids)) == len(ids), box
        assert ids == sorted(ids, reverse=True), box
    return counts


class TestBoxes:
    async def test_B3_counts_equal_lists_after_any_acts_and_repeated_news(
        self, routing: Service, context: Context, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        chance = random.Random(20260302)
        units = ("pu", "nusa_penida", "batukandik", "sekartaji")
        sent = []
        for _ in range(12):
            places = [to_unit(regency, one) for one in chance.sample(units, 3)]
            sent.append(await delivered(tuple(places[:2]), tuple(places[2:])))
        news = [
            envelope_of(letters.issued(one, regency.holder("head"), recipient(regency.held("roads")))) for one in sent
        ]
        acts = ("read", "receive", "return", "redirect", "recall", "close", "reopen", "file")
        for _ in range(90):
            letter = chance.choice(sent)
            branch = chance.choice(await context.branches.of(letter.letter_id, None))
            who = regency.holder(chance.choice(PEOPLE))
            to = {"kind": "unit", "id": regency.units[chance.choice(units)].id}
            act = chance.choice(acts)
            body: dict[str, Any] = {"reason": "Uji acak."} if act in ("return", "redirect", "recall", "reopen") else {}
            body |= {"to": to} if act == "redirect" else {}
            status, answer, _ = await call(who, "POST", f"/v1/branches/{branch.id}/{act}", json=body)
            assert status in (200, 403, 404, 409), answer
            if chance.random() < 0.3:
                await deliver(routing, chance.choice(news))
        seen = [await assert_counts_equal_lists(call, regency.holder(one)) for one in PEOPLE]
        assert sum(sum(counts.values()) for counts in seen) > 50
        both = regency.holder("head", "secretary", "camat")
        await assert_counts_equal_lists(call, both)
        checked = await rebuild_letters(context, only_check=True)
        assert (checked.letters, checked.different) == (12, [])

    async def test_each_box_holds_what_its_name_says(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        head, operator, camat = (regency.holder(one) for one in ("head", "operator", "camat"))

        async def counts(person: Any) -> dict[str, int]:
            return {box: n for box, n in (await assert_counts_equal_lists(call, person)).items() if n}

        assert await counts(head) == {"inbox": 1, "not_followed_up": 1}
        assert await counts(operator) == {"outbox": 1}
        assert await counts(camat) == {"inbox": 1, "copies": 1}
        branch = (await context.branches.of(letter.letter_id, None))[0]
        await call(head, "POST", f"/v1/branches/{branch.id}/close")
        assert await counts(head) == {"followed_up": 1, "done": 1}

    async def test_an_unknown_box_is_refused(self, regency: Regency, call: Call) -> None:
        assert (await call(regency.holder("head"), "GET", "/v1/boxes/semua"))[0] == 422


class TestDeadlines:
    async def test_near_and_passed_are_told_once_and_it_is_overdue(
        self, routing: Service, context: Context, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        rows = routing.foundation.database["branches"]
        soon = now() + timedelta(hours=1)
        facts = {"due_at": soon, "remind_at": soon - timedelta(hours=2), "watch_at": soon - timedelta(hours=2)}
        await rows.update_one({"letter_id": letter.letter_id}, {"$set": facts})
        for _ in range(3):
            await watch_deadlines(context)
        assert (await types_published(routing)).count("routing.deadline.neared") == 1
        past = {"due_at": now() - timedelta(minutes=1), "watch_at": now() - timedelta(minutes=1)}
        await rows.update_one({"letter_id": letter.letter_id}, {"$set": past})
        for _ in range(3):
            await watch_deadlines(context)
        assert (await types_published(routing)).count("routing.deadline.passed") == 1
        [item] = await everything(call, regency.holder("head"), "/v1/boxes/overdue")
        assert item["branch"]["overdue"]
        _, track, _ = await call(regency.holder("head"), "GET", f"/v1/letters/{letter.letter_id}/track")
        assert [step["what"] for step in track["timeline"]][-2:] == ["deadline_neared", "deadline_passed"]

    async def test_what_is_done_is_watched_no_more(
        self, context: Context, regency: Regency, delivered: Delivered, routing: Service, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await context.branches.of(letter.letter_id, None)
        await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close")
        late = {"due_at": now() - timedelta(minutes=1), "watch_at": now() - timedelta(minutes=1)}
        await routing.foundation.database["branches"].update_one({"_id": branch.id}, {"$set": late})
        await watch_deadlines(context)
        assert "routing.deadline.passed" not in await types_published(routing)


class TestRebuild:
    async def test_thrown_away_everything_comes_back_as_it_was(
        self, routing: Service, context: Context, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        head, path = regency.holder("head"), f"/v1/letters/{letter.letter_id}/track"
        await deliver(routing, letters.issued(letter, head, recipient(regency.held("roads"))))
        _, before, _ = await call(head, "GET", path)
        _, inbox, _ = await call(head, "GET", "/v1/inbox")
        database = routing.foundation.database
        for name in ("letters", "branches", "control_list"):
            await database[name].delete_many({})
        assert (await call(head, "GET", path))[0] == 404
        checked = await rebuild_letters(context, only_check=True)
        assert checked.different == [letter.letter_id]
        await rebuild_letters(context)
        assert (await call(head, "GET", path))[1] == before
        assert (await call(head, "GET", "/v1/inbox"))[1] == inbox
        assert (await rebuild_letters(context, only_check=True)).different == []

    async def test_a_letter_without_a_history_is_named_and_not_acted_on(
        self, routing: Service, context: Context, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        database = routing.foundation.database
        await database["history"].delete_many({})
        await database["letters"].update_one({"_id": letter.letter_id}, {"$set": {"entries": 0}})
        checked = await rebuild_letters(context, only_check=True)
        assert (checked.letters, checked.without_history) == (0, [letter.letter_id])
        [branch] = await context.branches.of(letter.letter_id, None)
        status, problem, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/receive")
        assert (status, problem["code"]) == (409, "no_history")
        assert (await call(regency.holder("head"), "GET", f"/v1/letters/{letter.letter_id}/track"))[0] == 404

    async def test_what_lists_are_asked_by_is_put_right_too(
        self, routing: Service, context: Context, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await routing.foundation.database["branches"].update_many({}, {"$set": {"tabs": []}})
        assert (await call(regency.holder("head"), "GET", "/v1/inbox"))[1]["items"] == []
        assert (await rebuild_letters(context)).different == [letter.letter_id]
        assert len((await call(regency.holder("head"), "GET", "/v1/inbox"))[1]["items"]) == 1

    async def test_instants_finer_than_the_database_keeps_are_no_difference(
        self, context: Context, regency: Regency, delivered: Delivered
    ) -> None:
        starts = now().replace(microsecond=123456)
        await delivered(occasion=Occasion(title="Rapat", starts_at=starts, ends_at=starts + timedelta(hours=1)))
        assert (await rebuild_letters(context, only_check=True)).different == []

    async def test_what_was_tampered_with_is_put_right(
        self, routing: Service, context: Context, delivered: Delivered
    ) -> None:
        letter = await delivered()
        await routing.foundation.database["branches"].update_many({}, {"$set": {"tabs": [], "work": "done"}})
        assert (await rebuild_letters(context)).different == [letter.letter_id]
        assert (await rebuild_letters(context, only_check=True)).different == []
