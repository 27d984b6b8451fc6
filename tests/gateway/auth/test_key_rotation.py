"""Keys are changed while people work: nobody is refused, before, during or after."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from gateway.auth.key_ring import Ring, fresh_pem, read_ring
from services.chassis.auth import TokenVerifier, keys_from_url
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from tests.gateway.auth.test_refresh_tokens import refresh
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.test_program import environment_of, started
from tests.gateway.upstream import Upstream
from tests.servers import Servers
from tests.waiting import until_equal

LEAD = timedelta(seconds=3)


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """A ring of one key."""
    path = tmp_path / "keys.json"
    path.write_text(Ring.of(fresh_pem(), now() - timedelta(days=90)).dumped(), encoding="utf-8")
    return path


@pytest.fixture
async def doors(open_door: OpenDoor, upstream: Upstream, ring: Path) -> AsyncIterator[tuple[Door, Door]]:
    """Two gateways that read the same ring."""
    same = {"key_ring_path": ring, "signing_key": "", **dict.fromkeys(NAMES, upstream.url)}
    async with open_door(**same) as one:
        name = one.gateway.service.foundation.settings.mongo_database
        async with open_door(**same, mongo_database=name) as other:
            await one.account()
            yield one, other


def replace(path: Path, ring: Ring) -> None:
    """Put a ring in place as the command does: whole."""
    fresh = path.with_suffix(".new")
    fresh.write_text(ring.dumped(), encoding="utf-8")
    fresh.replace(path)


class TestRotation:
    """Two gateways, a service that fetches its keys from one of them, and somebody who works at both."""

    async def test_S4_nobody_is_refused_before_during_or_after(self, doors: tuple[Door, Door], ring: Path) -> None:
        here, there = doors
        service = TokenVerifier(
            keys_from_url(f"{there.url.rstrip('/')}/.well-known/jwks.json"),
            issuer="lontar",
            audience="lontar",
            refetch_seconds=1,
            stale_seconds=1,
        )
        _, tokens = await here.sign_in()
        old = tokens["access_token"]
        before = here.gateway.context.keys.kid
        replace(ring, read_ring(ring).rotated(fresh_pem(), now(), LEAD))
        kids: set[str] = set()
        until = now() + LEAD + timedelta(seconds=2)
        while now() < until:
            status, tokens = await refresh(here, tokens["refresh_token"])
            assert status == 200
            for token in (tokens["access_token"], old):
                await service.verify(token)
                for door in doors:
                    async with door.http.get("/v1/inbox", headers={"Authorization": f"Bearer {token}"}) as answer:
                        assert answer.status == 200, await answer.text()
            kids.add(here.gateway.context.keys.kid)
            await asyncio.sleep(0.02)
        assert before in kids
        assert len(kids) == 2, "the new key has not signed"

    async def test_a_key_that_was_withdrawn_is_believed_by_nobody(self, doors: tuple[Door, Door], ring: Path) -> None:
        here, there = doors
        service = TokenVerifier(
            keys_from_url(f"{there.url.rstrip('/')}/.well-known/jwks.json"),
            issuer="lontar",
            audience="lontar",
            refetch_seconds=0,
            stale_seconds=0.2,
        )
        _, tokens = await here.sign_in()
        old = tokens["access_token"]
        await service.verify(old)
        replace(ring, Ring.of(fresh_pem(), now()))
        async with asyncio.timeout(60):
            while await _believed(service, old):
                await asyncio.sleep(0.1)
        for door in doors:
            door.gateway.context.keys.look_again()
        status, tokens = await refresh(here, tokens["refresh_token"])
        assert status == 200
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        for door in doors:
            async with door.http.get("/v1/inbox", headers=headers) as answer:
                assert answer.status == 200
            async with door.http.get("/v1/inbox", headers={"Authorization": f"Bearer {old}"}) as answer:
                assert answer.status == 401


async def _believed(service: TokenVerifier, token: str) -> bool:
    try:
        await service.verify(token)
    except ServiceError:
        return False
    return True


class TestProgram:
    """``python -m gateway`` with a ring."""

    async def test_a_hangup_has_the_ring_read_anew_and_ends_nothing(
        self, servers: Servers, upstream: Upstream, ring: Path
    ) -> None:
        environment, url, _ = environment_of(servers.mongo_url, servers.amqp_url, upstream.url)
        del environment["LONTAR_GATEWAY_SIGNING_KEY"]
        process = await started({**environment, "LONTAR_GATEWAY_KEY_RING_PATH": str(ring)})
        try:
            async with aiohttp.ClientSession(base_url=url) as http:
                await until_equal(lambda: _published(http), _kids(ring).__eq__)
                replace(ring, read_ring(ring).rotated(fresh_pem(), now(), LEAD))
                process.send_signal(signal.SIGHUP)
                await until_equal(lambda: _published(http), _kids(ring).__eq__)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 60) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _kids(path: Path) -> list[str]:
    return [one.key.thumbprint() for one in read_ring(path).keys]


async def _published(http: aiohttp.ClientSession) -> list[str]:
    try:
        async with http.get("/.well-known/jwks.json") as answer:
            return [key["kid"] for key in (await answer.json())["keys"]]
    except aiohttp.ClientConnectionError:
        return []
