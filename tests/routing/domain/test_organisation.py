"""The chain of superiors."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.routing.domain.organisation import MAX_CHAIN, Position, superiors_under


def position(identifier: str, superiors: tuple[str, ...] = ()) -> Position:
    return Position(
        id=identifier,
        title="Jabatan",
        unit_id="u",
        unit_name="Unit",
        unit_kind="agency",
        role="officer",
        superior_id=superiors[0] if superiors else None,
        superiors=superiors,
    )


class TestSuperiorsUnder:
    def test_nobody_stands_above_the_top(self) -> None:
        assert superiors_under("a", None) == ()

    def test_the_chain_runs_from_the_nearest_up(self) -> None:
        assert superiors_under("c", position("b", ("a",))) == ("b", "a")

    def test_a_position_above_itself_is_refused(self) -> None:
        with pytest.raises(ServiceError) as refusal:
            superiors_under("a", position("c", ("b", "a")))
        assert refusal.value.code == "superior_cycle"

    def test_a_chain_past_any_real_one_is_refused(self) -> None:
        above = tuple(f"p{n}" for n in range(MAX_CHAIN))
        with pytest.raises(ServiceError) as refusal:
            superiors_under("new", position("direct", above))
        assert refusal.value.code == "chain_too_long"

    @given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=30))
    def test_no_tree_built_from_the_top_holds_a_cycle(self, parents: list[int]) -> None:
        """Each new position is put under one made before (or under none): every chain is finite and free of itself."""
        made: list[Position] = []
        for number, parent in enumerate(parents):
            above = made[parent] if parent < len(made) else None
            with contextlib.suppress(ServiceError):  # a chain past any real one: not made
                made.append(position(f"p{number}", superiors_under(f"p{number}", above)))
        for one in made:
            assert one.id not in one.superiors
            assert len(set(one.superiors)) == len(one.superiors)
            known = {other.id: other for other in made}
            assert all(known[above].superiors == one.superiors[i + 1 :] for i, above in enumerate(one.superiors))
