"""POST /v1/letters by those who may not: the problem's code, and nothing left behind."""

import pytest

from services.chassis.ids import new_id
from tests.intake.world import World
from tests.people import held, principal
from tests.signing import TokenSigner


class TestWho:
    """Tokens, scopes and positions."""

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({}, "token_missing"),
            ({"Authorization": "Basic eDp5"}, "token_missing"),
            ({"Authorization": "Bearer bukan.token.kami"}, "token_invalid"),
        ],
        ids=["none", "basic", "nonsense"],
    )
    async def test_no_usable_token(self, world: World, headers: dict[str, str], code: str) -> None:
        answer = await world.register(headers=headers)
        assert (answer.status, answer.code) == (401, code)
        await world.assert_nothing_left()

    async def test_expired_token(self, world: World) -> None:
        answer = await world.register(headers=world.headers(exp=1_700_000_000))
        assert (answer.status, answer.code) == (401, "token_expired")
        await world.assert_nothing_left()

    async def test_forged_token(self, world: World) -> None:
        forged = TokenSigner().headers(world.operator)
        answer = await world.register(headers=forged)
        assert (answer.status, answer.code) == (401, "token_invalid")
        await world.assert_nothing_left()

    async def test_token_for_another_house(self, world: World) -> None:
        answer = await world.register(headers=world.headers(aud="lain"))
        assert (answer.status, answer.code) == (401, "token_invalid")

    async def test_without_the_scope(self, world: World) -> None:
        answer = await world.register(headers=world.headers(scope="letters:read"))
        assert (answer.status, answer.code) == (403, "forbidden")
        await world.assert_nothing_left()

    async def test_without_any_position(self, world: World) -> None:
        nobody = world.operator.model_copy(update={"positions": ()})
        answer = await world.register(person=nobody)
        assert (answer.status, answer.code) == (403, "forbidden")
        await world.assert_nothing_left()

    async def test_unknown_unit(self, world: World) -> None:
        answer = await world.register(letter=world.letter(addressees=[{"kind": "unit", "id": new_id()}]))
        assert (answer.status, answer.code) == (422, "unknown_unit")
        assert (answer.body["field"], answer.body["index"]) == ("addressees", 0)
        await world.assert_nothing_left()

    async def test_identity_headers_are_no_identity(self, world: World) -> None:
        outsider = principal(held("village_operator"))
        sent = world.headers(outsider, scope="letters:read") | {"X-User": "admin", "X-Scope": "letters:register"}
        assert (await world.register(headers=sent)).status == 403
