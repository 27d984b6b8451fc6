"""The services behind the gateway. Invariant: one pool a process, and no idle connection outlives its server's end.

An idle connection is dropped after three seconds, before the service would close it after five: a request is not sent
into a connection that is just being closed. Requests without a body are repeated once when that happens all the same.
"""

from collections.abc import Mapping
from types import MappingProxyType

import aiohttp

from gateway.settings import GatewaySettings

KEEP_ALIVE_SECONDS = 3.0
NAMES = ("intake", "routing", "disposition", "schedule", "notify")
NOT_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""What the client did not say, the gateway does not say for it."""


class Upstreams:
    """Base URLs and the client that reaches them; the client is opened when first used, inside the event loop."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.urls: Mapping[str, str] = MappingProxyType({name: settings.upstream(name) for name in NAMES})
        self._timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=settings.connect_timeout_seconds, sock_read=settings.read_timeout_seconds
        )
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The one client: no cookies, no decoding, no limit on connections (streams hold theirs for minutes)."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                auto_decompress=False,
                skip_auto_headers=NOT_ADDED,
            )
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None
