"""Lontar's own programs as children: the five services and the gateway, with the environment each is told.

Invariant: a program learns everything from its environment and is told only what it needs; the object store's keys go
to those that keep files, each its own.
"""

import os
import signal
import sys
from pathlib import Path

from deploy.embedded import health
from deploy.embedded.layout import ROOT, searched_path
from deploy.embedded.process import Child, ChildSpec, Report

SERVICES = ("intake", "routing", "disposition", "schedule", "notify")
GATEWAY = "gateway"
OPERATIONS = "gateway.operations"
"""The port where the gateway tells how it is: its own is open to strangers."""
STOP_GRACE = 27.0
"""A service may drain for 20 s and take some more to close; then it is killed."""


class Program:
    """One process of a service in one role, or the gateway."""

    def __init__(
        self,
        service: str,
        role: str | None,
        environment: dict[str, str],
        port: int,
        log: Path,
        report: Report,
        *,
        health_port: int | None = None,
    ) -> None:
        self.service, self.port = service, port
        self.health_port = health_port or port
        self.name = program_name(service, role)
        self._spec = ChildSpec(
            self.name,
            self._argv(service, role),
            log / f"{self.name}.log",
            self._alive,
            {**os.environ, "PATH": searched_path(), **environment, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            start_timeout=60,
            stop_grace=STOP_GRACE,
        )
        self._report = report
        self._child: Child | None = None

    @property
    def children(self) -> list[Child]:
        """Its one process."""
        return [self._child] if self._child else []

    @property
    def software(self) -> str:
        """What it is."""
        return "Lontar"

    async def start(self) -> None:
        """Start and wait until it answers at all; being ready is asked for apart, it may wait for the broker."""
        self._child = Child(self._spec, self._report)
        await self._child.start()

    async def stop(self) -> None:
        """Let it drain, then end it."""
        if self._child is not None:
            await self._child.stop()

    async def kill(self, sig: signal.Signals, *, restart: bool = True) -> None:
        """Send it a signal."""
        if self._child is not None:
            await self._child.kill(sig, restart=restart)

    async def ready(self) -> bool:
        """Whether it says that it is ready for work."""
        return await health.http_status(self.health_port, "/readyz") == 200

    async def _alive(self) -> bool:
        return await health.http_status(self.health_port, "/healthz") == 200

    @staticmethod
    def _argv(service: str, role: str | None) -> list[str]:
        module = service if service == GATEWAY else f"services.{service}"
        return [sys.executable, "-m", module, *([role] if role else [])]


def program_name(service: str, role: str | None) -> str:
    """``intake`` where one process does everything, else ``intake.serve``, ``intake.work``."""
    return service if role in (None, "all") else f"{service}.{role}"
