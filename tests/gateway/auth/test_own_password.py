"""Changing one's own password."""

from typing import Any

import pytest

from services.chassis.errors import ServiceError
from tests.events import deliver
from tests.gateway.auth.asking import Headers, ask
from tests.gateway.auth.test_accounts import recorded
from tests.gateway.conftest import PASSWORD, Door
from tests.gateway.test_sign_in import assignment

NEW = "sepeda-biru-di-pasar"


async def change(door: Door, headers: Headers | None, old: str = PASSWORD, new: str = NEW) -> tuple[int, Any]:
    """Status and code of the answer."""
    body = {"old_password": old, "new_password": new}
    status, said = await ask(door, "PUT", "/v1/me/password", headers, body)
    return status, said.get("code")


class TestChangePassword:
    """PUT /v1/me/password."""

    async def test_the_new_one_works_and_the_old_one_does_not(self, door: Door) -> None:
        assert await change(door, await door.bearer()) == (204, None)
        assert (await door.sign_in())[0] == 401
        assert (await door.sign_in(password=NEW))[0] == 200

    async def test_other_sessions_end_and_this_one_goes_on(self, door: Door) -> None:
        elsewhere, here = await door.bearer(), await door.bearer()
        await change(door, here)
        assert (await ask(door, "GET", "/v1/me", elsewhere))[0] == 401
        assert (await ask(door, "GET", "/v1/me", here))[0] == 200

    async def test_the_old_one_is_needed(self, door: Door) -> None:
        assert await change(door, await door.bearer(), old="bukan kata sandinya") == (403, "password_wrong")
        assert (await door.sign_in())[0] == 200

    async def test_a_wrong_one_is_put_down_with_who_tried_it(self, door: Door) -> None:
        await change(door, await door.bearer(), old="bukan kata sandinya")
        (entry,) = await recorded(door, "password.proved")
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        assert (entry["outcome"], entry["actor"]["id"]) == ("refused", account.person_id)
        assert "bukan" not in str(entry)

    async def test_a_token_without_a_session_has_no_account(self, door: Door) -> None:
        assert await change(door, door.token_of()) == (403, "session_needed")

    async def test_guessing_the_old_one_is_slowed_down_for_this_session_alone(self, door: Door) -> None:
        stolen = await door.bearer()
        statuses = [(await change(door, stolen, old="bukan kata sandinya"))[0] for _ in range(6)]
        assert statuses == [403] * 5 + [429]
        assert (await door.sign_in())[0] == 200
        assert (await change(door, await door.bearer()))[0] == 204

    async def test_the_same_once_more_is_no_change(self, door: Door) -> None:
        assert await change(door, await door.bearer(), new=PASSWORD) == (422, "password_unchanged")

    async def test_the_name_of_ones_own_unit_is_no_password(self, door: Door) -> None:
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        await deliver(door.gateway.service, assignment(account.person_id))
        headers = await door.bearer()
        assert await change(door, headers, new="pekerjaan-umum-wayan") == (422, "password_like_name")
        assert await change(door, headers, new="pekerjaan-rumah-wayan") == (204, None)

    async def test_it_is_put_down_without_the_password(self, door: Door) -> None:
        await change(door, await door.bearer())
        (entry,) = await recorded(door, "password.changed")
        assert NEW not in str(entry)
        assert PASSWORD not in str(entry)

    async def test_a_stranger_changes_nothing(self, door: Door) -> None:
        assert (await change(door, None))[0] == 401

    async def test_a_sign_in_with_the_old_one_that_is_under_way_gets_no_session(self, door: Door) -> None:
        context = door.gateway.context
        before = await context.accounts.named("wayan")
        assert before
        await change(door, await door.bearer())
        with pytest.raises(ServiceError, match="401"):
            await context.sessions.open(before.id, version=before.version)
        after = await context.accounts.named("wayan")
        assert after
        assert (await context.sessions.open(after.id, version=after.version)).account_id == after.id
