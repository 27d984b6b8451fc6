"""Naming the peers of a position, and what it permits."""

from services.chassis.ids import new_id
from tests.disposition.world import World, to
from tests.people import principal
from tests.signing import ALL_SCOPES

ADMIN = principal(name="Admin Kabupaten")
CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})


def path(world: World) -> str:
    """The peers of the secretary."""
    return f"/v1/disposition-peers/{world.secretary.position_id}"


class TestShow:
    async def test_nobody_was_named(self, world: World) -> None:
        status, answer, headers = await world.call(CLERK, "GET", path(world))
        assert (status, answer["items"], answer["version"], headers["ETag"]) == (200, [], 0, '"0"')

    async def test_position_there_is_not(self, world: World) -> None:
        status, answer, _ = await world.call(ADMIN, "GET", f"/v1/disposition-peers/{new_id()}")
        assert (status, answer["code"]) == (404, "not_found")


class TestSet:
    async def test_P12_a_peer_may_be_instructed_and_nobody_else_beside(self, world: World) -> None:
        letter = world.a_letter()
        await world.tell(letter)
        on = {"letter_id": letter.letter_id}
        await world.disposed(world.head, to(world.secretary), **on)
        refused, answer = await world.dispose(world.secretary, to(world.division_head), **on)
        assert (refused, answer["positions"]) == (403, [world.division_head.position_id])
        body = {"positions": [world.division_head.position_id]}
        status, answer, headers = await world.call(ADMIN, "PUT", path(world), body, {"If-Match": '"0"'})
        assert (status, [one["title"] for one in answer["items"]]) == (200, [world.division_head.title])
        assert (answer["by_name"], headers["ETag"]) == (ADMIN.name, '"1"')
        assert (await world.dispose(world.secretary, to(world.division_head), **on))[0] == 201
        assert (await world.dispose(world.division_head, to(world.secretary), **on))[0] == 403
        assert (await world.dispose(world.secretary, to(world.stranger), **on))[0] == 403

    async def test_a_list_its_maker_has_not_seen(self, world: World) -> None:
        body = {"positions": [world.division_head.position_id]}
        await world.call(ADMIN, "PUT", path(world), body)
        status, answer, _ = await world.call(ADMIN, "PUT", path(world), {"positions": []}, {"If-Match": '"0"'})
        assert (status, answer["code"]) == (412, "changed_meanwhile")

    async def test_the_same_again_changes_nothing(self, world: World) -> None:
        body = {"positions": [world.division_head.position_id] * 2}
        versions = [(await world.call(ADMIN, "PUT", path(world), body))[1]["version"] for _ in range(2)]
        assert versions == [1, 1]

    async def test_without_the_right(self, world: World) -> None:
        assert (await world.call(CLERK, "PUT", path(world), {"positions": []}))[0] == 403

    async def test_itself_and_positions_there_are_not(self, world: World) -> None:
        status, answer, _ = await world.call(ADMIN, "PUT", path(world), {"positions": [world.secretary.position_id]})
        assert (status, answer["code"]) == (422, "peer_of_itself")
        unknown = new_id()
        status, answer, _ = await world.call(ADMIN, "PUT", path(world), {"positions": [unknown]})
        assert (status, answer["code"], answer["positions"]) == (422, "unknown_position", [unknown])
