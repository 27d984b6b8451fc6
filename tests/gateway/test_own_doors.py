"""What the gateway answers itself: by a row of the table or not at all, and counted whatever becomes of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from prometheus_client import REGISTRY

from gateway.routes import RouteTable
from services.chassis.ids import new_id
from services.chassis.run import serving
from tests.gateway.auth.asking import administrator
from tests.gateway.conftest import Door, OpenDoor
from tests.gateway.raw import exchange

ADDRESSES = ("/v1/accounts/{}", "/v1/clients/{}", "/v1/me/sessions/{}")
FORMS = ("%0a{}", "{}%0a", "%0d{}", "%00{}", "%e2%80%a8{}", "{}%2f", "{}/", "%0a%20{}")


class Anything(dict[str, str]):
    """An id for every name."""

    def __missing__(self, name: str) -> str:
        return new_id()


def counted() -> dict[tuple[str, str, str], float]:
    """How many requests were measured so far, by method, route and status."""
    return {
        (one.labels["method"], one.labels["route"], one.labels["status"]): one.value
        for family in REGISTRY.collect()
        for one in family.samples
        if one.name == "lontar_http_request_seconds_count" and one.labels["service"] == "gateway"
    }


def since(before: dict[tuple[str, str, str], float]) -> dict[tuple[str, str, str], float]:
    """What was measured since."""
    return {key: number - before.get(key, 0) for key, number in counted().items() if number != before.get(key, 0)}


async def status_of(door: Door, method: str, target: str, headers: dict[str, str]) -> int:
    """Asked by hand: a client library would tidy the address up."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    answer = await exchange(door.url, f"{method} {target} HTTP/1.1\r\nHost: x\r\n{lines}Connection: close\r\n\r\n")
    return int(answer[9:12])


class TestWithoutARow:
    """A path that the table does not know, and the app's own matching might."""

    async def test_is_not_there_however_its_id_is_dressed(self, door: Door) -> None:
        headers = await administrator(door)
        found = await door.gateway.context.accounts.named("wayan")
        assert found
        for address in ADDRESSES:
            for form in FORMS:
                for method in ("GET", "DELETE"):
                    target = address.format(form.format(found.id))
                    assert await status_of(door, method, target, headers) == 404, target

    async def test_is_not_there_with_anything_after_it(self, door: Door) -> None:
        headers = await administrator(door)
        for target in ("/v1/me%0a", "/v1/accounts%0a", "/v1/me/", "/v1/status%0a", "/v1/"):
            assert await status_of(door, "GET", target, headers) == 404, target

    async def test_does_nothing_for_a_session_that_has_ended(self, door: Door) -> None:
        headers = await administrator(door)
        _, mine = await door.sign_in("boss")
        _, other = await door.sign_in("boss")
        ended = {"Authorization": f"Bearer {mine['access_token']}"}
        sessions = await self._sessions(door, headers)
        async with door.http.post("/v1/auth/logout", json={"refresh_token": mine["refresh_token"]}) as answer:
            assert answer.status == 204
        left = await self._sessions(door, headers)
        assert len(left) == len(sessions) - 1
        for identifier in left:
            assert await status_of(door, "DELETE", f"/v1/me/sessions/%0a{identifier}", ended) == 404
        assert await self._sessions(door, headers) == left
        assert other["refresh_token"]

    async def _sessions(self, door: Door, headers: dict[str, str]) -> list[str]:
        async with door.http.get("/v1/me/sessions", headers=headers) as answer:
            return [one["id"] for one in (await answer.json())["items"]]

    async def test_reads_like_every_404_and_is_counted_as_one(self, door: Door) -> None:
        before = counted()
        async with door.http.post("/v1/nowhere", data=b"x" * 100_000) as answer:
            assert (answer.status, answer.content_type) == (404, "application/problem+json")
            problem = await answer.json()
            assert answer.headers.getall("X-Request-ID") == [problem["instance"].removeprefix("urn:lontar:request:")]
        assert (problem["code"], problem["detail"]) == ("not_found", "Alamat yang diminta tidak ada.")
        assert since(before) == {("POST", "unmatched", "404"): 1}

    async def test_pages_are_still_the_apps(self, door: Door) -> None:
        for path in ("/", "/docs", "/.well-known/jwks.json", "/lacak", "/verifikasi", "/status"):
            async with door.http.get(path) as answer:
                assert answer.status == 200, path


class TestIdsInAnAddress:
    """An id is read in one way: an address that could mean it in another is none of it."""

    async def test_no_other_form_is_taken_for_it_but_capitals(self, door: Door) -> None:
        headers = await administrator(door)
        found = await door.gateway.context.accounts.named("wayan")
        assert found
        for form in ("%20{}", "{}%20", "%7B{}%7D", "urn:uuid:{}", "+{}", "{}_"):
            assert await status_of(door, "GET", f"/v1/accounts/{form.format(found.id)}", headers) == 422, form
        assert await status_of(door, "GET", f"/v1/accounts/{found.id.upper()}", headers) == 200


class TestPastTheProxy:
    """The app on its own, as if a request had found a way round what stands before it."""

    @pytest.fixture
    async def bare(self, door: Door) -> AsyncIterator[aiohttp.ClientSession]:
        async with (
            serving(door.gateway.service.app, "127.0.0.1", 0) as url,
            aiohttp.ClientSession(base_url=url) as http,
        ):
            yield http

    async def test_nobody_is_known_whatever_token_comes(self, door: Door, bare: aiohttp.ClientSession) -> None:
        table, headers = RouteTable(), await administrator(door)
        paths = door.gateway.service.app.openapi()["paths"]
        operations = [(path.format_map(Anything()), method.upper()) for path in paths for method in paths[path]]
        closed = [one for one in operations if (row := table.match(one[0].encode(), one[1])) is None or not row.open]
        assert len(closed) > 30
        for path, method in closed:
            async with bare.request(method, path, headers=headers) as answer:
                assert answer.status == 401, (method, path)


class TestCounted:
    """What is refused before the app is asked leaves a sample, and what the app answers leaves one alone."""

    async def test_what_is_refused_at_the_door(self, open_door: OpenDoor) -> None:
        async with open_door(sign_in_burst=1, sign_in_per_second=0.01) as door:
            before = counted()
            for wanted in (401, 429, 429):
                assert (await door.sign_in("nobody"))[0] == wanted
            async with door.http.get("/v1/me") as answer:
                assert answer.status == 401
        assert since(before) == {
            ("POST", "/v1/auth/token", "401"): 1,
            ("POST", "/v1/auth/**", "429"): 2,
            ("GET", "/v1/me/**", "401"): 1,
        }

    async def test_what_is_answered(self, door: Door) -> None:
        headers, before = door.token_of(), counted()
        for path in ("/v1/status", "/v1/me", "/v1/me/nowhere"):
            async with door.http.get(path, headers=headers):
                pass
        assert since(before) == {
            ("GET", "/v1/status", "200"): 1,
            ("GET", "/v1/me", "200"): 1,
            ("GET", "unmatched", "404"): 1,
        }
