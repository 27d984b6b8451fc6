"""Who may hold a position beside whom."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.contracts.vocabulary import Capacity
from services.routing.domain.assignment import Assignment, Term, clashing, ended, in_charge

START = date(2026, 1, 1)
CAPACITIES: tuple[Capacity, ...] = ("definitive", "plt", "plh", "pj", "pjs")


def assignment(
    identifier: str, start: int, end: int | None, capacity: Capacity = "definitive", position_id: str = "p"
) -> Assignment:
    return Assignment(
        id=identifier,
        person_id=f"person-{identifier}",
        person_name="Made Arya",
        position_id=position_id,
        position_title="Kepala Dinas PU",
        unit_id="u",
        unit_name="Dinas PU",
        role="head",
        capacity=capacity,
        starts_on=START + timedelta(days=start),
        ends_on=None if end is None else START + timedelta(days=end),
    )


terms = st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 30))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
attempts = st.lists(st.tuples(terms, st.sampled_from(CAPACITIES), st.sampled_from("pq")), max_size=25)


class TestClashing:
    def test_terms_that_touch_on_a_day_clash(self) -> None:
        first = assignment("a", 0, 10)
        assert clashing(assignment("b", 10, None), [first]) == first

    def test_the_day_after_is_free(self) -> None:
        assert clashing(assignment("b", 11, None), [assignment("a", 0, 10)]) is None

    def test_P7_an_acting_official_may_stand_beside_the_definitive_one(self) -> None:
        assert clashing(assignment("b", 3, 9, "plh"), [assignment("a", 0, None)]) is None

    def test_two_acting_officials_clash(self) -> None:
        first = assignment("a", 0, 10, "plt")
        assert clashing(assignment("b", 5, 20, "plh"), [first]) == first

    @given(attempts)
    def test_whatever_is_tried_no_two_of_a_kind_ever_share_a_day(
        self, tried: list[tuple[tuple[int, int | None], Capacity, str]]
    ) -> None:
        kept: list[Assignment] = []
        for number, ((start, end), capacity, position_id) in enumerate(tried):
            wanted = assignment(str(number), start, end, capacity, position_id)
            if clashing(wanted, kept) is None:
                kept.append(wanted)
        for one, other in combinations(kept, 2):
            if one.position_id == other.position_id and one.is_acting == other.is_acting:
                assert not one.term.overlaps(other.term)
        days = [START + timedelta(days=day) for day in range(120)]
        for day in days:
            held = [one for one in kept if one.position_id == "p" and one.term.holds(day)]
            assert len(held) <= 2
            assert sum(one.is_acting for one in held) <= 1

    @given(terms, terms)
    def test_overlap_means_a_shared_day(self, one: tuple[int, int | None], other: tuple[int, int | None]) -> None:
        first, second = assignment("a", *one).term, assignment("b", *other).term
        shared = any(
            first.holds(START + timedelta(days=day)) and second.holds(START + timedelta(days=day)) for day in range(130)
        )
        assert first.overlaps(second) == second.overlaps(first) == shared


class TestEnded:
    def test_an_open_end_is_brought_forward(self) -> None:
        after = ended(assignment("a", 0, None), START + timedelta(days=5))
        assert (after.ends_on, after.version) == (START + timedelta(days=5), 2)

    def test_the_same_end_again_changes_nothing(self) -> None:
        before = assignment("a", 0, 5)
        assert ended(before, START + timedelta(days=5)) is before

    def test_an_end_is_not_put_off(self) -> None:
        with pytest.raises(ServiceError) as refusal:
            ended(assignment("a", 0, 5), START + timedelta(days=6))
        assert (refusal.value.status, refusal.value.code) == (409, "assignment_ended")

    def test_an_end_before_the_start_is_refused(self) -> None:
        with pytest.raises(ServiceError) as refusal:
            ended(assignment("a", 3, None), START)
        assert refusal.value.code == "term_reversed"


class TestInCharge:
    def test_P7_the_acting_official_is_in_charge_while_the_term_lasts(self) -> None:
        holder, acting = assignment("a", 0, None), assignment("b", 5, 9, "plh")
        for order in ([holder, acting], [acting, holder]):
            assert in_charge(order, START + timedelta(days=7))["p"] == acting
            assert in_charge(order, START + timedelta(days=10))["p"] == holder

    def test_an_empty_seat_has_nobody(self) -> None:
        assert in_charge([assignment("a", 5, 9)], START) == {}


class TestTerm:
    def test_an_open_end_lasts(self) -> None:
        assert Term(START, None).holds(date(2199, 1, 1))
