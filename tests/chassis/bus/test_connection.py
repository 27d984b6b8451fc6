"""The supervised connection: whatever the broker does, the session is run again, and only faults of ours get out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from aio_pika.abc import AbstractConnection

from services.chassis.bus import connection as subject
from services.chassis.bus.connection import supervise
from services.chassis.bus.publisher import ConfirmingPublisher
from tests.chassis.bus.samples import outgoing, sealed
from tests.chassis.proxy import proxied
from tests.servers import Servers
from tests.waiting import until

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "BACKOFF_SECONDS", (0.01, 0.02, 0.05))


@asynccontextmanager
async def broker_that(talk: Talk) -> AsyncIterator[str]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"amqp://guest:guest@127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


@asynccontextmanager
async def supervised(url: str, session: subject.SessionWork) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(supervise(url, "test", session))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def never(connection: AbstractConnection) -> None:
    raise AssertionError("there is no broker to have a session with")


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def hang_up_after_hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(8)
    writer.close()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def speak_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(8)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    writer.close()


async def speak_another_version(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(8)
    writer.write(b"AMQP\x03\x01\x00\x00")
    await writer.drain()
    writer.close()


async def speak_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(8)
    writer.write(b"\x01\x00\x00\x00\x00\x00\x04abcd\xce" * 20)
    await writer.drain()
    writer.close()


class TestConnect:
    @pytest.mark.parametrize(
        "talk", [hang_up, hang_up_after_hello, reset, speak_http, speak_another_version, speak_garbage]
    )
    async def test_is_tried_again_whatever_answers_at_the_address(self, talk: Talk) -> None:
        answered = 0

        async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal answered
            answered += 1
            await talk(reader, writer)

        async with broker_that(counted) as url, supervised(url, never) as task:
            await until(lambda: answered >= 3 or task.done())
            assert not task.done(), task.exception()

    async def test_is_tried_again_when_nothing_answers(self) -> None:
        async with supervised("amqp://guest:guest@127.0.0.1:9/", never) as task:
            await asyncio.sleep(0.2)
            assert not task.done()

    async def test_is_tried_again_when_the_broker_refuses_the_name(self, servers: Servers) -> None:
        url = servers.amqp_url.replace("://", "://nobody:wrong@", 1).replace(
            "@" + servers.amqp_url.split("://")[1].split("@")[0], ""
        )
        async with supervised(url, never) as task:
            await asyncio.sleep(0.3)
            assert not task.done()

    async def test_backs_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(subject, "BACKOFF_SECONDS", (0.05, 1.0))
        at: list[float] = []

        async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            at.append(monotonic())
            writer.close()

        async with broker_that(note) as url, supervised(url, never):
            await until(lambda: len(at) >= 4)
        assert at[1] - at[0] < 0.95
        assert at[3] - at[2] >= 0.95

    async def test_does_not_hold_up_a_stop(self) -> None:
        async def stay_silent(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        stopping = asyncio.Event()
        async with broker_that(stay_silent) as url:
            task = asyncio.create_task(supervise(url, "test", never, stopping))
            await asyncio.sleep(0.1)
            stopping.set()
            await asyncio.wait_for(task, 15)

    async def test_a_pause_between_attempts_does_not_hold_up_a_stop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(subject, "BACKOFF_SECONDS", (30.0,))
        stopping = asyncio.Event()
        task = asyncio.create_task(supervise("amqp://guest:guest@127.0.0.1:9/", "test", never, stopping))
        await asyncio.sleep(0.1)
        stopping.set()
        await asyncio.wait_for(task, 15)


class TestSession:
    async def test_that_returns_ends_the_supervision(self, servers: Servers) -> None:
        async def session(connection: AbstractConnection) -> None:
            await connection.channel()

        await asyncio.wait_for(supervise(servers.amqp_url, "test", session), 30)

    async def test_that_meets_a_fault_of_ours_raises_it(self, servers: Servers) -> None:
        async def session(_: AbstractConnection) -> None:
            raise LookupError("a bug")

        with pytest.raises(LookupError):
            await asyncio.wait_for(supervise(servers.amqp_url, "test", session), 30)

    async def test_runs_again_after_the_connection_was_lost(self, servers: Servers) -> None:
        sessions = 0

        async def session(_: AbstractConnection) -> None:
            nonlocal sessions
            sessions += 1
            await asyncio.sleep(30)

        async with proxied(servers.amqp_url) as (proxy, url), supervised(url, session) as task:
            for number in range(1, 4):
                await until(lambda number=number: sessions == number)  # type: ignore[misc]
                proxy.reset()
            await until(lambda: sessions == 4)
            assert not task.done()

    async def test_runs_again_after_a_channel_was_closed_under_it(self, servers: Servers) -> None:
        sessions = 0

        async def session(connection: AbstractConnection) -> None:
            nonlocal sessions
            sessions += 1
            channel = await connection.channel()
            await channel.close()
            await channel.declare_queue("nowhere", passive=True)

        async with supervised(servers.amqp_url, session) as task:
            await until(lambda: sessions >= 3 or task.done())
            assert not task.done(), task.exception()

    async def test_runs_again_when_what_it_waited_on_was_cancelled_by_the_driver(self, servers: Servers) -> None:
        sessions = 0

        async def session(_: AbstractConnection) -> None:
            nonlocal sessions
            sessions += 1
            raise asyncio.CancelledError

        async with supervised(servers.amqp_url, session) as task:
            await until(lambda: sessions >= 3 or task.done())
            assert not task.done()

    async def test_runs_again_whatever_the_driver_raises_as_the_connection_goes(self, servers: Servers) -> None:
        sessions = 0

        async def session(connection: AbstractConnection) -> None:
            nonlocal sessions
            sessions += 1
            proxy.reset()
            await asyncio.sleep(0)
            raise RuntimeError("closed")

        async with proxied(servers.amqp_url) as (proxy, url), supervised(url, session) as task:
            await until(lambda: sessions >= 3 or task.done())
            assert not task.done(), task.exception()

    async def test_recovers_from_a_cut_at_any_moment_of_publishing(self, servers: Servers) -> None:
        sessions, confirmed = 0, 0

        async def session(connection: AbstractConnection) -> None:
            nonlocal sessions, confirmed
            sessions += 1
            publisher = await ConfirmingPublisher.open(connection)
            while True:
                await publisher.publish([outgoing(sealed("nobody's")) for _ in range(50)])
                confirmed += 50

        async with proxied(servers.amqp_url) as (proxy, url), supervised(url, session) as task:
            for number in range(25):
                await asyncio.sleep(0.004 * (number % 12))
                proxy.reset()
            seen = confirmed
            await until(lambda: confirmed > seen or task.done())
            assert not task.done(), task.exception()
        assert sessions > 1

    async def test_that_ends_at_once_again_and_again_is_backed_off_from(
        self, servers: Servers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subject, "BACKOFF_SECONDS", (0.01, 0.3))
        at: list[float] = []

        async def session(_: AbstractConnection) -> None:
            at.append(monotonic())
            raise ConnectionError("the queue cannot be declared")

        async with supervised(servers.amqp_url, session):
            await until(lambda: len(at) >= 3)
        assert at[2] - at[1] >= 0.3

    async def test_is_cancelled_with_its_supervision(self, servers: Servers) -> None:
        running, cancelled = asyncio.Event(), asyncio.Event()

        async def session(_: AbstractConnection) -> None:
            running.set()
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                cancelled.set()
                raise

        async with supervised(servers.amqp_url, session) as task:
            await running.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert cancelled.is_set()
