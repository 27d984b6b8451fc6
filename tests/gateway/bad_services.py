"""A service of raw sockets that answers, refuses, hangs or resets as it is told, and counts who came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

Mood = Literal["whole", "dead", "hanging", "resetting", "garbled", "slow", "unready"]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
UNREADY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}"


class BadService:
    """Its address stays the same when it dies and comes back."""

    def __init__(self) -> None:
        self.mood: Mood = "whole"
        self.url = ""
        self.asked: list[str] = []
        """Request lines, probes left out."""
        self.probes = 0
        self.go_on = asyncio.Event()
        """What a slow one waits for before it answers."""
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._port = 0

    async def become(self, mood: Mood) -> None:
        """From now on; connections that were open are cut."""
        self.mood = mood
        for line in self._lines:
            line.transport.abort()
        if self._server is not None:
            self._server.close()
            self._server = None
        if mood != "dead":
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]
            self.url = f"http://127.0.0.1:{self._port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line = head.split(b"\r\n")[0].decode()
                probe = line.startswith("GET /readyz ")
                self.probes += probe
                if not probe:
                    self.asked.append(line)
                if self.mood == "hanging":
                    await reader.read()
                    return
                if self.mood == "resetting":
                    writer.transport.abort()
                    return
                if self.mood == "slow" and not probe:
                    await self.go_on.wait()
                writer.write(self._answer(probe=probe))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._lines.discard(writer)
            writer.close()

    def _answer(self, *, probe: bool) -> bytes:
        if self.mood == "garbled" and not probe:
            return b"SMTP ready\r\n\r\n"
        return UNREADY if probe and self.mood == "unready" else OK


@asynccontextmanager
async def bad_service(mood: Mood = "whole") -> AsyncIterator[BadService]:
    """One for the length of the block."""
    service = BadService()
    await service.become("whole")
    await service.become(mood)
    try:
        yield service
    finally:
        await service.become("dead")
