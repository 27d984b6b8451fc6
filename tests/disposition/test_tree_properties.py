"""Trees of any shape, any interleaving of acts, any repetition: what holds throughout."""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.projections import letter_access
from tests.disposition.trees import MOVES, SHAPES, Move, Office
from tests.disposition.truths import assert_truths
from tests.disposition.world import World

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""To make an example smaller takes as long as a hundred others."""
EVERY = 6


@pytest.fixture(autouse=True)
def nothing_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may not read a letter is refused at once: all news of these letters has come."""
    monkeypatch.setattr(letter_access, "PAUSES", (0,))


@pytest.mark.slow
@pytest.mark.timeout(900)
class TestTrees:
    @given(shape=SHAPES, moves=st.lists(MOVES, min_size=40, max_size=80))
    @settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=CHECKS)
    async def test_H4_K9_whatever_is_done_in_any_order_states_and_rights_hold(
        self, world: World, shape: list[int], moves: list[Move]
    ) -> None:
        office = await Office(world, shape).open()
        for number, move in enumerate(moves, start=1):
            await office.play(move)
            if number % EVERY == 0:
                await assert_truths(office)
        await office.finish()
        await assert_truths(office)
        assert not [one.id for one in await office.given() if one.is_open]

    @given(shape=SHAPES, rounds=st.lists(st.lists(MOVES, min_size=2, max_size=5), min_size=8, max_size=16))
    @settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=CHECKS)
    async def test_H4_acts_at_once_hold_as_well(self, world: World, shape: list[int], rounds: list[list[Move]]) -> None:
        office = await Office(world, shape).open()
        for moves in rounds:
            await asyncio.gather(*(office.play(move, moves) for move in moves))
            await assert_truths(office)
        await office.finish()
        await assert_truths(office)
        assert not [one.id for one in await office.given() if one.is_open]
