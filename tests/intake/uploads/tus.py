"""A client of the tus protocol that does what a test says, no more."""

import asyncio
import base64
import hashlib
from typing import Any

import aiohttp

from services.chassis.auth import Principal
from tests.intake.world import Answer, World

BYTES = "application/offset+octet-stream"


def metadata(**said: str) -> str:
    """``Upload-Metadata`` with these pairs."""
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


def checksum(content: bytes, algorithm: str = "sha256") -> str:
    """``Upload-Checksum`` of ``content``."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


class Tus:
    """The doors of uploads and scans, as one person."""

    def __init__(
        self, world: World, person: Principal | None = None, http: aiohttp.ClientSession | None = None
    ) -> None:
        self._world = world
        self._person = person
        self._http = http or world.http

    def headers(self, **more: str) -> dict[str, str]:
        """Who is asking, and the protocol's version."""
        given = {name.replace("_", "-"): value for name, value in more.items()}
        return self._world.headers(self._person) | {"Tus-Resumable": "1.0.0"} | given

    async def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Any request."""
        async with self._http.request(method, path, data=body, headers=headers or self.headers()) as response:
            told = response.content_type.endswith("json") and method != "HEAD"
            said = await (response.json(content_type=None) if told else response.read())
            return Answer(response.status, response.headers, said)

    async def begin(self, length: int, name: str = "surat.pdf", body: bytes | None = None, **more: str) -> Answer:
        """POST /v1/uploads."""
        said = {"Upload_Length": str(length), "Upload_Metadata": metadata(filename=name)} | more
        if body is not None:
            said["Content_Type"] = BYTES
        return await self.ask("POST", "/v1/uploads", body, self.headers(**said))

    async def begun(self, length: int, **more: Any) -> str:
        """Begin one, expecting success; its id."""
        answer = await self.begin(length, **more)
        assert answer.status == 201, answer.body
        return str(answer.headers["Location"]).removeprefix("/v1/uploads/")

    async def patch(self, upload_id: str, offset: int, body: Any, **more: str) -> Answer:
        """PATCH with these bytes."""
        said = {"Upload_Offset": str(offset), "Content_Type": BYTES} | more
        return await self.ask("PATCH", f"/v1/uploads/{upload_id}", body, self.headers(**said))

    async def offset(self, upload_id: str) -> int:
        """Up to where the bytes are there."""
        answer = await self.ask("HEAD", f"/v1/uploads/{upload_id}")
        assert answer.status == 200, answer.status
        return int(answer.headers["Upload-Offset"])

    async def sent(self, content: bytes, **more: Any) -> str:
        """A whole upload in one request beside the first; its id."""
        upload_id = await self.begun(len(content), **more)
        answer = await self.patch(upload_id, 0, content)
        assert answer.status == 204, answer.body
        return upload_id

    async def scan(self, scan_id: str) -> dict[str, Any]:
        """GET /v1/scans/{id}, expecting success."""
        answer = await self.ask("GET", f"/v1/scans/{scan_id}")
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.body
        return body

    async def judged(self, scan_id: str) -> dict[str, Any]:
        """The scan when it has been judged, which may take longer than its sender is kept waiting."""
        async with asyncio.timeout(60):
            while (scan := await self.scan(scan_id))["state"] == "checking":
                await asyncio.sleep(0.1)
        return scan

    async def original(self, scan_id: str) -> bytes:
        """The file as it is kept, once it is judged."""
        scan = await self.judged(scan_id)
        assert scan["state"] == "ready", scan
        answer = await self.ask("GET", f"/v1/scans/{scan_id}/file")
        assert answer.status == 200, answer.body
        assert hashlib.sha256(answer.body).hexdigest() == scan["file"]["sha256"]
        content: bytes = answer.body
        return content
