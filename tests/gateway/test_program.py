"""``python -m gateway`` as a process: it becomes ready, signs in, and leaves in order."""

import asyncio
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.chassis.run import GRACE_SECONDS
from tests.conftest import RUN
from tests.gateway.conftest import NAMES, PASSWORD, private_pem
from tests.gateway.upstream import Upstream
from tests.servers import Servers

SOON = 60.0


async def started(environment: dict[str, str]) -> asyncio.subprocess.Process:
    """The program, with these variables."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE
    )


def environment_of(mongo_url: str, amqp_url: str, upstream_url: str) -> tuple[dict[str, str], str, str]:
    """What the program is told, the URL of its door, and that where it tells how it is."""
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        port, operations = free.getsockname()[1], other.getsockname()[1]
    environment = {
        "LONTAR_MONGO_URL": mongo_url,
        "LONTAR_AMQP_URL": amqp_url,
        "LONTAR_GATEWAY_MONGO_DATABASE": f"{RUN}{uuid.uuid4().hex[:8]}_gateway",
        "LONTAR_GATEWAY_PORT": str(port),
        "LONTAR_GATEWAY_OPERATIONS_PORT": str(operations),
        "LONTAR_GATEWAY_SIGNING_KEY": private_pem(),
        "LONTAR_GATEWAY_ADMIN_PASSWORD": PASSWORD,
        **{f"LONTAR_GATEWAY_UPSTREAM_{name.upper()}": upstream_url for name in NAMES},
    }
    return environment, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{operations}"


@pytest.fixture
async def address(servers: Servers, upstream: Upstream) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """The process and its URLs, before the recording upstream."""
    environment, url, told_at = environment_of(servers.mongo_url, servers.amqp_url, upstream.url)
    process = await started(environment)
    yield process, url, told_at
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_it_becomes_ready_signs_the_first_account_in_and_stops_with_streams_open(
    address: tuple[asyncio.subprocess.Process, str, str],
) -> None:
    process, url, told_at = address
    await ready(told_at)
    async with aiohttp.ClientSession(base_url=url) as http:
        async with http.post("/v1/auth/token", json={"username": "admin", "password": PASSWORD}) as answer:
            assert answer.status == 200
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with http.get("/v1/notifications/stream", headers=headers) as stream:
            assert await stream.content.readline() == b"first\n"
            asked_at = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(SOON):
                assert await stream.content.read() == b""
                assert await process.wait() == 0
            assert time.perf_counter() - asked_at < GRACE_SECONDS - 2, "it waited for the stream to end"


async def test_a_signal_is_heeded_while_the_database_is_waited_for() -> None:
    nowhere = "127.0.0.1:9"
    environment, _, told_at = environment_of(f"mongodb://{nowhere}/", f"amqp://{nowhere}/", f"http://{nowhere}")
    process = await started(environment)
    try:
        async with aiohttp.ClientSession(base_url=told_at) as http, asyncio.timeout(SOON):
            while not await _alive(http):
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_incomplete_settings_are_named() -> None:
    process = await started({"LONTAR_GATEWAY_SIGNING_KEY": "not a key", "LONTAR_MONGO_URL": "mongodb://127.0.0.1:1"})
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"upstream_intake" in errors
    assert b"not a key" not in errors
    assert b"Traceback" not in errors


async def test_a_first_password_nobody_may_have_is_told_in_one_sentence(servers: Servers, upstream: Upstream) -> None:
    environment, *_ = environment_of(servers.mongo_url, servers.amqp_url, upstream.url)
    process = await started({**environment, "LONTAR_GATEWAY_ADMIN_PASSWORD": "sandi-pendek"})
    try:
        _, errors = await asyncio.wait_for(process.communicate(), SOON)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 1
    assert errors.splitlines()[-1].startswith(
        b"gateway: there is no account and none can be made: LONTAR_GATEWAY_ADMIN"
    )
    assert b"sandi-pendek" not in errors
    assert b"Traceback" not in errors


async def _alive(http: aiohttp.ClientSession) -> bool:
    try:
        async with http.get("/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def ready(told_at: str) -> None:
    """Wait until the gateway says there that it is ready."""
    async with aiohttp.ClientSession(base_url=told_at) as http, asyncio.timeout(SOON):
        while True:
            try:
                async with http.get("/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
