"""A letter and its branches under any order of acts and of news, repeated or not."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.contracts import disposition as d
from services.routing.domain.branch import Branch, accepted, opened
from services.routing.domain.letter import Letter, is_completed, progressed, status_of, work_on
from services.routing.domain.track import coordinating, who_must_act
from tests.routing.domain.samples import AT, actor_at, branch, letter

BRANCHES = (branch("b1"), branch("b2", unit_id="unit-dinas"), branch("b3", role="copy", unit_id="unit-camat"))
REPLY = d.Instruction(code="pelajari", label="Pelajari", effect="reply")
NOTE = d.Instruction(code="diketahui", label="Untuk diketahui", effect="closes_on_read")


def recipient(
    name: str, *, responsible: bool, instruction: d.Instruction = REPLY, closes_on: d.ClosesOn | None = None
) -> d.Recipient:
    return d.Recipient(
        recipient_id=f"r-{name}",
        position_id=name,
        position_title=name,
        unit_id="unit-pu",
        unit_name="Dinas PU",
        responsible=responsible,
        instructions=(instruction,),
        closes_on=closes_on,
    )


def issue(name: str, *recipients: d.Recipient, unit: str = "unit-pu", **fields: Any) -> d.DispositionIssued:
    return d.DispositionIssued(
        disposition_id=name,
        letter_id="letter",
        letter_subject="Permohonan",
        issuer=actor_at(f"chief-{unit}", unit),
        recipients=recipients,
        issued_at=AT,
        **fields,
    )


def completion(issued: d.DispositionIssued, index: int, *, all_done: bool) -> d.DispositionCompleted:
    return d.DispositionCompleted(
        disposition_id=issued.disposition_id,
        letter_id="letter",
        letter_subject="Permohonan",
        branch_id=issued.branch_id,
        recipient_id=issued.recipients[index].recipient_id,
        actor=actor_at(issued.recipients[index].position_id),
        issuer_position_id=issued.issuer.position_id,
        all_done=all_done,
        at=AT,
    )


ROOT = issue("d1", recipient("roads", responsible=True), recipient("finance", responsible=False))
PASSED_ON = issue(
    "d2",
    recipient("heavy", responsible=True),
    parent_disposition_id="d1",
    parent_recipient_id="r-roads",
)
OTHER = issue("d3", recipient("clerk", responsible=True, instruction=NOTE), unit="unit-dinas", branch_id="b2")


@dataclass(frozen=True)
class World:
    """A letter and its branches, moved as the commands move them."""

    letter: Letter
    branches: tuple[Branch, ...]

    def knowing(self, disposition_id: str, learn: Callable[[Any], Any]) -> "World":
        letter = self.letter.knowing(learn(self.letter.disposition(disposition_id)))
        return World(letter, progressed(letter, self.branches, AT))

    def acted(self, index: int, deed: Callable[..., Branch], position: str) -> "World":
        after = self.branches[index]
        with contextlib.suppress(ServiceError):  # refused: nothing changes
            after = deed(after, actor_at(position), AT + timedelta(minutes=1))
        return replace(self, branches=tuple(after if i == index else b for i, b in enumerate(self.branches)))


NEWS: dict[str, Callable[[World], World]] = {
    "d1 issued": lambda w: w.knowing("d1", lambda k: k.after_issue(ROOT)),
    "d1 read": lambda w: w.knowing("d1", lambda k: k.after_reading("r-roads")),
    "d1 replied": lambda w: w.knowing("d1", lambda k: k.after_reply("r-roads")),
    "d1 half": lambda w: w.knowing("d1", lambda k: k.after_completion(completion(ROOT, 1, all_done=False))),
    "d1 done": lambda w: w.knowing("d1", lambda k: k.after_completion(completion(ROOT, 0, all_done=True))),
    "d2 issued": lambda w: w.knowing("d2", lambda k: k.after_issue(PASSED_ON)),
    "d2 done": lambda w: w.knowing("d2", lambda k: k.after_completion(completion(PASSED_ON, 0, all_done=True))),
    "d3 issued": lambda w: w.knowing("d3", lambda k: k.after_issue(OTHER)),
    "d3 read": lambda w: w.knowing("d3", lambda k: k.after_reading("r-clerk")),
}
ACTS: dict[str, Callable[[World], World]] = {
    f"{deed.__name__} {index} {position}": lambda w, i=index, act=deed, who=position: w.acted(i, act, who)  # type: ignore[misc]
    for index in range(len(BRANCHES))
    for deed in (opened, accepted)
    for position in ("head", "registrar")
}


def run(names: Sequence[str]) -> World:
    world = World(letter(), BRANCHES)
    for name in names:
        world = (NEWS | ACTS)[name](world)
        check(world)
    return world


def check(world: World) -> None:
    """What holds at every moment."""
    work = work_on(world.letter, world.branches)
    for one in world.branches:
        assert one.work == work[one.id]
        assert (one.state == "sent") == (one.work == "none" and one.read is None)
        assert one.received is None or one.read is not None
        must_act = who_must_act(one, world.letter, world.branches)
        assert bool(must_act) == (one.state != "done")
        assert not coordinating(one, world.letter, world.branches) or one.state == "in_progress"
    addressees = [one for one in world.branches if one.role == "addressee"]
    done = all(one.state == "done" for one in addressees)
    assert is_completed(world.branches) == done
    assert (status_of(world.letter, world.branches) == "done") == done


class TestAnyOrder:
    @given(st.lists(st.sampled_from([*NEWS, *ACTS]), max_size=40))
    @settings(max_examples=150, deadline=None)
    def test_any_interleaving_of_acts_and_repeated_news_is_consistent(self, names: list[str]) -> None:
        run(names)

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_news_in_any_order_and_number_ends_in_the_same_place(self, data: st.DataObject) -> None:
        heard = data.draw(st.lists(st.sampled_from(list(NEWS)), unique=True))
        repeated = data.draw(st.lists(st.sampled_from(heard), max_size=10)) if heard else []
        shuffled = data.draw(st.permutations([*heard, *repeated]))
        straight, tangled = run(heard), run(shuffled)
        assert [b.state for b in straight.branches] == [b.state for b in tangled.branches]
        assert straight.letter.dispositions == tangled.letter.dispositions

    @given(st.permutations([*NEWS, *ACTS]))
    @settings(max_examples=60, deadline=None)
    def test_once_everything_is_done_and_read_the_letter_is_done(self, names: list[str]) -> None:
        world = run(names)
        assert [one.state for one in world.branches] == ["done", "done", "done"]
        assert status_of(world.letter, world.branches) == "done"


class TestStatus:
    def test_H3_the_status_follows_the_letter_down_and_up(self) -> None:
        seen = []
        names = ["d1 issued", "d1 read", "d2 issued", "d1 replied", "d2 done", "d1 done", "d3 issued", "d3 read"]
        for length in range(len(names) + 1):
            world = run(names[:length])
            seen.append(status_of(world.letter, world.branches))
        assert seen == [
            "routed",
            "disposed",
            "disposed",
            "disposed",
            "in_progress",
            "in_progress",
            "in_progress",
            "in_progress",
            "done",
        ]

    def test_a_letter_that_goes_nowhere_inside_is_registered(self) -> None:
        assert status_of(letter(), ()) == "registered"


class TestWhoMustAct:
    def test_before_any_disposition_the_holders(self) -> None:
        world = run([])
        assert [post.position_id for post in who_must_act(world.branches[0], world.letter, world.branches)] == [
            "head",
            "registrar",
        ]

    def test_H4_after_it_the_one_responsible(self) -> None:
        world = run(["d1 issued"])
        assert [post.position_id for post in who_must_act(world.branches[0], world.letter, world.branches)] == ["roads"]

    def test_H5_the_others_coordinate(self) -> None:
        world = run(["d1 issued"])
        posts = coordinating(world.branches[0], world.letter, world.branches)
        assert [post.position_id for post in posts] == ["finance"]

    def test_who_has_answered_is_waited_for_no_more_where_an_answer_was_all_that_was_asked(self) -> None:
        answering = recipient("roads", responsible=True, closes_on="reply")
        asked = issue("d1", answering, recipient("finance", responsible=False, closes_on="completion"))
        world = run([]).knowing("d1", lambda known: known.after_issue(asked).after_reply("r-roads"))
        posts = who_must_act(world.branches[0], world.letter, world.branches)
        assert [post.position_id for post in posts] == ["finance"]

    def test_an_answer_is_not_enough_where_completion_was_asked_for(self) -> None:
        asked = issue("d1", recipient("roads", responsible=True, closes_on="completion"))
        world = run([]).knowing("d1", lambda known: known.after_issue(asked).after_reply("r-roads"))
        posts = who_must_act(world.branches[0], world.letter, world.branches)
        assert [post.position_id for post in posts] == ["roads"]

    def test_what_is_only_to_be_filed_closes_on_read(self) -> None:
        file_it = d.Instruction(code="arsipkan", label="Catat dan arsipkan", effect="closes")
        told = issue("d1", recipient("clerk", responsible=True, instruction=file_it, closes_on="read"))
        world = run([]).knowing("d1", lambda known: known.after_issue(told).after_reading("r-clerk"))
        assert world.branches[0].state == "done"

    def test_who_passed_it_on_waits_for_those_below(self) -> None:
        world = run(["d1 issued", "d2 issued"])
        assert [post.position_id for post in who_must_act(world.branches[0], world.letter, world.branches)] == ["heavy"]

    def test_a_disposition_below_keeps_the_branch_open(self) -> None:
        assert run(["d1 issued", "d2 issued", "d1 done"]).branches[0].state == "in_progress"

    def test_a_disposition_below_done_alone_does_not_close_the_branch(self) -> None:
        assert run(["d1 issued", "d2 issued", "d2 done"]).branches[0].state == "in_progress"

    def test_for_information_closes_on_read(self) -> None:
        assert run(["d3 issued", "d3 read"]).branches[1].state == "done"
