"""Running a service. Invariant: on SIGTERM it stops taking work, finishes what it holds, and leaves within 25 s.

Roles: ``serve`` answers HTTP, ``work`` consumes and relays, ``all`` does both in one process for a small machine. A
worker answers HTTP too, for health, readiness and metrics only.
"""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Literal, TypeAlias, TypeVar, cast, get_args

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import ASGIApp

from services.chassis.bus.depths import measure_queues
from services.chassis.http import create_app
from services.chassis.outbox import Outbox
from services.chassis.service import Duty, Service
from services.chassis.settings import KEEP_ALIVE_SECONDS, Settings
from services.chassis.telemetry import configure_logging, configure_tracing
from services.chassis.wakeup import measure_backlog, wake_on_commits
from services.chassis.wire import BoundedHttp

log = logging.getLogger(__name__)
Role = Literal["serve", "work", "all"]
GRACE_SECONDS = 20
PREPARED = "indexes"
COLLECTED_AFTER = 10_000
"""Objects. Left to itself Python looks for circles after seven hundred, some ten times for every letter."""
Tasks: TypeAlias = "list[asyncio.Task[None]]"
S = TypeVar("S", bound=Settings)


class _Server(uvicorn.Server):
    """Signals are the runner's business, not the HTTP server's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Serve ``app`` for the length of the block; gives the base URL (port 0 means any free one)."""
    async with _listening(app, host, port, KEEP_ALIVE_SECONDS) as door:
        yield door.url


class _OpenDoor:
    """A running HTTP server."""

    def __init__(self, app: ASGIApp, server: _Server, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        self.url = f"http://{host}:{port}"
        self.closed: asyncio.Task[None] = asyncio.create_task(server.serve(sockets=[listener]))
        self._app, self._server = app, server

    def close(self) -> None:
        """Take no new connection; requests in hand are finished, and streams without an end are told to end."""
        self._server.should_exit = True
        if stopping := getattr(getattr(self._app, "state", None), "stopping", None):
            stopping.set()

    async def opened(self) -> None:
        """Return when requests are answered."""
        while not self._server.started and not self.closed.done():  # noqa: ASYNC110 - it offers no event to wait for
            await asyncio.sleep(0.01)
        if self.closed.done():
            await self.closed


@asynccontextmanager
async def _listening(
    app: ASGIApp, host: str, port: int, keep_alive_seconds: int, trusted_proxies: str = ""
) -> AsyncIterator[_OpenDoor]:
    config = uvicorn.Config(
        app,
        loop="none",
        interface="asgi3",
        http=BoundedHttp,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        # Left to itself uvicorn believes whoever comes over loopback about the address they come from.
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=1024,
    )
    listener = socket.create_server((host, port), backlog=1024)
    door = _OpenDoor(app, _Server(config), listener)
    try:
        await door.opened()
        yield door
    finally:
        door.close()
        await door.closed
        listener.close()


@asynccontextmanager
async def running(service: Service, role: Role) -> AsyncIterator[str]:
    """Run ``service`` in ``role`` for the length of the block; gives the base URL. A duty that fails ends the block."""
    settings = service.foundation.settings
    works = role in ("work", "all")
    health = service.foundation.health
    if not works:
        health.forget_reports()
    health.expect(PREPARED)
    app = service.served if role in ("serve", "all") else operations_app(service)
    where = (settings.host, settings.port, settings.keep_alive_seconds, settings.trusted_proxies)
    async with _listening(app, *where) as door, _telling(service):
        await service.prepare()
        health.report(PREPARED, True)
        if not works and not service.attendants:
            yield door.url
            return
        async with asyncio.TaskGroup() as group:
            url_of_broker = settings.amqp_url.get_secret_value()
            start = group.create_task
            relay = [start(service.relay.run(url_of_broker))] if works and service.relay else []
            consumer = [start(service.consumer.run(url_of_broker))] if works and service.consumer else []
            duties = [start(duty()) for duty in _duties(service, role)]
            try:
                yield door.url
            finally:
                door.close()
                await _wind_down(service, door, relay, consumer, duties)


@asynccontextmanager
async def _telling(service: Service) -> AsyncIterator[None]:
    """Health and metrics on a port of their own, where the service wants that."""
    if service.operations is None:
        yield
        return
    async with _listening(
        operations_app(service), service.operations.host, service.operations.port, KEEP_ALIVE_SECONDS
    ) as door:
        log.info("%s tells how it is at %s", service.name, door.url)
        yield


def _duties(service: Service, role: Role) -> Iterator[Duty]:
    if role in ("serve", "all"):
        yield from service.attendants
    if role in ("work", "all"):
        yield from service.duties
        yield from _plumbing(service, role)


def _plumbing(service: Service, role: Role) -> Iterator[Duty]:
    database, wake = service.foundation.database, service.foundation.uow.committed
    if service.consumer:
        url = service.foundation.settings.amqp_url.get_secret_value()
        yield partial(measure_queues, service.name, url, database)
    if service.relay is None:
        return
    yield partial(measure_backlog, service.name, Outbox(database))
    if role == "work":  # in ``all`` the HTTP half of this very process wakes the relay
        yield partial(wake_on_commits, database, wake)


async def _wind_down(service: Service, door: _OpenDoor, relay: Tasks, consumer: Tasks, duties: Tasks) -> None:
    """Requests and messages first, so that what they commit last still finds the relay awake."""
    for duty in duties:
        duty.cancel()
    if service.consumer:
        service.consumer.stopping.set()
    await asyncio.wait([door.closed, *consumer], timeout=GRACE_SECONDS)
    if service.relay and relay:
        service.relay.stopping.set()
        await asyncio.wait(relay, timeout=5)
    for worker in (*relay, *consumer):
        worker.cancel()


def operations_app(service: Service) -> FastAPI:
    """What tells how the process is, and nothing else."""
    foundation = service.foundation
    return create_app(
        service=service.name,
        title=service.name,
        health=foundation.health,
        verifier=foundation.verifier,
        vitals=service.vitals,
    )


async def run_until_signalled(service: Service, role: Role) -> None:
    """Run until SIGTERM or SIGINT, which also end a start that still waits for the database."""
    stop, started, this = asyncio.Event(), False, asyncio.current_task()
    assert this is not None  # noqa: S101 - a coroutine runs in a task

    def on_signal() -> None:
        stop.set()
        if not started:
            this.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    try:
        async with running(service, role) as url:
            started = True
            _settle_down()
            log.info("%s runs as %s at %s", service.name, role, url)
            await stop.wait()
            log.info("%s is stopping", service.name)
    except asyncio.CancelledError:
        if started or not stop.is_set():
            raise
        log.info("%s is stopped before it had started", service.name)


def _settle_down() -> None:
    """What a process was built of stays until its end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


def main(name: str, settings_type: type[S], build: Callable[[S], Service]) -> None:
    """The program of a service: ``python -m services.<name> serve|work|all``."""
    role = sys.argv[1] if len(sys.argv) > 1 else "all"
    if role not in get_args(Role):
        raise SystemExit(f"usage: python -m services.{name} {'|'.join(get_args(Role))}")
    try:
        settings = settings_type.load(name)
    except (ValidationError, OSError) as error:
        raise SystemExit(f"{name}: the settings are incomplete: {error}") from None
    configure_logging(name, settings.log_level)
    configure_tracing(name)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_until_signalled(build(settings), cast(Role, role)))
