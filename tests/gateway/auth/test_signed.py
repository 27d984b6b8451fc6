"""What is put down of a sign-in."""

import pytest

from gateway.auth.session_rows import SESSIONS, refused
from tests.gateway.auth.test_accounts import recorded
from tests.gateway.conftest import Door


class TestRecord:
    """A sign-in and its entry are there together or not at all."""

    async def test_who_got_no_session_has_not_signed_in(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        async def switched_off_meanwhile(*_: object) -> None:
            raise refused()

        monkeypatch.setattr(door.gateway.context.sessions, "_mark_sign_in", switched_off_meanwhile)
        assert (await door.sign_in())[0] == 401
        assert await recorded(door, "sign_in.password") == []

    async def test_nobody_gets_a_session_that_is_not_put_down(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(door.gateway.context.audit, "record", None)
            assert (await door.sign_in())[0] == 500
        assert await door.gateway.service.foundation.database[SESSIONS].count_documents({}) == 0
        assert (await door.sign_in())[0] == 200
        (entry,) = await recorded(door, "sign_in.password")
        assert (entry["outcome"], entry["details"]) == ("done", {"second_factor": "false"})
