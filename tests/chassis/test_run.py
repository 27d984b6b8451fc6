"""Running a service: what each role does, when it is ready, and how it leaves."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import aiohttp
import pytest
from aio_pika.abc import AbstractChannel
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from services.chassis.bus import connection as connections
from services.chassis.run import Role, main, run_until_signalled, running
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.uow import Transaction
from tests.chassis.post import Post
from tests.chassis.proxy import proxied
from tests.chassis.sample import ParcelSent
from tests.conftest import SettingsFor
from tests.people import principal
from tests.signing import TokenSigner
from tests.waiting import until, until_equal


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BACKOFF_SECONDS", (0.05,))


@pytest.fixture
def post(settings: Settings, signer: TokenSigner, depot: str) -> Post:
    """A service under a name of this test's own, so that its queues are its own."""
    return Post(settings.model_copy(update={"service": depot, "relay_poll_seconds": 0.1}), signer.keys)


@asynccontextmanager
async def visiting(service: Service, role: Role) -> AsyncIterator[aiohttp.ClientSession]:
    async with running(service, role) as url, aiohttp.ClientSession(base_url=url) as http:
        yield http


async def status(http: aiohttp.ClientSession, path: str) -> int:
    async with http.get(path) as response:
        return response.status


async def ready(http: aiohttp.ClientSession) -> None:
    await until_equal(lambda: status(http, "/readyz"), lambda found: found == 200)


async def sent(http: aiohttp.ClientSession, signer: TokenSigner) -> str:
    async with http.post("/v1/parcels", json={}, headers=signer.headers(principal())) as response:
        assert response.status == 201
        identifier: str = (await response.json())["id"]
        return identifier


class TestServe:
    async def test_answers_and_leaves_the_events_in_the_outbox(self, post: Post, signer: TokenSigner) -> None:
        async with visiting(post.assembled(), "serve") as http:
            assert await status(http, "/readyz") == 200
            await sent(http, signer)
        assert await post.foundation.database.outbox.count_documents({"due_at": {"$exists": True}}) == 1

    async def test_needs_no_broker(self, post: Post, signer: TokenSigner) -> None:
        async with visiting(with_broker(post, "amqp://127.0.0.1:9/"), "serve") as http:
            assert await status(http, "/readyz") == 200


class TestWork:
    async def test_answers_health_and_metrics_and_nothing_else(
        self, post: Post, signer: TokenSigner, channel: AbstractChannel
    ) -> None:
        async with visiting(post.assembled(), "work") as http:
            assert [await status(http, path) for path in ("/healthz", "/metrics")] == [200, 200]
            async with http.post("/v1/parcels", json={}, headers=signer.headers(principal())) as response:
                assert response.status == 404

    async def test_is_not_ready_until_it_consumes(
        self, post: Post, settings: Settings, channel: AbstractChannel
    ) -> None:
        async with proxied(settings.amqp_url.get_secret_value()) as (proxy, url):
            await proxy.cut()
            service = with_broker(post, url)
            async with visiting(service, "work") as http:
                assert [await status(http, path) for path in ("/healthz", "/readyz")] == [200, 503]
                await proxy.restore()
                await ready(http)
                await proxy.cut()
                await until_equal(lambda: status(http, "/readyz"), lambda found: found == 503)
                await proxy.restore()
                await ready(http)

    async def test_carries_what_another_process_committed(
        self, post: Post, signer: TokenSigner, channel: AbstractChannel, settings_for: SettingsFor
    ) -> None:
        serving = Post(post.foundation.settings, signer.keys)
        async with (
            visiting(serving.assembled(), "serve") as http,
            visiting(post.assembled(), "work") as worker,
        ):
            await ready(worker)
            parcel = await sent(http, signer)
            await until(lambda: post.delivered == [parcel])
        assert serving.delivered == []


def with_settings(post: Post, **changes: Any) -> Service:
    """The service with other settings, on the same database."""
    post.foundation = replace(post.foundation, settings=post.foundation.settings.model_copy(update=changes))
    return post.assembled()


def with_broker(post: Post, url: str) -> Service:
    return with_settings(post, amqp_url=SecretStr(url))


class TestAll:
    async def test_carries_an_event_from_the_request_to_the_handler(
        self, post: Post, signer: TokenSigner, channel: AbstractChannel
    ) -> None:
        async with visiting(post.assembled(), "all") as http:
            await ready(http)
            parcel = await sent(http, signer)
            await until(lambda: post.delivered == [parcel])

    async def test_keeps_one_trace_from_the_request_to_the_handler(
        self, post: Post, signer: TokenSigner, channel: AbstractChannel, spans: InMemorySpanExporter
    ) -> None:
        async with visiting(post.assembled(), "all") as http:
            await ready(http)
            await sent(http, signer)
            await until(lambda: len(post.delivered) == 1)
        of_trace = [
            span
            for span in spans.get_finished_spans()
            if span.context and f"{span.context.trace_id:032x}" == post.traces[0]
        ]
        assert [span.name for span in sorted(of_trace, key=lambda span: span.start_time or 0)] == [
            "POST /v1/parcels",
            "send post.parcel.sent.v1",
            "process post.parcel.sent.v1",
        ]
        parents = {span.context.span_id: span.parent and span.parent.span_id for span in of_trace if span.context}
        assert sum(parent is None for parent in parents.values()) == 1
        assert all(parent in parents for parent in parents.values() if parent)

    async def test_ends_when_a_duty_fails(self, post: Post, channel: AbstractChannel) -> None:
        async def duty() -> None:
            raise LookupError("a bug")

        with pytest.raises(BaseExceptionGroup) as caught:
            async with visiting(post.assembled(duties=[duty]), "all"):
                await asyncio.sleep(10)
        assert caught.value.subgroup(LookupError)


