"""What is measured of a letter, under any order of acts and news."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts import disposition as d
from services.contracts import routing as r
from services.contracts.event import Event
from services.routing.domain.dossier import folded
from services.routing.domain.figure_measures import STEPS, Leader
from services.routing.domain.figures import LetterFigures, Row, WayFigures, deeds_of, month_of, rows_of
from tests.routing.domain.news import completion, declining, progress, reading, reply
from tests.routing.domain.samples import AT, actor_at, issue, recipient, way
from tests.routing.domain.test_dossier import MOVES, move
from tests.routing.domain.world import ACTS, World

ZONE = ZoneInfo("Asia/Makassar")
Steps = Sequence[str | tuple[str, str, str] | int]


def events(world: World) -> list[Event]:
    return [event for event, _ in world.history]


def measured(world: World, leaders: dict[str, Leader] | None = None) -> dict[str, Row]:
    """The rows as they follow from the history alone."""
    rows = rows_of(folded(world.history), events(world), ZONE, leaders or {})
    return {row.id: row for row in rows}


def ways(world: World) -> dict[str, WayFigures]:
    return {one.id: one for one in measured(world).values() if isinstance(one, WayFigures)}


def run(steps: Steps) -> World:
    world = World.delivered()
    for step in steps:
        move(world, step)
    return world


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def issued(minutes: float, **fields: object) -> d.DispositionIssued:
    given = issue("d1", recipient("roads", responsible=True), branch_id="b1")
    return given.model_copy(update={"issued_at": later(minutes), **fields})


class TestAnyOrder:
    @given(st.lists(MOVES, max_size=30))
    @settings(max_examples=150, deadline=None)
    def test_there_is_a_row_a_branch_and_one_for_the_letter(self, steps: Steps) -> None:
        world = run(steps)
        rows = measured(world)
        assert set(rows) == {*(one.id for one in world.branches), "letter"}
        for branch in world.branches:
            row = rows[branch.id]
            assert isinstance(row, WayFigures)
            assert (row.unit_id, row.state, row.role) == (branch.unit_id, branch.state, branch.role)

    @given(st.lists(MOVES, max_size=30))
    @settings(max_examples=150, deadline=None)
    def test_the_steps_of_a_branch_add_up_and_none_takes_less_than_no_time(self, steps: Steps) -> None:
        world = run(steps)
        for row in ways(world).values():
            assert all(milliseconds >= 0 for milliseconds in row.measures.values())
            whole = sum(row.measures.get(step, 0) for step in STEPS)
            spans = [
                row.measures[name]
                for name in ("to_read", "to_received", "to_disposition", "to_done")
                if name in row.measures
            ]
            assert whole >= max(spans, default=0)
            assert ("step_done" in row.measures) == ("to_done" in row.measures)
            assert not (row.in_time and row.overdue)

    @given(st.lists(MOVES, max_size=30), st.lists(st.integers(0, 30), max_size=6))
    @settings(max_examples=100, deadline=None)
    def test_rows_kept_up_on_the_way_are_those_measured_at_the_end(self, steps: Steps, looks: list[int]) -> None:
        world = World.delivered()
        kept: dict[str, Row] = {}

        def look() -> None:
            known = {one.id: one.leader for one in kept.values() if isinstance(one, WayFigures)}
            kept.update({key: row for key, row in measured(world, known).items() if kept.get(key) != row})

        for number, step in enumerate(steps):
            move(world, step)
            if number in looks:
                look()
        look()
        assert kept == measured(world)

    @given(st.lists(MOVES, max_size=30))
    @settings(max_examples=60, deadline=None)
    def test_everybody_who_acted_is_known_and_nobody_else(self, steps: Steps) -> None:
        world = run(steps)
        found = deeds_of(events(world), ZONE)
        told = {(one.unit_id, one.position_id) for event in events(world) if (one := _actor(event))}
        assert {(unit, position) for (unit, _), deed in found.items() for position in deed.positions} == told


def _actor(event: object) -> Any:
    for name in ("registered_by", "issuer", "actor"):
        if getattr(event, name, None):
            return getattr(event, name)
    return None


class TestSpans:
    def test_K2_from_the_registration_to_the_inbox(self) -> None:
        world = World.delivered()
        event, _ = world.history[0]
        world.history[0] = (event.model_copy(update={"registered_at": later(-2)}), 1)
        assert {row.measures["to_inbox"] for row in ways(world).values()} == {120_000}

    def test_where_clocks_differ_nothing_takes_less_than_no_time(self) -> None:
        world = World.delivered()
        event, _ = world.history[0]
        world.history[0] = (event.model_copy(update={"registered_at": later(1)}), 1)
        assert ways(world)["b1"].measures["to_inbox"] == 0

    def test_P6_each_step_runs_from_the_one_before_it(self) -> None:
        world = World.delivered()
        world.do("read", "b1", "head")  # after one minute
        world.do("receive", "b1", "head")  # after three
        world.happen(issued(10))
        world.happen(reading("d1", "roads").model_copy(update={"at": later(15)}))
        world.happen(reply("d1", "roads").model_copy(update={"at": later(40)}))
        world.happen(completion(issued(10), 0, all_done=True).model_copy(update={"at": later(60)}))
        row = ways(world)["b1"]
        steps = {step: row.measures[step] / 60_000 for step in STEPS}
        read, received = steps["step_read"], steps["step_read"] + steps["step_received"]
        assert steps["step_disposed"] == 10 - received
        assert steps["step_disposition_read"] == 5
        assert steps["step_answered"] == 25
        assert steps["step_done"] == 20
        assert row.measures["to_read"] == read * 60_000
        assert row.measures["to_disposition"] == 600_000
        assert row.measures["to_done"] == 3_600_000 == sum(row.measures[step] for step in STEPS)

    def test_of_several_dispositions_the_first_counts(self) -> None:
        world = World.delivered()
        world.happen(issued(30, disposition_id="late"))
        world.happen(issued(10))
        assert ways(world)["b1"].measures["to_disposition"] == 600_000

    def test_a_disposition_on_one_branch_is_none_of_the_others(self) -> None:
        world = World.delivered()
        world.happen(issued(10))
        assert [("to_disposition" in row.measures) for row in ways(world).values()] == [True, False, False]

    def test_a_copy_is_only_read(self) -> None:
        world = World.delivered()
        world.do("read", "b3", "head")
        row = ways(world)["b3"]
        assert (row.state, sorted(row.measures)) == ("done", ["step_read", "to_inbox", "to_read"])

    def test_nobody_waits_for_what_a_person_brings_on(self) -> None:
        world = World.delivered()
        world.do("redirect", "b1", "head")
        row = ways(world)[world.branches[-1].id]
        assert "to_inbox" not in row.measures
        assert row.state == "sent"

    def test_what_a_rule_opens_is_awaited_since_the_registration(self) -> None:
        world = World.delivered()
        told: dict[str, Any] = {"letter_id": "letter", "subject": "x", "at": later(5)}
        world.happen(r.LetterForwarded(**told, branches=(way("b7", unit_id="unit-kes"),), rule="Kesehatan"))
        world.happen(r.LetterForwarded(**told, branches=(way("b8", unit_id="unit-x"),), actor=actor_at("head")))
        rows = ways(world)
        assert rows["b7"].measures["to_inbox"] == 300_000
        assert "to_inbox" not in rows["b8"].measures

    def test_what_goes_out_of_the_house_is_measured_until_it_was_sent(self) -> None:
        world = World.delivered((way("b1"), way("out", unit_id="unit-village", external_name="BPKP")))
        world.do("close", "out", "registrar")
        row = ways(world)["out"]
        assert (row.role, sorted(row.measures)) == ("dispatch", ["to_dispatch"])

    def test_what_came_back_and_was_settled_by_its_sender_was_not_done_here(self) -> None:
        world = World.delivered()
        world.do("return", "b1", "head")
        world.do("close", "b1", "registrar")
        row = ways(world)["b1"]
        assert (row.state, row.acted, "to_done" in row.measures) == ("done", True, False)


class TestFlags:
    def test_opened_and_acted(self) -> None:
        world = World.delivered()
        world.do("read", "b1", "head")
        world.do("receive", "b2", "head")
        rows = ways(world)
        assert [(row.opened, row.acted) for row in rows.values()] == [(True, False), (True, True), (False, False)]

    def test_a_disposition_says_that_somebody_has_seen_the_letter(self) -> None:
        world = World.delivered()
        world.happen(issued(10))
        row = ways(world)["b1"]
        assert (row.opened, row.acted, row.by_acting) == (True, True, False)

    def test_P7_an_acting_official_disposed(self) -> None:
        world = World.delivered()
        plt = actor_at("head").model_copy(update={"capacity": "plt"})
        world.happen(issued(10, issuer=plt))
        assert ways(world)["b1"].by_acting

    def test_done_by_its_deadline_or_after_it(self) -> None:
        for due, expected in ((later(60), (True, False)), (later(0.5), (False, True))):
            world = World.delivered((way("b1", due_at=due),))
            assert (ways(world)["b1"].in_time, ways(world)["b1"].overdue) == (False, False)
            world.do("close", "b1", "head")
            row = ways(world)["b1"]
            assert (row.in_time, row.overdue) == expected

    def test_once_overdue_it_was_overdue(self) -> None:
        world = World.delivered((way("b1", due_at=later(5)),))
        passed: dict[str, Any] = {"letter_id": "letter", "subject": "x", "branch_id": "b1", "unit_name": "x"}
        world.happen(r.DeadlinePassed(**passed, due_at=later(5), at=later(6)))
        assert ways(world)["b1"].overdue


class TestAnswered:
    def test_P6_with_the_first_word_of_a_recipient_whatever_it_is(self) -> None:
        for word in (progress("d1", "roads", 40), declining("d1", "roads", all_done=True)):
            world = World.delivered((way("b1"),))
            world.happen(issued(10))
            world.happen(word.model_copy(update={"at": later(30)}), 2)
            assert ways(world)["b1"].measures["step_answered"] == 20 * 60_000

    def test_not_with_what_the_house_gives_back_in_nobodys_name(self) -> None:
        world = World.delivered((way("b1"),))
        world.happen(issued(10))
        world.happen(declining("d1", "roads", all_done=True, by_nobody=True), 2)
        assert "step_answered" not in ways(world)["b1"].measures


class TestLetter:
    def test_H3_its_status_its_outcome_and_how_long_it_took(self) -> None:
        world = World.delivered((way("b1"),))
        row = measured(world)["letter"]
        assert isinstance(row, LetterFigures)
        assert (row.unit_id, row.sent, row.status, row.outcome) == ("unit-village", True, "routed", None)
        world.happen(issued(10))
        done = completion(issued(10), 0, all_done=True).model_copy(update={"at": later(50)})
        world.happen(done)
        row = measured(world)["letter"]
        assert isinstance(row, LetterFigures)
        assert (row.status, row.outcome) == ("done", "activity")
        assert row.measures["to_completion"] > 0


class TestMonth:
    def test_is_the_local_one(self) -> None:
        instant = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
        assert month_of(instant, ZONE) == "2026-04"
        assert month_of(instant, ZoneInfo("Asia/Jakarta")) == "2026-03"

    def test_of_a_branch_is_that_in_which_it_came_and_of_an_act_that_of_the_act(self) -> None:
        world = World.delivered()
        world.happen(issued(60 * 24 * 40))
        assert {row.month for row in measured(world).values()} == {"2026-03"}
        assert deeds_of(events(world), ZONE).keys() == {("unit-village", "2026-03"), ("unit-pu", "2026-04")}


def test_every_act_is_tried_here() -> None:
    assert set(ACTS) >= {"read", "receive", "return", "redirect", "recall", "close", "reopen", "file"}
