"""Locks by name: one at a time a name, first come first served, and no trace of a name nobody wants."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.locks import NamedLocks

visits = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=25)


class TestHold:
    @given(visits)
    def test_lets_one_in_a_name_and_leaves_nothing_behind(self, plan: list[tuple[str, int, bool]]) -> None:
        """Each visitor waits some rounds of the loop inside; some are cancelled while they wait or hold."""

        async def scenario() -> None:
            locks, inside = NamedLocks(), dict.fromkeys("abc", 0)

            async def visit(name: str, rounds: int) -> None:
                async with locks.hold(name):
                    inside[name] += 1
                    assert inside[name] == 1
                    try:
                        for _ in range(rounds):
                            await asyncio.sleep(0)
                    finally:
                        inside[name] -= 1

            tasks = [(asyncio.create_task(visit(name, rounds)), cancelled) for name, rounds, cancelled in plan]
            await asyncio.sleep(0)
            for task, cancelled in tasks:
                if cancelled:
                    task.cancel()
                await asyncio.sleep(0)
            results = await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
            assert [one for one in results if isinstance(one, Exception)] == []
            assert len(locks) == 0

        asyncio.run(scenario())

    async def test_serves_in_the_order_of_coming(self) -> None:
        locks, order = NamedLocks(), []

        async def visit(number: int) -> None:
            async with locks.hold("a"):
                await asyncio.sleep(0)
                order.append(number)

        await asyncio.gather(*(visit(number) for number in range(20)))
        assert order == list(range(20))

    async def test_holds_up_no_other_name(self) -> None:
        locks = NamedLocks()
        async with asyncio.timeout(30), locks.hold("a"), locks.hold("b"):
            assert len(locks) == 2

    async def test_is_let_go_when_the_block_raises(self) -> None:
        locks = NamedLocks()
        with pytest.raises(LookupError):
            async with locks.hold("a"):
                raise LookupError
        assert len(locks) == 0
        async with asyncio.timeout(30), locks.hold("a"):
            pass
