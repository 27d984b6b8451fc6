"""GET /v1/register: the agenda books of the caller's units, and who sees what of them."""

from datetime import timedelta

import pytest

from services.chassis.ids import first_id_of, instant_of
from tests.intake.world import World
from tests.people import held, principal


class TestRegister:
    """A unit's agenda books."""

    async def test_is_newest_first_and_of_own_units_only(self, world: World) -> None:
        mine = [(await world.registered())["id"] for _ in range(3)]
        await world.registered(person=world.head)
        page = await world.get("/v1/register")
        assert page.status == 200
        assert [item["id"] for item in page.body["items"]] == mine[::-1]
        assert page.body["next"] is None

    async def test_pages_join_without_gap_or_double(self, world: World) -> None:
        made = [(await world.registered())["id"] for _ in range(7)]
        seen: list[str] = []
        query: str | None = ""
        pages = 0
        while query is not None:
            page = (await world.get(f"/v1/register?limit=2{query}")).body
            seen += [item["id"] for item in page["items"]]
            query = f"&cursor={page['next']}" if page["next"] else None
            pages += 1
        assert seen == made[::-1]
        assert pages == 4

    async def test_reaches_over_years(self, world: World) -> None:
        new = (await world.registered())["id"]
        ages = (3, 45, 380, 4000)
        aged = [await _copy_aged(world, new, age) for age in ages]
        page = (await world.get("/v1/register?limit=3")).body
        assert [item["id"] for item in page["items"]] == [new, *aged[:2]]
        rest = (await world.get(f"/v1/register?limit=3&cursor={page['next']}")).body
        assert [item["id"] for item in rest["items"]] == aged[2:]

    async def test_secret_letters_are_kept_from_the_secretary(self, world: World) -> None:
        await world.registered(letter=world.letter(confidentiality="top_secret"))
        shown = (await world.registered())["id"]
        secretary = principal(held("secretary", unit_id=world.village.unit_id))
        page = await world.get("/v1/register", secretary)
        assert [item["id"] for item in page.body["items"]] == [shown]

    async def test_staff_see_an_empty_register(self, world: World) -> None:
        await world.registered()
        page = await world.get("/v1/register", principal(held("staff", unit_id=world.village.unit_id)))
        assert page.body == {"items": [], "next": None}

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=abc"])
    async def test_malformed_query_is_refused(self, world: World, query: str) -> None:
        page = await world.get(f"/v1/register?{query}")
        assert (page.status, page.code) == (422, "validation_failed")


async def _copy_aged(world: World, letter_id: str, days: int) -> str:
    """A copy of a letter as if it had been registered ``days`` ago."""
    database = world.service.foundation.database
    instant = instant_of(letter_id) - timedelta(days=days)
    aged = first_id_of(instant)[:13] + letter_id[13:]
    letter = await database["letters"].find_one({"_id": letter_id})
    access = await database["letter_access"].find_one({"_id": letter_id})
    assert letter is not None
    assert access is not None
    changes = {"_id": aged, "tracking_code": aged, "agenda_number": 1000 + days}
    await database["letters"].insert_one(letter | changes)
    await database["letter_access"].insert_one(access | {"_id": aged})
    return aged
