"""The lists are read along their indexes, however many letters there are."""

from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.intake.world import World


@pytest.mark.parametrize(
    ("query", "sort", "index"),
    [
        ({"unit_id": "u", "_id": {"$gte": new_id(), "$lt": new_id()}}, ("_id", -1), "register"),
        ({"unit_id": "u", "_id": {"$lt": new_id()}}, ("_id", -1), "register"),
        ({"text_due": {"$lte": now()}}, ("text_due", 1), "text_due"),
        ({"likeness": {"$in": ["x", "y"]}}, ("_id", 1), "likeness"),
        ({"also_like": "x"}, ("_id", 1), "also_like"),
    ],
)
async def test_each_look_uses_its_index(world: World, query: dict[str, Any], sort: tuple[str, int], index: str) -> None:
    await world.registered()
    plan = await world.service.foundation.database["letters"].find(query).sort(*sort).explain()
    assert f"'indexName': '{index}'" in str(plan["queryPlanner"]["winningPlan"]), plan
