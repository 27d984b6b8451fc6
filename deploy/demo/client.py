"""A small client of the public API, as an OPD's app would have. Invariant: speaks to the gateway and nothing else.

Every refusal is raised as ``Refused`` with the problem document the server sent.
"""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

Json = dict[str, Any]


class Refused(Exception):
    """The server said no; ``problem`` is what it said."""

    def __init__(self, method: str, path: str, status: int, problem: Json) -> None:
        super().__init__(f"{method} {path}: {status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem


class Client:
    """One signed-in person."""

    def __init__(self, http: aiohttp.ClientSession, username: str) -> None:
        self._http = http
        self.username = username
        self._token = ""

    @classmethod
    @asynccontextmanager
    async def at(cls, base_url: str, username: str, password: str) -> AsyncIterator[Self]:
        """Sign in for the length of the block."""
        client = await cls.open(base_url, username)
        try:
            await client.sign_in(password)
            yield client
        finally:
            await client.close()

    @classmethod
    async def open(cls, base_url: str, username: str, **options: Any) -> Self:
        """Not yet signed in; the caller closes it. ``options`` are the HTTP session's."""
        timeout = aiohttp.ClientTimeout(total=60)
        return cls(aiohttp.ClientSession(base_url=base_url, timeout=timeout, **options), username)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def sign_in(self, password: str) -> None:
        """Get a token; call again to renew it, as after new assignments."""
        answer = await self.post("/v1/auth/token", {"username": self.username, "password": password})
        self._token = answer["access_token"]

    async def get(self, path: str, **query: str) -> Json:
        """The JSON at ``path``."""
        return await self._json("GET", path, params=query)

    async def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        """Post JSON; ``key`` makes a repeat harmless."""
        return await self._json("POST", path, json=body or {}, headers={"Idempotency-Key": key} if key else {})

    async def send_letter(
        self, letter: Json, scans: Sequence[tuple[str, bytes, str]], *, key: str | None = None
    ) -> Json:
        """Register a letter with its scans: (file name, bytes, media type)."""
        form = aiohttp.FormData()
        form.add_field("letter", json.dumps(letter), content_type="application/json")
        for name, content, media_type in scans:
            form.add_field("files", content, filename=name, content_type=media_type)
        return await self._json("POST", "/v1/letters", data=form, headers={"Idempotency-Key": key} if key else {})

    async def upload_scan(self, name: str, content: bytes) -> str:
        """Bring a scan before its letter, in one request of the tus protocol; gives its id."""
        headers = self._authorization() | {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": f"filename {b64encode(name.encode()).decode()}",
            "Content-Type": "application/offset+octet-stream",
        }
        async with self._http.post("/v1/uploads", data=content, headers=headers) as response:
            if response.status >= 400:
                raise Refused("POST", "/v1/uploads", response.status, _problem(await response.read()))
            return response.headers["Location"].rpartition("/")[2]

    async def register(self, letter: Json, scan_ids: Sequence[str], *, key: str | None = None) -> Json:
        """Register a letter of scans that were uploaded before."""
        return await self.post("/v1/letters", {"letter": letter, "scans": list(scan_ids)}, key=key)

    async def status_of(self, path: str) -> int:
        """The status ``path`` answers with, whatever it is."""
        async with self._http.get(path, headers=self._authorization()) as response:
            return response.status

    async def download(self, path: str) -> bytes:
        """The bytes at ``path``."""
        async with self._http.get(path, headers=self._authorization()) as response:
            content = await response.read()
            if response.status >= 400:
                raise Refused("GET", path, response.status, _problem(content))
            return content

    @asynccontextmanager
    async def listening(self, path: str, last_event_id: str | None = None) -> AsyncIterator[AsyncIterator[Json]]:
        """Server-sent events of ``path`` (their JSON data), from when the block is entered."""
        headers = self._authorization() | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        async with self._http.get(path, headers=headers, timeout=timeout) as response:
            if response.status != 200:
                raise Refused("GET", path, response.status, _problem(await response.read()))
            yield _events(response)

    async def _json(self, method: str, path: str, **given: Any) -> Json:
        given["headers"] = given.get("headers", {}) | self._authorization()
        async with self._http.request(method, path, **given) as response:
            content = await response.read()
            if response.status >= 400:
                raise Refused(method, path, response.status, _problem(content))
            answer: Json = json.loads(content) if content else {}
            return answer

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


def _problem(content: bytes) -> Json:
    try:
        problem: Json = json.loads(content)
    except ValueError:
        return {"code": "not_json", "detail": content[:200].decode("utf-8", "replace")}
    return problem


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    async for line in response.content:
        if line.startswith(b"data:"):
            yield json.loads(line[5:])
