"""HEAD at the gateway's own doors, as monitors ask."""

import pytest

from tests.gateway.auth.asking import administrator
from tests.gateway.conftest import Door
from tests.gateway.raw import exchange


class TestHead:
    @pytest.mark.parametrize(
        "path",
        ["/", "/status", "/v1/status", "/docs", "/docs/events", "/v1/openapi.json", "/.well-known/jwks.json"],
    )
    async def test_what_get_shows_is_answered_with_its_head_alone(self, door: Door, path: str) -> None:
        unpacked = {"Accept-Encoding": "identity"}
        async with door.http.get(path, headers=unpacked, allow_redirects=False) as shown:
            wanted = shown.status, {name.lower() for name in shown.headers}
        async with door.http.head(path, headers=unpacked) as answer:
            assert (answer.status, {name.lower() for name in answer.headers}) == wanted
            assert answer.status < 400
        raw = await exchange(door.url, f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert raw.partition(b"\r\n\r\n")[2] == b""

    async def test_who_comes_is_looked_at_as_for_get(self, door: Door) -> None:
        async with door.http.head("/v1/accounts") as answer:
            assert answer.status == 401
        async with door.http.head("/v1/accounts", headers=await door.bearer()) as answer:
            assert answer.status == 403
        async with door.http.head("/v1/accounts", headers=await administrator(door)) as answer:
            assert answer.status == 200

    async def test_what_is_only_posted_to_is_not_answered(self, door: Door) -> None:
        async with door.http.head("/v1/me/password", headers=await door.bearer()) as answer:
            assert answer.status == 405

    @pytest.mark.parametrize("path", ["/v1/auth/oidc/start", "/v1/auth/oidc/callback/kabupaten"])
    async def test_the_steps_of_a_sign_in_are_not_taken_by_looking(self, door: Door, path: str) -> None:
        async with door.http.head(path) as answer:
            assert answer.status == 405