@asynccontextmanager
async def signalled(service: Service, role: Role) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(run_until_signalled(service, role))
    loop = asyncio.get_running_loop()
    try:
        yield task
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class TestSigterm:
    async def test_finishes_the_message_in_hand(
        self, post: Post, signer: TokenSigner, channel: AbstractChannel
    ) -> None:
        service = post.assembled()
        post.hold.clear()
        async with signalled(service, "all") as task:
            await until(lambda: post.foundation.health.ready("consumer"))
            await sent_to(post)
            await until(lambda: post.begun == ["a"])
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.2)
            assert not task.done()
            post.hold.set()
            await asyncio.wait_for(task, 30)
        assert post.delivered == ["a"]

    async def test_finishes_the_request_in_hand_and_refuses_new_ones(
        self, post: Post, settings: Settings, free_port: int, channel: AbstractChannel
    ) -> None:
        service = with_settings(post, port=free_port)
        async with signalled(service, "all") as task, aiohttp.ClientSession() as http:
            url = f"http://127.0.0.1:{free_port}"
            await until(lambda: post.foundation.health.ready("consumer"))
            answer = asyncio.create_task(body_of(http, f"{url}/v1/slow"))
            await asyncio.wait_for(post.slow.wait(), 30)
            os.kill(os.getpid(), signal.SIGTERM)
            assert await answer == {"answer": "slow"}
            await asyncio.wait_for(task, 30)
            with pytest.raises(aiohttp.ClientConnectorError):
                await body_of(http, f"{url}/healthz")

    async def test_takes_no_new_request_while_a_message_is_finished(
        self, post: Post, free_port: int, channel: AbstractChannel
    ) -> None:
        service = with_settings(post, port=free_port)
        post.hold.clear()
        async with signalled(service, "all") as task, aiohttp.ClientSession() as http:
            await until(lambda: post.foundation.health.ready("consumer"))
            await sent_to(post)
            await until(lambda: post.begun == ["a"])
            os.kill(os.getpid(), signal.SIGTERM)

            async def refused() -> bool:
                try:
                    await body_of(http, f"http://127.0.0.1:{free_port}/healthz")
                except aiohttp.ClientConnectorError:
                    return True
                except aiohttp.ClientError:  # it went while it was asked
                    pass
                return False

            await until_equal(refused, bool)
            assert not task.done()
            post.hold.set()
            await asyncio.wait_for(task, 30)

    @pytest.mark.parametrize("role", ["serve", "work", "all"])
    async def test_is_heeded_while_the_database_is_waited_for(
        self, settings: Settings, signer: TokenSigner, role: Role
    ) -> None:
        away = settings.model_copy(update={"mongo_url": SecretStr("mongodb://127.0.0.1:9/?directConnection=true")})
        post = Post(away, signer.keys)
        async with signalled(post.assembled(), role) as task:
            await asyncio.sleep(0.3)
            os.kill(os.getpid(), signal.SIGTERM)
            started = monotonic()
            await asyncio.wait_for(task, 30)
            assert monotonic() - started < 4, "the driver looks for a server for five seconds"

    async def test_is_heeded_while_the_broker_is_waited_for(self, post: Post) -> None:
        service = with_broker(post, "amqp://guest:guest@127.0.0.1:9/")
        async with signalled(service, "all") as task:
            await asyncio.sleep(0.5)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(task, 15)


async def body_of(http: aiohttp.ClientSession, url: str) -> object:
    async with http.get(url) as response:
        return await response.json()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def sent_to(post: Post) -> None:
    """Commit an event that the service's own handler gets."""

    async def work(transaction: Transaction) -> None:
        transaction.publish(ParcelSent(parcel_id="a"), seq=1)

    await post.foundation.uow.run(work)


class TestMain:
    @pytest.mark.parametrize("argument", ["help", "Serve", ""])
    def test_tells_the_roles_where_one_is_not_known(self, argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["post", argument])
        with pytest.raises(SystemExit, match=r"serve\|work\|all"):
            main("post", Settings, lambda _: pytest.fail("nothing is built"))

    def test_names_the_setting_that_is_missing_and_prints_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["post", "serve"])
        for name in ("LONTAR_JWKS_URL", "LONTAR_AMQP_URL", "LONTAR_POST_AMQP_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LONTAR_MONGO_URL", "mongodb://post:hunter2@127.0.0.1/")
        with pytest.raises(SystemExit, match="amqp_url") as caught:
            main("post", Settings, lambda _: pytest.fail("nothing is built"))
        assert "hunter2" not in str(caught.value)
