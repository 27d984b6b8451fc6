"""What disposition and schedule tell moves the branches and the track, and nothing else does."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import Any

from services.chassis.bus.outcome import Done, Duplicate, Retry
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.routing import AccessChanged, LetterCompleted
from services.routing.commands.track_letter import replayed
from services.routing.context import Context
from services.routing.domain.branch import Branch
from tests.events import deliver, envelope_of, published, types_published
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import NOTE, recipient, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


async def last(routing: Service, kind: type[Any]) -> Any:
    """The newest published event of this kind, parsed, with its sequence."""
    found = [one for one in await published(routing) if one.type == kind.event_type]
    return kind.read(found[-1].data), found[-1].streamversion


class TestIssued:
    async def test_the_branch_is_in_progress_and_the_recipients_may_read(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        roads = recipient(regency.held("roads"))
        branch, copy = await branches_of(letter)
        given = letters.issued(letter, regency.holder("head"), roads, branch_id=branch.id)
        assert isinstance(await deliver(routing, given), Done)
        branch, copy = await branches_of(letter)
        assert (branch.state, copy.state) == ("in_progress", "sent")
        event, seq = await last(routing, AccessChanged)
        assert (event.access_version, seq) == (2, 2)
        assert roads.position_id in event.access.positions
        assert set(event.access.units) == {regency.units[key].id for key in ("sekartaji", "pu", "nusa_penida")}

    async def test_without_a_branch_it_is_that_of_the_issuers_unit(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"), to_unit(regency, "batukandik")))
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"))))
        assert [one.state for one in await branches_of(letter)] == ["in_progress", "sent"]

    async def test_a_recipient_who_could_read_already_changes_no_access(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        letter = await delivered()
        for _ in range(2):
            await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"))))
        assert (await types_published(routing)).count("routing.access.changed") == 1

    async def test_news_of_an_unknown_letter_is_waited_for(self, routing: Service, regency: Regency) -> None:
        letter = letters.registered(regency)
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        request = letters.requested(letter.letter_id, regency.holder("head"))
        assert isinstance(await deliver(routing, given), Retry)
        assert isinstance(await deliver(routing, letters.replied(given, regency.holder("roads"))), Retry)
        assert isinstance(await deliver(routing, request), Retry)


class TestCompleted:
    async def test_H3_the_letter_is_completed_once_with_its_outcome(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        done = envelope_of(letters.completed(given, regency.holder("roads")))
        await deliver(routing, given)
        for _ in range(3):
            await deliver(routing, done)
        assert [one.state for one in await branches_of(letter)] == ["done", "sent"]
        event, _ = await last(routing, LetterCompleted)
        assert event.outcome == "activity"
        assert regency.positions["head"].id in event.holders
        assert regency.positions["operator"].id in event.holders, "the sender is told as well"
        assert (await types_published(routing)).count("routing.letter.completed") == 1

    async def test_a_part_that_is_done_does_not_end_the_branch(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        letter = await delivered()
        recipients = (recipient(regency.held("roads")), recipient(regency.held("heavy"), responsible=False))
        given = letters.issued(letter, regency.holder("head"), *recipients)
        await deliver(routing, given)
        await deliver(routing, letters.completed(given, regency.holder("roads"), all_done=False))
        assert [one.state for one in await branches_of(letter)] == ["in_progress"]

    async def test_a_letter_to_two_is_completed_when_both_are_done(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"), to_unit(regency, "nusa_penida")))
        for issuer, doer in (("head", "roads"), ("camat", "camat")):
            assert "routing.letter.completed" not in await types_published(routing)
            given = letters.issued(letter, regency.holder(issuer), recipient(regency.held(doer)))
            await deliver(routing, given)
            await deliver(routing, letters.completed(given, regency.holder(doer)))
        assert "routing.letter.completed" in await types_published(routing)

    async def test_for_information_ends_on_read(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        letter = await delivered()
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"), NOTE))
        await deliver(routing, given)
        await deliver(routing, letters.disposition_read(given, regency.holder("roads")))
        await deliver(routing, letters.completed(given, regency.holder("roads")), seq=3)
        assert [one.state for one in await branches_of(letter)] == ["done"]
        event, _ = await last(routing, LetterCompleted)
        assert event.outcome == "noted"


class TestReordering:
    async def test_in_whatever_order_it_comes_the_letter_ends_the_same(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, context: Context
    ) -> None:
        roads = regency.holder("roads")
        for order in permutations(range(4)):
            letter = await delivered()
            given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
            news = [
                given,
                letters.disposition_read(given, roads),
                letters.replied(given, roads),
                letters.completed(given, roads),
            ]
            for index in order:
                await deliver(routing, news[index])
            assert [one.state for one in await branches_of(letter)] == ["done"], order
            _, steps = replayed(await context.history.of(letter.letter_id))
            assert len(steps) == 7, order

    async def test_all_at_once_and_each_five_times(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, context: Context
    ) -> None:
        letter = await delivered()
        roads = regency.holder("roads")
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        news = [given, letters.replied(given, roads), letters.completed(given, roads)]
        envelopes = [envelope_of(one) for one in news] * 5
        outcomes = await asyncio.gather(*(deliver(routing, one) for one in envelopes))
        assert sum(isinstance(one, Done) for one in outcomes) == 3
        assert sum(isinstance(one, Duplicate) for one in outcomes) == 12
        assert [one.state for one in await branches_of(letter)] == ["done"]
        stream = [one for one in await published(routing) if one.subject == f"letter/{letter.letter_id}"]
        versions = [one.streamversion for one in stream]
        assert sorted(versions) == list(range(1, len(versions) + 1)), "no version is skipped or given twice"
        whats = sorted(step.what for step in replayed(await context.history.of(letter.letter_id))[1])
        assert whats == ["completed", "delivered", "disposed", "disposition_completed", "registered", "replied"]


class TestSchedule:
    async def test_H2_a_request_made_from_the_letter_is_on_its_track(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await deliver(routing, letters.requested(letter.letter_id, regency.holder("head")))
        _, track, _ = await call(regency.holder("head"), "GET", f"/v1/letters/{letter.letter_id}/track")
        step = track["timeline"][-1]
        assert (step["what"], step["detail"]) == ("schedule_requested", "Peresmian balai desa – Bupati")

    async def test_a_request_without_a_letter_concerns_no_track(self, routing: Service, regency: Regency) -> None:
        assert isinstance(await deliver(routing, letters.requested(None, regency.holder("head"))), Done)
        assert isinstance(await deliver(routing, letters.requested(new_id(), regency.holder("head"))), Retry)
