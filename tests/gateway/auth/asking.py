"""Asking a door and reading what it says."""

from datetime import UTC, datetime
from typing import Any

import pyotp

from tests.gateway.conftest import PASSWORD, Door

Headers = dict[str, str]
MOMENT = datetime(2026, 3, 2, 1, 0, 15, tzinfo=UTC)
"""The middle of a half minute, so that no code runs out between two lines of a test: what codes are judged by."""


async def ask(
    door: Door, method: str, path: str, headers: Headers | None = None, body: Any = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer; an empty body is an empty one."""
    async with door.http.request(method, path, headers=headers, json=body) as answer:
        return answer.status, await answer.json() if answer.content_length != 0 and answer.status != 204 else {}


async def administrator(door: Door, username: str = "boss") -> Headers:
    """Headers of somebody who may administer."""
    await door.account(username, roles=("regency_admin",))
    return await door.bearer(username)


class App:
    """An authenticator app. ``code(1)`` is that of the next half minute: of each only one is taken."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)

    def code(self, ahead: int = 0) -> str:
        """The code of this half minute, or of one ahead."""
        return str(self._totp.at(int(MOMENT.timestamp()), counter_offset=ahead))


async def set_up(door: Door, headers: Headers) -> tuple[App, list[str]]:
    """A second factor, confirmed with the code of the half minute before, and its recovery codes."""
    status, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
    assert status == 200, begun
    app = App(begun["secret"])
    status, said = await ask(door, "POST", "/v1/me/second-factor/confirm", headers, {"code": app.code(-1)})
    assert status == 204, said
    return app, begun["recovery_codes"]


async def ticket(door: Door, username: str = "wayan", password: str = PASSWORD) -> str:
    """What the first step of a sign-in gives."""
    status, body = await door.sign_in(username, password)
    assert status == 401, body
    return str(body["ticket"])


async def show(door: Door, ticket: str, code: str) -> tuple[int, dict[str, Any]]:
    """The second step."""
    return await ask(door, "POST", "/v1/auth/second-factor", body={"ticket": ticket, "code": code})
