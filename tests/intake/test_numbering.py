"""Agenda numbers: consecutive in every book, whatever comes at once and whatever fails in between."""

import asyncio
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.intake.domain.agenda import AgendaBook
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.events import published
from tests.intake.world import World
from tests.signing import TokenSigner

acts = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.sampled_from(["masuk", "keluar"]), st.integers(2025, 2026), st.booleans()
    ),
    max_size=12,
)


class TestNumbers:
    """The agenda numbers of one book."""

    async def test_sixty_at_once_get_consecutive_numbers(self, world: World) -> None:
        answers = await asyncio.gather(*(world.register() for _ in range(60)))
        assert {answer.status for answer in answers} == {201}
        assert sorted(answer.body["agenda_number"] for answer in answers) == list(range(1, 61))
        assert len({answer.body["tracking_code"] for answer in answers}) == 60
        assert len(await published(world.service)) == len(await world.new_keys()) == 60
        assert len(world.context.numbering) == 0

    async def test_two_processes_share_one_sequence(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            other.operator = world.operator
            letter = world.letter()
            answers = await asyncio.gather(
                *(one.register(letter=letter) for one in (world, other) for _ in range(15)),
            )
        assert [answer.status for answer in answers] == [201] * 30
        assert sorted(answer.body["agenda_number"] for answer in answers) == list(range(1, 31))
        second.foundation.database.client.close()

    async def test_each_unit_book_and_year_counts_for_itself(self, world: World) -> None:
        await world.registered()
        assert (await world.registered(letter=world.letter(book="undangan")))["agenda_number"] == 1
        assert (await world.registered(person=world.head))["agenda_number"] == 1
        assert (await world.registered())["agenda_number"] == 2

    async def test_refused_registrations_leave_no_gap(self, world: World) -> None:
        await world.registered()
        refused = await asyncio.gather(*(world.register(files=[("x.pdf", b"bukan")]) for _ in range(5)))
        assert {answer.status for answer in refused} == {415}
        assert (await world.registered())["agenda_number"] == 2


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
