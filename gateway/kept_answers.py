"""A request that may be answered from what is kept. Invariant: kept or asked for, the client sees the same answer."""

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send

from gateway.caching import Cache, Key, Stored, bypassed, lifetime
from gateway.headers import Fields, first

Ask = Callable[[Fields], Awaitable[None]]
"""Sends the request with these further fields, and its answer through what ``sent_through`` says."""
NOT_WITHOUT_BODY = frozenset({b"content-type", b"content-encoding", b"content-language"})


class Shared:
    """One request for what others may ask for as well."""

    def __init__(self, cache: Cache, key: Key, headers: Fields, method: str) -> None:
        self._cache, self._key, self._headers, self._method = cache, key, headers, method
        self._stored: Stored | None = None
        self._confirmed = False
        self._bypassed = bypassed(headers)

    async def answer(self, ask: Ask, seconds: float, *, together: bool) -> tuple[int, Fields, bytes] | None:
        """What is kept, or None where the answer has come by asking.

        ``together``: whoever asks for the same waits, up to ``seconds``, for the one that is asking.
        """
        if self._bypassed:
            await ask([])
            return None
        stored = self._find()
        if (stored is None or not self._cache.fresh(stored)) and await self._cache.wait_for_another(self._key, seconds):
            stored = self._find()
        if stored is not None and self._cache.fresh(stored):
            return self._handed_out(stored)
        if self._method != "GET" or not (together or stored is not None):
            await ask([])
            return None
        flight = self._cache.takes_off(self._key)
        try:
            return await self._ask_anew(ask, stored)
        finally:
            self._cache.landed(self._key, flight)

    def sent_through(self, status: int, headers: Fields, send: Send) -> Send:
        """What an answer that begins so is sent through: it is copied, or goes no further, or nothing is done."""
        if self._stored is not None and status == 304:
            self._cache.confirm(self._stored, headers)
            self._confirmed = True
            return _swallowed
        if status == 200 and self._method == "GET" and not self._bypassed and lifetime(headers) is not None:
            return _Copying(self, headers, send)
        return send

    def keep(self, answer: Fields, body: bytes) -> None:
        """Keep it for the next one."""
        self._cache.keep(self._key, self._headers, answer, body)

    @property
    def largest(self) -> int:
        """How long an answer may be to be kept."""
        return self._cache.largest

    def _find(self) -> Stored | None:
        return self._cache.find(self._key, self._headers)

    async def _ask_anew(self, ask: Ask, stored: Stored | None) -> tuple[int, Fields, bytes] | None:
        conditional = first(self._headers, b"if-none-match") or first(self._headers, b"if-modified-since")
        if stored is None or stored.mark is None or conditional:
            await ask([])
            return None
        self._stored = stored
        await ask([(b"if-none-match", stored.mark)])
        return self._handed_out(stored) if self._confirmed else None

    def _handed_out(self, stored: Stored) -> tuple[int, Fields, bytes]:
        headers = self._cache.fields(stored)
        asked = first(self._headers, b"if-none-match")
        if asked is not None and stored.same(asked):
            return 304, [field for field in headers if field[0] not in NOT_WITHOUT_BODY], b""
        headers.append((b"content-length", str(len(stored.body)).encode("ascii")))
        return 200, headers, b"" if self._method == "HEAD" else stored.body


async def _swallowed(message: Message) -> None:
    """A 304 that only the gateway has asked for."""


class _Copying:
    """Passes an answer on and keeps a copy, if it comes to its end and is not too long."""

    def __init__(self, shared: Shared, headers: Fields, send: Send) -> None:
        self._shared, self._headers, self._send = shared, list(headers), send
        self._pieces: list[bytes] = []
        self._room = shared.largest

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.body" and self._room >= 0:
            piece: bytes = message.get("body", b"")
            self._pieces.append(piece)
            self._room -= len(piece)
            if self._room < 0:
                self._pieces.clear()
            elif not message.get("more_body", False):
                self._shared.keep(self._headers, b"".join(self._pieces))
        await self._send(message)
