"""Asking a provider. Invariant: an answer is bounded in time and size, and no redirect is followed."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

SECONDS = 10
LARGEST_BYTES = 512 * 1024


class ProviderAway(Exception):
    """It cannot be reached, or says itself that it cannot serve now."""


class ProviderWrong(Exception):
    """It answered what it must not, or what does not concern this sign-in. The text is for the log."""


@dataclass(frozen=True)
class Answer:
    """What it said."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in it."""
        try:
            said = orjson.loads(self.body)
        except ValueError:
            raise ProviderWrong("the answer is no JSON") from None
        if not isinstance(said, dict):
            raise ProviderWrong("the answer is no JSON object")
        return said


async def ask(
    url: str,
    tls: ssl.SSLContext | bool,
    *,
    form: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """GET, or POST of a form. Sign-ins are rare, so each question has a connection of its own."""
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.request(
                "GET" if form is None else "POST", url, data=form, headers=sent, ssl=tls, allow_redirects=False
            ) as response,
        ):
            answer = Answer(response.status, await _read(response))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ProviderAway(f"{type(error).__name__}") from None
    if answer.status >= 500 or answer.status == 429:
        raise ProviderAway(f"it answered {answer.status}")
    return answer


async def _read(response: aiohttp.ClientResponse) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > LARGEST_BYTES:
            raise ProviderWrong("the answer is too long")
        pieces.append(piece)
    return b"".join(pieces)
