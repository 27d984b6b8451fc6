"""How far down a letter is passed on."""

import pytest

from services.disposition.commands import issue_disposition as issuing
from tests.disposition.world import World, to


async def test_a_tree_reaches_no_further_down_than_can_be_carried_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "MOST_LEVELS", 2)
    await world.disposed(world.head, to(world.division_head))
    below = await world.disposed(world.division_head, to(world.officers[0]))
    peers = {"positions": [world.officers[1].position_id]}
    path = f"/v1/disposition-peers/{world.officers[0].position_id}"
    assert (await world.call(world.head, "PUT", path, peers))[0] == 200
    status, answer = await world.dispose(world.officers[0], to(world.officers[1]))
    assert (status, answer["code"]) == (422, "too_deep")
    _, seen = await world.get(world.head, f"/v1/dispositions/{below['id']}")
    assert seen["recipients"][0]["state"] == "sent"
