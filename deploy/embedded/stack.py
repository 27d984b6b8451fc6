"""The embedded stack as a library: what ``lontar up``, the demo, the bench and the tests start.

    async with EmbeddedStack("var/test") as stack:
        await stack.start_infrastructure()
        await stack.start_services()
        await stack.wait_ready()

Invariants: one stack per var folder; addresses are known and fixed from entering the block on, whatever is restarted;
leaving the block stops the gateway, then the services, then the infrastructure, and leaves no process behind.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from pydantic import ValidationError

from deploy.embedded.definitions import OPERATOR
from deploy.embedded.environment import EXTERNAL, Addresses, is_external
from deploy.embedded.layout import Layout
from deploy.embedded.mongo import Database
from deploy.embedded.ports import PortBook
from deploy.embedded.process import Child, StartFailed
from deploy.embedded.programs import GATEWAY, OPERATIONS, SERVICES, Program, program_name
from deploy.embedded.rabbitmq import RabbitMq
from deploy.embedded.s3 import ObjectStore
from deploy.embedded.secrets import KEY_RING, SecretStore
from deploy.embedded.state import Lock, PartState, StackState, forget_state, write_state
from deploy.topology import declare
from services.chassis.clock import now
from services.chassis.storage import S3Storage, StorageSettings, StorageUnavailable


class Part(Protocol):
    """Anything the stack starts and stops."""

    name: str
    port: int

    @property
    def children(self) -> list[Child]: ...
    @property
    def software(self) -> str: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def kill(self, sig: signal.Signals, *, restart: bool = True) -> None: ...


class EmbeddedStack:
    """RabbitMQ, the database, the object store, the services and the gateway on one machine."""

    def __init__(
        self,
        var_dir: Path | str,
        *,
        services: Sequence[str] = SERVICES,
        gateway: bool = True,
        roles: Mapping[str, Sequence[str]] | None = None,
        gateway_port: int | None = None,
        extra_environment: Mapping[str, Mapping[str, str]] | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.layout = Layout(Path(var_dir).resolve())
        self._services, self._with_gateway = tuple(services), gateway
        self._roles = {name: tuple((roles or {}).get(name, ("all",))) for name in services}
        self._wanted_port = gateway_port
        self._extra = extra_environment or {}
        self._tell = report
        self._lock = Lock(self.layout)
        self._infrastructure: dict[str, Part] = {}
        self._programs: dict[str, Program] = {}
        self._addresses: Addresses | None = None
        self._started_at = ""

    async def __aenter__(self) -> Self:
        self.layout.create()
        self._lock.take()
        try:
            forget_state(self.layout)
            self._prepare()
        except BaseException:
            self._lock.release()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        finally:
            forget_state(self.layout)
            self._lock.release()

    # ------------------------------------------------------------------------------------- addresses

    @property
    def addresses(self) -> Addresses:
        """Every address of the stack."""
        if self._addresses is None:
            raise RuntimeError("The stack has no addresses yet: enter it with `async with` first.")
        return self._addresses

    @property
    def base_url(self) -> str:
        """The gateway's URL."""
        return self.addresses.base_url

    @property
    def admin_password(self) -> str:
        """The password of the first account, ``admin``."""
        return self.addresses.admin_password.read_text(encoding="utf-8")

    def environment(self, program: str) -> dict[str, str]:
        """The variables a program is told: a service, ``gateway``, or ``operator`` (reads everything)."""
        return {**self.addresses.of(program), **self._extra.get(program, {})}

    @property
    def parts(self) -> list[str]:
        """The names of everything this stack starts, in the order of starting."""
        return [*self._infrastructure, *self._programs]

    # ---------------------------------------------------------------------------------------- acting

    async def start_infrastructure(self) -> None:
        """Start broker, database and object store side by side; raises StartFailed.

        Every queue is declared and the bucket made, on servers of others too: what is published before its reader
        first runs is kept for it, and the first scan has a place.
        """
        await self._start_all(list(self._infrastructure.values()))
        operator = self.environment(OPERATOR)
        await declare(operator["LONTAR_OPERATOR_AMQP_URL"])
        if self.addresses.objects is None:
            await _ensure_bucket(operator)

    async def start_services(self, *names: str) -> None:
        """Start the services and the gateway (or those named) side by side; they may still wait for the broker."""
        wanted = names or tuple(self._programs)
        await self._start_all([self._programs[name] for name in wanted])

    async def wait_ready(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 - says which one was not ready
        """Wait until every program started says it is ready; raises StartFailed naming those that are not."""
        deadline = monotonic() + timeout
        waiting = [p for p in self._programs.values() if p.children]
        while waiting:
            answers = await asyncio.gather(*(program.ready() for program in waiting))
            waiting = [p for p, is_ready in zip(waiting, answers, strict=True) if not is_ready]
            if waiting and monotonic() > deadline:
                names = ", ".join(program.name for program in waiting)
                raise StartFailed(f"Not ready after {timeout:.0f} s: {names}; see the logs in {self.layout.log}")
            await asyncio.sleep(0.05 if waiting else 0)

    async def start_part(self, name: str) -> None:
        """Start one part that is down."""
        await self._start_all([self._part(name)])

    async def stop_part(self, name: str) -> None:
        """Stop one part in order; it stays down until started again."""
        await self._part(name).stop()
        self._write_state()

    async def kill_part(self, name: str, sig: signal.Signals = signal.SIGKILL, *, restart: bool = True) -> None:
        """Send a signal to one part's process; the supervisor brings it back unless ``restart`` is False."""
        await self._part(name).kill(sig, restart=restart)

    async def stop(self) -> None:
        """Stop everything: the gateway, the services, the infrastructure."""
        gateway = [p for p in self._programs.values() if p.service == GATEWAY]
        services = [p for p in self._programs.values() if p.service != GATEWAY]
        for group in (gateway, services, list(self._infrastructure.values())):
            await asyncio.gather(*(part.stop() for part in group))

    def abandon(self) -> None:
        """Kill everything at once, without draining: what a second Ctrl-C asks for. Data survive it."""
        for part in (*self._programs.values(), *self._infrastructure.values()):
            for child in part.children:
                child.abandon()

    def status(self) -> list[PartState]:
        """Every part with its processes."""
        return [self._state_of(part) for part in (*self._infrastructure.values(), *self._programs.values())]

    # ------------------------------------------------------------------------------------- preparing

    def _prepare(self) -> None:
        ports = PortBook(self.layout.run / "ports.json")
        secrets = SecretStore(self.layout.secrets)
        preferred = self._wanted_port or int(os.environ.get("LONTAR_GATEWAY_PORT") or 0) or None
        gateway_port = ports.claim(GATEWAY, preferred=preferred)
        given = (self.layout, ports, secrets, self._report)
        database = None if is_external("mongodb") else Database(*given)
        broker = None if is_external("rabbitmq") else RabbitMq(*given)
        objects = None if is_external("s3") else ObjectStore(*given)
        self._infrastructure = {part.name: part for part in (database, broker, objects) if part is not None}
        first_port = {name: ports.claim(name) for name in SERVICES}
        self._addresses = Addresses(
            database,
            broker,
            objects,
            first_port,
            gateway_port,
            ports.claim(OPERATIONS),
            secrets.key_ring(KEY_RING, "gateway-signing-key.pem"),
            secrets.sealing_key("gateway-sealing-key"),
            secrets.spoken_password("admin-password"),
        )
        self._prepare_programs(ports)
        self._started_at = now().isoformat()

    def _prepare_programs(self, ports: PortBook) -> None:
        for service in self._services:
            for position, role in enumerate(self._roles[service]):
                environment = self.environment(service)
                port = self.addresses.service_ports[service]
                if position:  # the first role named answers the gateway; the others have a port for health alone
                    port = ports.claim(program_name(service, role))
                    environment[f"LONTAR_{service.upper()}_PORT"] = str(port)
                self._add(service, role, environment, port)
        if self._with_gateway:
            port, told_at = self.addresses.gateway_port, self.addresses.operations_port
            self._add(GATEWAY, None, self.environment(GATEWAY), port, told_at)

    def _add(
        self, service: str, role: str | None, environment: dict[str, str], port: int, health_port: int | None = None
    ) -> None:
        program = Program(service, role, environment, port, self.layout.log, self._report, health_port=health_port)
        self._programs[program.name] = program

    # -------------------------------------------------------------------------------------- internal

    def _part(self, name: str) -> Part:
        found = self._infrastructure.get(name) or self._programs.get(name)
        if found is None:
            raise KeyError(f"{name} is not a part of this stack; it has {', '.join(self.parts)}")
        return found

    async def _start_all(self, parts: Sequence[Part]) -> None:
        results = await asyncio.gather(*(part.start() for part in parts), return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        self._write_state()
        if failures:
            raise failures[0]

    def _report(self, line: str) -> None:
        self._tell(line)
        self._write_state()  # process ids and restart counts have changed

    def _state_of(self, part: Part) -> PartState:
        pids = [child.pid for child in part.children if child.pid is not None]
        restarts = sum(child.restarts for child in part.children)
        log = str(self.layout.log / f"{part.name}.log")
        told_at = part.health_port if isinstance(part, Program) else None
        return PartState(part.name, part.software, part.port, pids, restarts, log, isinstance(part, Program), told_at)

    def _write_state(self) -> None:
        external = [part for part in EXTERNAL if is_external(part)]
        write_state(
            self.layout,
            StackState(
                os.getpid(),
                self._started_at,
                self.base_url,
                self.environment(OPERATOR),
                self.environment("routing"),
                self.status(),
                external,
                self.environment("intake"),
                self.environment("gateway"),
            ),
        )


async def _ensure_bucket(operator: Mapping[str, str]) -> None:
    """Make the bucket on a store that is not ours, where it is missing and we are allowed to."""
    prefix = "LONTAR_OPERATOR_S3_"
    given = {name.removeprefix(prefix).lower(): value for name, value in operator.items() if name.startswith(prefix)}
    try:
        await S3Storage(StorageSettings.model_validate(given)).ensure_bucket()
    except (StorageUnavailable, ValidationError) as error:
        raise StartFailed(f"The object store at LONTAR_S3_ENDPOINT cannot be used: {error}") from None
