"""A private RabbitMQ node. Invariant: nothing of it is shared with another node on this machine.

Node name, cookie, data, logs, configuration, plugins, distribution port and epmd are its own, all on loopback. epmd
runs as a supervised child in the foreground, and Erlang is told never to start one, so no daemon stays behind.
No plugin is enabled: the queues are read over AMQP.
"""

import asyncio
import os
import signal
from pathlib import Path

from deploy.embedded import health
from deploy.embedded.definitions import OPERATOR, PROGRAMS, VHOST, definitions
from deploy.embedded.layout import ROOT, Layout, private_folder, write_private
from deploy.embedded.ports import PortBook
from deploy.embedded.process import Child, ChildSpec, Report, StartFailed
from deploy.embedded.secrets import SecretStore

NODE = "lontar@localhost"
SCRIPT = Path("usr/lib/rabbitmq/bin/rabbitmq-server")
PREFIXES = (ROOT / "var" / "rabbitmq-dist", Path("/"))
"""Where set-up unpacks RabbitMQ without root, and where Debian's package puts it."""


def find_prefix() -> Path | None:
    """The root of the tree that holds RabbitMQ and Erlang, or None."""
    return next((p for p in PREFIXES if (p / SCRIPT).exists() and _erlang(p).is_dir()), None)


def _erlang(prefix: Path) -> Path:
    return prefix / "usr/lib/erlang"


class RabbitMq:
    """The broker and its epmd."""

    name = "rabbitmq"

    def __init__(self, layout: Layout, ports: PortBook, secrets: SecretStore, report: Report) -> None:
        self._layout, self._secrets, self._report = layout, secrets, report
        self.port = ports.claim("rabbitmq")
        self._dist_port = ports.claim("rabbitmq-dist")
        self._epmd_port = ports.claim("rabbitmq-epmd")
        self._home = layout.data / "rabbitmq"
        self._children: list[Child] = []

    @property
    def children(self) -> list[Child]:
        """Its processes, the broker last."""
        return self._children

    @property
    def software(self) -> str:
        """Product and version, read from the installed tree."""
        prefix = find_prefix() or Path("/")
        trees = sorted((prefix / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*"))
        return f"RabbitMQ {trees[-1].name.rpartition('-')[2]}" if trees else "RabbitMQ"

    def url(self, user: str) -> str:
        """The AMQP URL of one of the programs, or of ``operator``."""
        return f"amqp://{user}:{self._password(user)}@127.0.0.1:{self.port}/{VHOST}"

    async def start(self) -> None:
        """Start epmd, then the broker, and wait until it speaks AMQP."""
        prefix = find_prefix()
        if prefix is None:
            raise StartFailed("rabbitmq-server is not installed; run `make setup`, or set LONTAR_AMQP_URL.")
        self._configure()
        environment = self._environment(prefix)
        self._children = [Child(spec, self._report) for spec in self._specs(prefix, environment)]
        for child in self._children:
            await child.start()

    async def stop(self) -> None:
        """Stop the broker, then epmd."""
        for child in reversed(self._children):
            await child.stop()

    async def kill(self, sig: signal.Signals, *, restart: bool = True) -> None:
        """Send a signal to the broker."""
        if self._children:
            await self._children[-1].kill(sig, restart=restart)
            if not restart:
                await self.stop()

    def _specs(self, prefix: Path, environment: dict[str, str]) -> list[ChildSpec]:
        epmd = [str(_erlang(prefix) / "bin/epmd"), "-port", str(self._epmd_port), "-address", "127.0.0.1"]
        return [
            ChildSpec("rabbitmq-epmd", epmd, self._layout.log / "rabbitmq-epmd.log", self._epmd_up, environment),
            ChildSpec(
                "rabbitmq",
                [str((prefix / SCRIPT).resolve())],
                self._layout.log / "rabbitmq.log",
                self._broker_up,
                environment,
                cwd=self._home,
                start_timeout=120,
                stop_grace=10,
            ),
        ]

    async def _epmd_up(self) -> bool:
        return await health.accepts(self._epmd_port)

    async def _broker_up(self) -> bool:
        if await health.speaks_amqp(self.port):
            return True
        await asyncio.sleep(0.2)
        return False

    def _password(self, user: str) -> str:
        return self._secrets.password(f"rabbitmq-{user}")

    def _configure(self) -> None:
        private_folder(self._home)
        cookie = self._home / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, self._secrets.hex_key("rabbitmq-cookie"))
        cookie.chmod(0o400)
        passwords = {user: self._password(user) for user in (*PROGRAMS, OPERATOR)}
        loaded = self._secrets.file("rabbitmq-definitions.json", definitions(passwords))
        write_private(self._layout.run / "rabbitmq.conf", self._configuration(loaded))
        write_private(self._layout.run / "rabbitmq-plugins", "[].\n")
        write_private(self._layout.run / "rabbitmq-env.conf", "")

    def _configuration(self, loaded: Path) -> str:
        return "\n".join(
            (
                f"listeners.tcp.1 = 127.0.0.1:{self.port}",
                "listeners.ssl = none",
                f"load_definitions = {loaded}",
                "auth_mechanisms.1 = PLAIN",
                "log.file = false",
                "log.console = true",
                "log.console.level = info",
                "disk_free_limit.absolute = 200MB",
                "vm_memory_high_watermark.relative = 0.4",
                # The write-ahead log is also held in memory until it rolls over: keep it small on one machine.
                "raft.wal_max_size_bytes = 67108864",
                "",
            )
        )

    def _environment(self, prefix: Path) -> dict[str, str]:
        run = self._layout.run
        schedulers = min(os.cpu_count() or 1, 4)
        flags = f"+S {schedulers}:{schedulers} -kernel inet_dist_use_interface {{127,0,0,1}}"
        return {
            "PATH": f"{_erlang(prefix) / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(self._home),
            "LANG": "C.UTF-8",
            # The start script then becomes the Erlang machine itself instead of waiting for it in a shell.
            "RUNNING_UNDER_SYSTEMD": "1",
            "ERL_AFLAGS": "-start_epmd false",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(self._home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._layout.log),
            "RABBITMQ_PID_FILE": str(run / "rabbitmq.pid"),
            "RABBITMQ_CONFIG_FILE": str(run / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(run / "rabbitmq-advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(run / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(run / "rabbitmq-plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": flags,
        }
