"""POST /v1/letters again with the same Idempotency-Key."""

import asyncio

from tests.events import published
from tests.intake import scans
from tests.intake.world import World
from tests.people import principal


class TestIdempotency:
    """The same act with the same key."""

    async def test_repeat_gets_the_first_answer(self, world: World) -> None:
        first = await world.register(key="satu")
        again = await world.register(key="satu")
        assert (again.status, again.body) == (201, first.body)
        assert again.headers["Location"] == first.headers["Location"]
        assert len(await world.new_keys()) == len(await published(world.service)) == 1

    async def test_two_at_once_make_one_letter(self, world: World) -> None:
        answers = await asyncio.gather(*(world.register(key="bersamaan") for _ in range(8)))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert len(await world.rows("letters")) == len(await published(world.service)) == 1
        assert len(await world.new_keys()) == 1, "what the losers put is taken out again"

    async def test_other_scan_with_the_same_key_is_refused(self, world: World) -> None:
        await world.registered(key="satu")
        answer = await world.register(files=[("surat.pdf", scans.pdf(2))], key="satu")
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
        assert len(await world.new_keys()) == 1

    async def test_keys_of_two_people_are_apart(self, world: World) -> None:
        first = await world.registered(key="satu")
        second = await world.registered(key="satu", person=principal(world.village))
        assert first["id"] != second["id"]
