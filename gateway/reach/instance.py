"""One process of a service: its address, the connections kept to it, and whether it is asked at all.

Invariant: no idle connection outlives its server's end. It is dropped after three seconds, before the service would
close it after five: a request is not sent into a connection that is just being closed.
"""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.reach.breaker import Breaker
from gateway.reach.connection import Connection
from gateway.reach.faults import ConnectFailed

KEEP_ALIVE_SECONDS = 3.0
SWEEP_SECONDS = 1.0


@dataclass(frozen=True)
class Address:
    """Where an instance is."""

    url: str
    host: str
    port: int
    tls: bool
    prefix: bytes
    """What its paths begin with, where it does not have a host of its own."""

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read a base URL; ValueError for what is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"not the base address of a service: {url}")
        tls = parts.scheme == "https"
        prefix = parts.path.rstrip("/").encode("ascii")
        return cls(url, parts.hostname, parts.port or (443 if tls else 80), tls, prefix)

    @property
    def host_field(self) -> bytes:
        """The Host field of requests to it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.tls else 80)
        return host.encode("idna" if host.isalpha() else "ascii") + (b"" if usual else b":%d" % self.port)


class Instance:
    """Gives connections to one address."""

    def __init__(self, address: Address, breaker: Breaker, connect_seconds: float) -> None:
        self.address, self.breaker = address, breaker
        self.host_field = address.host_field
        self._connect_seconds = connect_seconds
        self._tls = ssl.create_default_context() if address.tls else None
        self._idle: deque[Connection] = deque()
        self._sweeping: asyncio.TimerHandle | None = None

    def kept_one(self) -> Connection | None:
        """The connection that was used last of those that were kept."""
        while self._idle:
            kept = self._idle.pop()
            if kept.open:
                return kept
        return None

    async def connect(self) -> Connection:
        """A new connection; ConnectFailed where there is none to be had."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_seconds):
                name = self.address.host if self._tls else None
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), self.address.host, self.address.port, ssl=self._tls, server_hostname=name
                )
        except (OSError, TimeoutError) as error:
            raise ConnectFailed(f"{type(error).__name__}: {error}") from None
        return connection

    def put_back(self, connection: Connection, *, asked_whole: bool = True) -> None:
        """The exchange on it is over; keep it if it may carry another."""
        if not connection.finish(asked_whole=asked_whole):
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle.append(connection)
        if self._sweeping is None:
            self._sweeping = loop.call_later(SWEEP_SECONDS, self._sweep, loop)

    @property
    def kept(self) -> int:
        """How many idle connections there are."""
        return sum(connection.open for connection in self._idle)

    def close(self) -> None:
        """Hang up what is kept."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        while self._idle:
            self._idle.pop().abort()

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """The longest idle stand first."""
        before = loop.time() - KEEP_ALIVE_SECONDS
        while self._idle and (self._idle[0].idle_since < before or not self._idle[0].open):
            self._idle.popleft().abort()
        self._sweeping = loop.call_later(SWEEP_SECONDS, self._sweep, loop) if self._idle else None
