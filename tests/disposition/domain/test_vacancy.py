"""Positions that nobody holds, and where their work goes."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.routing import AssignmentChanged
from services.disposition.domain.vacancy import heir_of_giving, heir_of_part, is_held, vacancy_of
from tests.disposition.domain.samples import HEAD, disposition, minute, numbered

CHAIN = ("s1", "s2", HEAD.position_id, "s3")


def term(starts_on: date, ends_on: date | None = None) -> AssignmentChanged:
    return AssignmentChanged(
        assignment_id="a",
        person_id="p",
        person_name="Wayan",
        position_id="p0",
        position_title="Jabatan 0",
        unit_id="u1",
        unit_name="Dinas Pekerjaan Umum",
        role="officer",
        capacity="definitive",
        starts_on=starts_on,
        ends_on=ends_on,
    )


class TestVacancy:
    def test_is_held_from_the_first_day_through_the_last(self) -> None:
        terms = [term(date(2026, 1, 1), date(2026, 6, 30))]
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
        assert [is_held(terms, day) for day in days] == [False, True, True, False]

    def test_is_told_since_the_last_left_and_waits_from_when_it_was_noticed(self) -> None:
        terms = [term(date(2025, 1, 1), date(2025, 6, 30)), term(date(2026, 1, 1), date(2026, 6, 30))]
        found = vacancy_of("Kepala Bidang", terms, date(2026, 7, 10), 3)
        assert (found.since, found.due_on) == (date(2026, 7, 1), date(2026, 7, 13))
        assert found.reason == "Jabatan Kepala Bidang kosong sejak 1 Juli 2026."

    def test_without_a_former_holder_is_told_since_it_was_noticed(self) -> None:
        assert vacancy_of("Kepala Bidang", [], date(2026, 7, 10), 0).since == date(2026, 7, 10)


class TestHeirs:
    def test_of_a_part_is_the_nearest_that_is_held(self) -> None:
        one = disposition(numbered(0))
        assert heir_of_part(one, one.recipients[0], CHAIN, {"s1", "s2"}) == "s1"
        assert heir_of_part(one, one.recipients[0], CHAIN, {"s2"}) == "s2"

    def test_of_a_part_is_nobody_where_the_giver_comes_first_held_or_not(self) -> None:
        one = disposition(numbered(0))
        assert heir_of_part(one, one.recipients[0], CHAIN, {"s3", HEAD.position_id}) is None
        assert heir_of_part(one, one.recipients[0], CHAIN, {"s3"}) is None

    def test_of_a_part_from_a_peer_is_whoever_is_above(self) -> None:
        one = disposition(numbered(0))
        assert heir_of_part(one, one.recipients[0], ("s1", "s2"), {"s2"}) == "s2"

    def test_of_the_giving_side_is_not_one_that_is_to_answer(self) -> None:
        one = disposition(
            numbered(0), numbered(1, position_id="s1"), numbered(2, position_id="s2", recalled_at=minute(1))
        )
        assert heir_of_giving(one, ("s1", "s2", "s3"), {"s1", "s2", "s3"}) == "s2"
        assert heir_of_giving(one, ("s1",), {"s1"}) is None

    @given(
        st.lists(st.sampled_from(CHAIN), unique=True), st.sets(st.sampled_from(CHAIN)), st.sets(st.sampled_from(CHAIN))
    )
    def test_neither_is_ever_on_the_other_side(self, chain: list[str], held: set[str], busy: set[str]) -> None:
        others = sorted(busy - {HEAD.position_id})
        parts = [numbered(number + 1, position_id=one) for number, one in enumerate(others)]
        one = disposition(numbered(0), *parts)
        for heir in (heir_of_part(one, one.recipients[0], chain, held), heir_of_giving(one, chain, held)):
            assert heir is None or (heir in held and heir not in busy - {HEAD.position_id})
        assert heir_of_part(one, one.recipients[0], chain, held) != HEAD.position_id
