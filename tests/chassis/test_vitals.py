"""``/statusz``: how a service is, for those who show it to people."""

from collections.abc import AsyncIterator
from typing import Any

import aio_pika
import aiohttp
import pytest
from aio_pika.abc import AbstractChannel
from pydantic import SecretStr

from services.chassis import vitals
from services.chassis.bus import depths
from services.chassis.bus.topology import parked_name, queue_name
from services.chassis.run import running
from services.chassis.service import Apart
from services.chassis.settings import Settings
from tests.chassis.post import Post
from tests.chassis.test_run import sent, visiting
from tests.servers import Servers
from tests.signing import TokenSigner
from tests.waiting import until, until_equal


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depths, "MEASURE_SECONDS", 0.05)
    monkeypatch.setattr(vitals, "FRESH_SECONDS", 0.05)


@pytest.fixture
def post(settings: Settings, signer: TokenSigner, depot: str) -> Post:
    """A service under a name of this test's own, so that its queues are its own."""
    return Post(settings.model_copy(update={"service": depot}), signer.keys)


@pytest.fixture
async def broker(servers: Servers) -> AsyncIterator[AbstractChannel]:
    """A channel for putting messages where they lie."""
    async with await aio_pika.connect(servers.amqp_url) as connection:
        yield await connection.channel()


async def told(http: aiohttp.ClientSession) -> Any:
    async with http.get("/statusz") as response:
        assert response.status == 200
        return await response.json()


class TestStatusz:
    """What a process that only answers tells."""

    async def test_the_events_that_wait_and_the_age_of_the_oldest(self, post: Post, signer: TokenSigner) -> None:
        async with visiting(post.assembled(), "serve") as http:
            before = await told(http)
            assert (before["pending"], before["oldest_pending_seconds"], before["queues"]) == (0, None, None)
            await sent(http, signer)
            await sent(http, signer)
            after = await until_equal(lambda: told(http), lambda seen: seen["pending"] == 2)
        assert 0 <= after["oldest_pending_seconds"] < 60
        assert after["ready"] is True
        assert after["parts"] == {"database": True, "indexes": True}
        assert after["started_at"] < after["at"]

    async def test_what_a_worker_saw_in_the_queues(
        self, post: Post, signer: TokenSigner, depot: str, channel: AbstractChannel, broker: AbstractChannel
    ) -> None:
        answering = Post(post.foundation.settings, signer.keys)
        async with visiting(answering.assembled(), "serve") as http:
            async with visiting(post.assembled(), "work"):
                await until(lambda: post.foundation.health.ready("consumer"))
                await broker.default_exchange.publish(aio_pika.Message(b"{}"), parked_name(queue_name(depot)))
                seen = await until_equal(
                    lambda: told(http), lambda seen: seen["queues"] and seen["queues"]["parked"] == 1
                )
                assert (seen["queues"]["waiting"], seen["queues"]["consumers"]) == (0, 1)
            last = (await told(http))["queues"]["seen_at"]
            assert (await told(http))["queues"]["seen_at"] == last, "a worker that is gone looks no more"

    async def test_queues_that_are_not_there_are_empty(self, depot: str, servers: Servers) -> None:
        async with await aio_pika.connect(servers.amqp_url) as connection:
            found = await depths.look(connection, f"{depot}x")
        assert (found.waiting, found.parked, found.consumers) == (0, 0, 0)

    async def test_names_no_secret(self, post: Post, settings: Settings) -> None:
        async with visiting(post.assembled(), "serve") as http, http.get("/statusz") as response:
            text = await response.text()
        assert settings.mongo_url.get_secret_value() not in text
        assert "mongodb" not in text
        assert "amqp" not in text

    async def test_is_told_all_the_same_while_the_database_is_away(
        self, settings: Settings, signer: TokenSigner
    ) -> None:
        away = settings.model_copy(update={"mongo_url": SecretStr("mongodb://127.0.0.1:9/?directConnection=true")})
        found = await Post(away, signer.keys).assembled().vitals.look()
        assert found.parts["database"] is False
        assert (found.ready, found.pending, found.queues) == (False, None, None)

    async def test_several_who_ask_at_once_share_one_look(self, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vitals, "FRESH_SECONDS", 60)
        signs = post.assembled().vitals
        assert await signs.look() is await signs.look()


class TestApart:
    """A program whose own port is open to strangers."""

    async def test_tells_how_it_is_on_a_port_of_its_own_alone(self, post: Post, unused_tcp_port: int) -> None:
        service = post.assembled(operations=Apart("127.0.0.1", unused_tcp_port))
        async with running(service, "serve") as url, aiohttp.ClientSession() as http:
            for path in ("/healthz", "/readyz", "/metrics", "/statusz"):
                async with http.get(f"{url}{path}") as outside:
                    assert outside.status == 404
                async with http.get(f"http://127.0.0.1:{unused_tcp_port}{path}") as inside:
                    assert inside.status == 200
            async with http.get(f"http://127.0.0.1:{unused_tcp_port}/v1/slow") as other:
                assert other.status == 404


class TestAttendants:
    """What runs beside the answering."""

    @pytest.mark.parametrize(("role", "runs"), [("serve", True), ("all", True), ("work", False)])
    async def test_run_in_every_process_that_answers(
        self, post: Post, role: Any, runs: bool, channel: AbstractChannel
    ) -> None:
        begun: list[str] = []

        async def attendant() -> None:
            begun.append(role)

        async with visiting(post.assembled(attendants=[attendant]), role) as http, http.get("/healthz") as response:
            assert response.status == 200
        assert bool(begun) is runs

    async def test_end_with_the_process(self, post: Post) -> None:
        async def attendant() -> None:
            while True:
                await post.slow.wait()
                post.slow.clear()

        service = post.assembled(attendants=[attendant])
        async with visiting(service, "serve") as http, http.get("/healthz") as response:
            assert response.status == 200
