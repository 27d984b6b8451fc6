"""A whole disposition under any interleaving of what is done with its parts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.disposition.domain.disposition import Disposition, Parent, desk_of
from services.disposition.domain.progress import DEMANDS
from tests.disposition.domain.samples import HEAD, disposition, minute, numbered

FACTS = ("read_at", "replied_at", "completed_at", "declined_at", "recalled_at")
moves = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(FACTS), st.integers(0, 2)), max_size=25)


@st.composite
def histories(draw: st.DrawFn) -> list[Disposition]:
    """A disposition, and what each act made of it."""
    wanted = draw(st.lists(st.sampled_from(DEMANDS), min_size=1, max_size=4))
    states = [disposition(*(numbered(number, closes_on=one) for number, one in enumerate(wanted)))]
    for step, (number, fact, below) in enumerate(draw(moves)):
        recipient_id = f"r{number % len(wanted)}"
        states.append(states[-1].with_part(recipient_id, minute(step), **{fact: minute(step), "below": below}))
    return states


class TestState:
    @given(histories())
    def test_follows_from_the_parts(self, states: list[Disposition]) -> None:
        for one in states:
            live = [part for part in one.recipients if part.state not in ("declined", "recalled")]
            declined = any(part.state == "declined" for part in one.recipients)
            if not live:
                assert one.state == ("returned" if declined else "recalled")
            else:
                assert one.state == ("done" if all(part.state == "done" for part in live) else "open")

    @given(histories())
    def test_an_act_on_one_part_leaves_the_others_alone(self, states: list[Disposition]) -> None:
        for before, after in pairwise(states):
            changed = [a.recipient_id for a, b in zip(before.recipients, after.recipients, strict=True) if a != b]
            assert len(changed) <= 1

    @given(histories())
    def test_H4_never_has_two_responsible(self, states: list[Disposition]) -> None:
        assert all(sum(part.responsible for part in one.live) <= 1 for one in states)

    def test_one_that_was_left_is_done_with_those_who_stayed(self) -> None:
        one = disposition(numbered(0, completed_at=minute(1)), numbered(1, declined_at=minute(2)))
        assert one.state == "done"


class TestParties:
    def test_are_the_giver_and_those_it_was_not_taken_back_from(self) -> None:
        one = disposition(numbered(0), numbered(1, recalled_at=minute(1)), numbered(2, declined_at=minute(1)))
        assert one.parties == {HEAD.position_id, "p0", "p2"}

    def test_who_declined_is_no_recipient_any_more(self) -> None:
        one = disposition(numbered(0, declined_at=minute(1)), numbered(1))
        assert one.recipient_at("p0") is None
        assert one.responsible is None
        assert [each.recipient_id for each in one.live] == ["r1"]


class TestHoldsTogether:
    def test_H4_two_responsible_cannot_be_made(self) -> None:
        with pytest.raises(ValidationError, match="at most one recipient is responsible"):
            disposition(numbered(0), numbered(1, role="responsible"))

    def test_a_position_twice_cannot_be_made(self) -> None:
        with pytest.raises(ValidationError, match="instructed once"):
            disposition(numbered(0), numbered(1, position_id="p0"))

    def test_a_position_that_declined_may_be_instructed_anew(self) -> None:
        one = disposition(numbered(0, declined_at=minute(1)))
        again = one.having([numbered(1, position_id="p0", role="responsible")])
        assert again.state == "open"
        assert again.recipient_at("p0") == again.part("r1")

    def test_what_is_changed_is_asked_whether_it_may_be(self) -> None:
        with pytest.raises(ValidationError):
            disposition(numbered(0), numbered(1)).with_part("r1", minute(1), role="responsible")

    def test_a_part_there_is_not(self) -> None:
        one = disposition()
        assert one.recipient("elsewhere") is None
        with pytest.raises(LookupError):
            one.part("elsewhere")

    def test_further_parts_stand_behind(self) -> None:
        one = disposition(numbered(0), numbered(1)).having([numbered(2), numbered(1, note="baru")])
        assert [(each.recipient_id, each.note) for each in one.recipients] == [
            ("r0", None),
            ("r1", "baru"),
            ("r2", None),
        ]


class TestDesk:
    def test_is_the_part_passed_on_else_the_branch_else_the_position(self) -> None:
        parent = Parent(disposition_id="d0", recipient_id="r0")
        assert desk_of(parent, "b1", "l1", "p1") == "r0"
        assert desk_of(None, "b1", "l1", "p1") == "b1"
        assert desk_of(None, None, "l1", "p1") == "l1/p1"
