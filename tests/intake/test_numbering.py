"""The agenda counter, whatever is registered where and whatever fails in between."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.intake.domain.agenda import AgendaBook
from tests.intake.world import World

acts = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.sampled_from(["masuk", "keluar"]), st.integers(2025, 2026), st.booleans()
    ),
    max_size=12,
)


class _Failed(Exception):
    """A registration that fails after it took its number."""


class TestCounters:
    """Property of the counter in the database."""

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(acts=acts)
    async def test_every_book_counts_from_one_without_gap_whatever_fails(
        self, world: World, acts: list[tuple[str, str, int, bool]]
    ) -> None:
        run = new_id()
        taken: dict[str, list[int]] = defaultdict(list)
        for unit, name, year, fails in acts:
            book = AgendaBook(f"{run}-{unit}", name, year)

            async def take(transaction: Transaction, book: AgendaBook = book, fails: bool = fails) -> int:
                number = await world.context.counters.next(book, transaction.session)
                if fails:
                    raise _Failed
                return number

            try:
                taken[book.key].append(await world.service.foundation.uow.run(take))
            except _Failed:
                continue
        for numbers in taken.values():
            assert numbers == list(range(1, len(numbers) + 1))
