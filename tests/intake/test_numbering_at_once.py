"""Two hundred registrations at once in one book of one unit, with nothing failing and with everything failing."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from services.chassis import mongo
from services.chassis.mongo import Session, clash
from services.intake.main import build
from services.intake.settings import IntakeSettings
from services.intake.store.letters import Letters
from tests.conftest import Serve
from tests.events import published
from tests.intake.world import World
from tests.signing import TokenSigner

MANY = 200
TRIES = 60


async def _until_registered(world: World, turn: int) -> tuple[int, str, int]:
    """As a client that goes on asking until it has its answer: the number, the letter and how often it asked."""
    letter = world.letter(subject=f"Permohonan {turn}")
    for tried in range(1, TRIES + 1):
        answer = await world.register(letter=letter, key=f"satu-surat-{turn}")
        if answer.status == 201:
            return answer.body["agenda_number"], answer.body["id"], tried
        assert answer.status in (500, 503), answer.body
    raise AssertionError(f"registration {turn} was refused {TRIES} times")


async def _assert_one_of_each(world: World, made: list[tuple[int, str, int]]) -> None:
    """Every number from 1 on once, in what was answered, in what is kept, and in what was told."""
    numbers = list(range(1, MANY + 1))
    assert sorted(number for number, _, _ in made) == numbers
    rows = await world.rows("letters")
    assert sorted(row["agenda_number"] for row in rows) == numbers
    assert {(row["agenda_number"], row["_id"]) for row in rows} == {(number, letter) for number, letter, _ in made}
    told = Counter(event.data["agenda_number"] for event in await published(world.service))
    assert told == Counter(numbers)
    assert [row["last"] for row in await world.rows("agenda_counters")] == [MANY]


@pytest.mark.slow
@pytest.mark.timeout(480)
class TestTwoHundredAtOnce:
    """One unit, one book."""

    async def test_get_consecutive_numbers(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        """From two processes, which share nothing but the database."""
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            other.operator, other.agency = world.operator, world.agency
            made = await asyncio.gather(*(_until_registered((world, other)[n % 2], n) for n in range(MANY)))
        second.foundation.database.client.close()
        assert {tried for _, _, tried in made} == {1}
        await _assert_one_of_each(world, made)

    @pytest.mark.parametrize("seed", [17])
    async def test_get_consecutive_numbers_whatever_fails_in_between(
        self, world: World, monkeypatch: pytest.MonkeyPatch, seed: int
    ) -> None:
        """Transactions are made to clash, are refused for good after the number was taken, end before they commit, and
        commit without the client's hearing of it."""
        chance, failed = random.Random(seed), Counter[str]()
        add, commit = Letters.add, mongo._commit

        async def flaky_add(self: Letters, *given: Any) -> None:
            await add(self, *given)
            draw = chance.random()
            if draw < 0.1:
                failed["clashed"] += 1
                raise clash("met another that was sooner")
            if draw < 0.2:
                failed["refused"] += 1
                raise OperationFailure("document too large", 10334)

        async def flaky_commit(session: Session, deadline: float) -> None:
            draw = chance.random()
            if draw < 0.1:
                failed["cut before the commit"] += 1
                await session.abort_transaction()
                raise AutoReconnect("connection closed")
            await commit(session, deadline)
            if draw > 0.9:
                failed["cut after the commit"] += 1
                raise AutoReconnect("connection closed")

        with monkeypatch.context() as patch:
            patch.setattr(Letters, "add", flaky_add)
            patch.setattr(mongo, "_commit", flaky_commit)
            made = await asyncio.gather(*(_until_registered(world, turn) for turn in range(MANY)))
        assert len(failed) == 4
        assert min(failed.values()) > 5, failed
        assert sum(tried for _, _, tried in made) > MANY
        await _assert_one_of_each(world, made)
