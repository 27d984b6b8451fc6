"""Cutting a large change into parts."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.organisation import Person, Position, Unit
from services.routing.domain.parts import parts_of
from services.routing.domain.picture import Changes, Picture, derived
from tests.routing.domain.test_picture import TODAY, position, seat, unit


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_no_part_needs_one_that_comes_after_it(
    parents: list[tuple[int, bool]],
    size: int,
    shuffled: Random,
) -> None:
    units, positions = [], []
    for number, (parent, _) in enumerate(parents):
        units.append(unit(f"u{number}", f"u{parent}" if parent < number else None))
        positions.append(position(f"p{number}", f"u{number}", f"p{parent}" if parent < number else None))
    seats = [seat("q", one.id, 0) for one in positions]
    picture = derived(Picture.of(units, positions, [Person(id="q", name="Q")], seats), TODAY)
    entities = list(picture.entities())
    shuffled.shuffle(entities)
    there: set[str] = set()
    for part in parts_of(Changes(made=tuple(entities)), size):
        assert 0 < part.size <= size
        there |= {one.id for one in part.made}
        for one in part.made:
            needed = {
                getattr(one, name, None) for name in ("parent_id", "unit_id", "superior_id", "person_id", "position_id")
            }
            assert needed - {None} <= there
    assert there == {one.id for one in entities}


def test_what_is_taken_out_of_use_comes_last_from_below_up() -> None:
    closed: tuple[Unit | Position, ...] = (
        unit("a", active=False),
        unit("b", "a", active=False),
        position("p", "b", active=False),
    )
    order = [
        one.id
        for part in parts_of(Changes(made=(unit("new"),), changed=closed), 1)
        for one in (*part.made, *part.changed)
    ]
    assert order == ["new", "p", "b", "a"]
