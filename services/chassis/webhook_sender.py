"""Bringing a webhook to its address. Invariant: nothing inside the house can be reached by naming it as a webhook.

Only HTTPS, no redirects, and only public addresses unless the installation allows others (OWASP, "Server Side Request
Forgery Prevention"). The address is judged where the connection is made, after the name was looked up, so a name that
changes its meaning between two look-ups gains nothing. What the receiver answers is not shown to anybody.
"""

import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from services.chassis.errors import unprocessable

LONGEST_URL = 500
NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A host whose last part is a number is no name (URL Standard, "ends in a number checker")."""
Failure = Literal["private_address", "unknown_host", "not_trusted", "unreachable", "too_slow", "refused"]


@dataclass(frozen=True)
class Delivery:
    """How it went: ``status`` None where nobody answered; ``failure`` None where a receiver took it."""

    status: int | None
    seconds: float
    failure: Failure | None


class PrivateAddress(OSError):
    """The name leads to an address that webhooks may not be brought to."""


def checked_url(text: str, *, private: bool) -> str:
    """``text`` as an address a webhook may have; 422 where it may not. Names are judged again at each delivery."""
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        raise _bad("Alamat webhook tidak dapat dibaca.") from None
    if url.scheme != "https" or not url.host or port is None or url.user or url.password or url.fragment:
        raise _bad("Alamat webhook harus berupa https:// tanpa nama pengguna dan tanpa tanda #.")
    if not private and not _public_literal(url.host):
        raise _bad("Alamat webhook tidak boleh berada di jaringan dalam.")
    return str(url)


class WebhookSender:
    """Posts to webhooks; the client is opened when first used, inside the event loop."""

    def __init__(self, *, seconds: float, private: bool = False, ca: str | None = None) -> None:
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._private = private
        self._ca = ca
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Delivery:
        """Bring it once; what goes wrong is told, never raised."""
        started, target = time.monotonic(), URL(url)
        if not self._private and not _public_literal(target.host or ""):
            return Delivery(None, 0.0, "private_address")
        status: int | None = None
        failure: Failure | None = None
        try:
            async with self._opened().post(target, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
                failure = None if 200 <= status < 300 else "refused"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            failure = _failure(error)
        return Delivery(status, time.monotonic() - started, failure)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            trusted = ssl.create_default_context()
            if self._ca:
                trusted.load_verify_locations(cadata=self._ca)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=None if self._private else _PublicOnly(), ssl=trusted, force_close=True, limit=20
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                skip_auto_headers=("User-Agent",),
                headers={"User-Agent": "Lontar-Webhook/1"},
                max_line_size=8190,
                max_field_size=8190,
            )
        return self._session


class _PublicOnly(AbstractResolver):
    """Looks names up and gives only addresses of the public network."""

    def __init__(self) -> None:
        self._names = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """One private address among several is enough to refuse: which one is taken is not ours to say."""
        found = await self._names.resolve(host, port, family)
        if not found or not all(is_public(one["host"]) for one in found):
            raise PrivateAddress(f"{host} does not lead to the public network")
        return found

    async def close(self) -> None:
        """Nothing is held."""


def is_public(address: str) -> bool:
    """Whether an address belongs to the public network, also where it wraps one of the older kind."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in NAT64:
            wrapped = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return parsed.is_global and not parsed.is_multicast


def _public_literal(host: str) -> bool:
    """False for an address written out that is not public, or in another form than the usual one (``127.1``,
    ``0x7f000001``); a name is judged when it is looked up.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return name != "localhost" and not _NUMBER.fullmatch(name.rpartition(".")[2])
    return is_public(host)


def _failure(error: BaseException) -> Failure:
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, PrivateAddress):
        return "private_address"
    if isinstance(error, TimeoutError):
        return "too_slow"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unknown_host"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "not_trusted"
    return "unreachable"


def _bad(detail: str) -> Exception:
    return unprocessable("bad_webhook_url", detail, field="url")
