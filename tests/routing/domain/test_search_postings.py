"""Postings."""

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.search_analysis import MASKS
from services.routing.domain.search_postings import (
    MASK_BITS,
    PART,
    Fresh,
    between,
    by_part,
    cut,
    from_block,
    joined,
    masks,
    numbers,
    posting,
    postings,
    to_block,
    united,
    within,
)

ONE = st.tuples(st.integers(0, 5 * PART), st.integers(0, MASKS - 1))
MANY = st.lists(ONE, max_size=60)


def test_what_is_known_of_a_letter_and_its_place_in_a_part_take_four_bytes() -> None:
    assert MASKS <= 1 << MASK_BITS
    assert PART << MASK_BITS == 1 << 32


def of(pairs: list[tuple[int, int]]) -> list[int]:
    return [posting(number, mask) for number, mask in pairs]


@given(MANY)
def test_blocks_hold_what_was_put_in_each_letter_once(pairs: list[tuple[int, int]]) -> None:
    known: dict[int, int] = {}
    for number, mask in pairs:
        known[number] = known.get(number, 0) | mask
    blocks = {part: to_block(some, part) for part, some in by_part(postings(of(pairs)))}
    back = joined(from_block(block, part) for part, block in blocks.items())
    assert dict(zip(numbers(back).tolist(), masks(back).tolist(), strict=True)) == known
    assert set(blocks) == {number // PART for number in known}


@given(MANY, MANY)
def test_merging_twice_is_merging_once(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    one, other = postings(of(first)), postings(of(second))
    merged = united(joined((one, other)))
    assert united(joined((merged, other))).tolist() == merged.tolist()
    assert united(joined((other, one))).tolist() == merged.tolist()


@given(st.lists(MANY, max_size=6))
def test_what_is_joined_can_be_cut_again(lists: list[list[tuple[int, int]]]) -> None:
    parts = [postings(of(pairs)) for pairs in lists]
    back = cut(joined(parts).tobytes(), [len(part) for part in parts])
    assert [part.tolist() for part in back] == [part.tolist() for part in parts]


@given(MANY, st.integers(0, 5 * PART), st.integers(0, 5 * PART))
def test_within_bounds_is_half_open(pairs: list[tuple[int, int]], low: int, high: int) -> None:
    inside = numbers(within(postings(of(pairs)), low, high)).tolist()
    assert inside == [number for number, _ in pairs if low <= number < high]


def test_fresh_postings_are_added_to_and_read_in_between() -> None:
    fresh = Fresh()
    fresh.add({"jalan": postings([posting(1, 2)])})
    before = fresh.of("jalan")
    fresh.add({"jalan": postings([posting(7, 1)]), "rusak": postings([posting(7)])})
    assert numbers(before).tolist() == [1]
    assert numbers(fresh.of("jalan")).tolist() == [1, 7]
    assert (fresh.top, fresh.count, list(fresh)) == (8, 3, ["jalan", "rusak"])
    assert fresh.of("entah").tolist() == []


@given(MANY, st.integers(0, 5 * PART), st.integers(0, 5 * PART))
def test_between_finds_in_what_is_in_order_what_within_finds(pairs: list[tuple[int, int]], low: int, high: int) -> None:
    ordered = united(postings(of(pairs)))
    assert between(ordered, low, high).tolist() == within(ordered, low, high).tolist()
