"""The books are read along their indexes, however many letters there are."""

from typing import Any

import pytest

from services.chassis.ids import new_id
from tests.intake.books.desk import delivered, way
from tests.intake.books.test_numbers import outgoing
from tests.intake.world import World

BOOK = {"unit_id": "u", "book": "masuk", "year": 2026}


@pytest.mark.parametrize(
    ("collection", "query", "sort", "index"),
    [
        ("letters", BOOK | {"agenda_number": {"$gt": 3, "$lte": 53}}, ("agenda_number", 1), "agenda"),
        ("dispatches", {"unit_id": "u", "_id": {"$gte": new_id(), "$lt": new_id()}}, ("_id", -1), "book"),
        ("dispatches", {"unit_id": "u", "_id": {"$lt": new_id()}}, ("_id", -1), "book"),
        ("agenda_counters", {"unit_id": "u"}, ("unit_id", 1), "unit"),
    ],
)
async def test_each_look_uses_its_index(
    world: World, collection: str, query: dict[str, Any], sort: tuple[str, int], index: str
) -> None:
    await delivered(world, await world.registered(), way(world.agency))
    plan = await world.service.foundation.database[collection].find(query).sort(*sort).explain()
    assert f"'indexName': '{index}'" in str(plan["queryPlanner"]["winningPlan"]), plan


async def test_a_number_of_the_house_cannot_stand_twice(world: World) -> None:
    letters = [await world.registered(letter=one) for one in (outgoing(world), outgoing(world), world.letter())]
    rows = {row["_id"]: row.get("own_number") for row in await world.rows("letters")}
    first, second, third = (rows[letter["id"]] for letter in letters)
    assert first != second
    assert third is None
    again = await world.service.foundation.database["letters"].find_one({"_id": letters[0]["id"]})
    assert again is not None
    with pytest.raises(Exception, match=r"E11000|duplicate"):
        await world.service.foundation.database["letters"].insert_one(
            again | {"_id": new_id(), "tracking_code": "x", "agenda_number": 99}
        )
