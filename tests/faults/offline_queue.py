"""An app on a bad line: letters wait in a queue on its disk, and are sent until each is known to be registered.

What an app has to do, and no more: it writes down what it learnt (the upload's address, the letter's id) after each
step, asks where an upload stands before it goes on, and sends the registration with the same key each time. It is
thrown away and begun anew from its disk now and then, as a phone does with its apps.
"""

import asyncio
import base64
import hashlib
import json
import random
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.house import letter

CHUNK = 60_000
TUS = {"Tus-Resumable": "1.0.0"}
_ON_THE_WAY = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


@dataclass
class Queued:
    """A letter in the queue: what it says, where its scan lies, and how far it got."""

    key: str
    said: dict[str, Any]
    scan: str
    upload: str | None = None
    letter_id: str | None = None
    agenda_number: int | None = None
    sha256: str = field(default="")


class Queue:
    """The queue on the disk. Invariant: what was learnt is on the disk before the next step is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, scans: list[bytes]) -> None:
        """Put a letter with each of these scans into the queue."""
        for number, content in enumerate(scans):
            (self._folder / f"{number:03}.pdf").write_bytes(content)
            self.write(Queued(f"antre-{number}", letter(), f"{number:03}.pdf"))

    def read(self) -> list[Queued]:
        """All of it."""
        return [Queued(**json.loads(path.read_text())) for path in sorted(self._folder.glob("*.json"))]

    def write(self, one: Queued) -> None:
        """Write down how far it got, whole or not at all."""
        path = self._folder / f"{one.key}.json"
        path.with_suffix(".new").write_text(json.dumps(asdict(one)))
        path.with_suffix(".new").rename(path)

    def content(self, one: Queued) -> bytes:
        """The scan."""
        return (self._folder / one.scan).read_bytes()


class App:
    """Sends what is in the queue, over whatever line it is given."""

    def __init__(self, queue: Queue, base_url: str, authorization: dict[str, str], chance: random.Random) -> None:
        self._queue, self._url, self._authorization, self._chance = queue, base_url, authorization, chance
        self.failures = 0

    async def run(self, seconds: float) -> None:
        """Send for so long, or until nothing is left; then the app is thrown away in the midst of what it did."""
        try:
            async with asyncio.timeout(seconds):
                while left := [one for one in self._queue.read() if one.letter_id is None]:
                    self._chance.shuffle(left)
                    await asyncio.gather(*(self._patiently(one) for one in left[:4]))
        except TimeoutError:
            return

    async def _patiently(self, one: Queued) -> None:
        try:
            timeout = aiohttp.ClientTimeout(total=10)
            async with aiohttp.ClientSession(self._url, headers=self._authorization, timeout=timeout) as http:
                await self._send(http, one)
        except _ON_THE_WAY:
            self.failures += 1
            await asyncio.sleep(self._chance.uniform(0, 0.2))

    async def _send(self, http: aiohttp.ClientSession, one: Queued) -> None:
        content = self._queue.content(one)
        if one.upload is None and not await self._begin(http, one, len(content)):
            return
        if not await self._upload(http, one, content):
            return
        body = {"letter": one.said, "scans": [str(one.upload).rsplit("/", 1)[1]]}
        async with http.post("/v1/letters", json=body, headers={"Idempotency-Key": one.key}) as response:
            if response.status != 201:
                return
            answer = await response.json()
        one.letter_id, one.agenda_number = answer["id"], answer["agenda_number"]
        one.sha256 = answer["files"][0]["sha256"]
        self._queue.write(one)

    async def _begin(self, http: aiohttp.ClientSession, one: Queued, length: int) -> bool:
        name = base64.b64encode(one.scan.encode()).decode()
        headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": f"filename {name}"}
        async with http.post("/v1/uploads", headers=headers) as response:
            if response.status != 201:
                return False
            one.upload = response.headers["Location"]
        self._queue.write(one)
        return True

    async def _upload(self, http: aiohttp.ClientSession, one: Queued, content: bytes) -> bool:
        path = str(one.upload)
        async with http.head(path, headers=TUS) as response:
            if response.status != 200:
                return False
            offset = int(response.headers["Upload-Offset"])
        while offset < len(content):
            piece = content[offset : offset + CHUNK]
            digest = base64.b64encode(hashlib.sha1(piece).digest()).decode()
            headers = TUS | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha1 {digest}"}
            headers["Content-Type"] = "application/offset+octet-stream"
            async with http.patch(path, data=piece, headers=headers) as response:
                if response.status != 204:
                    return False
                offset = int(response.headers["Upload-Offset"])
        return True
