"""A registration as bytes on a socket, for what no well-behaved client sends."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from tests.intake.world import World

BOUNDARY = "batas"


def multipart(world: World) -> dict[str, str]:
    """Headers of a registration by the operator."""
    return world.headers() | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def body(world: World, content: bytes) -> bytes:
    """A whole body: a good letter and one file."""
    letter = json.dumps(world.letter()).encode()
    return (
        b'--batas\r\nContent-Disposition: form-data; name="letter"\r\n\r\n' + letter + b"\r\n"
        b'--batas\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n' + content + b"\r\n"
        b"--batas--\r\n"
    )


async def connect(world: World) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the service."""
    address = urlsplit(str(world.http._base_url))
    return await asyncio.open_connection(address.hostname, address.port)


def head(world: World, *lines: str) -> bytes:
    """The request line and headers, with these further ones."""
    headers = [f"{name}: {value}" for name, value in multipart(world).items()]
    return "\r\n".join(["POST /v1/letters HTTP/1.1", "Host: intake", *headers, *lines, "", ""]).encode()


class Pump:
    """Sends file after file, never the last boundary, until the other side closes; counts what went out."""

    def __init__(self, writer: asyncio.StreamWriter, opening: bytes) -> None:
        self._writer = writer
        self._chunk = opening.removesuffix(b"--batas--\r\n")
        self.sent = 0

    async def run(self) -> None:
        """Send until the connection is closed."""
        again = b'--batas\r\nContent-Disposition: form-data; name="files"; filename="b.pdf"\r\n\r\n'
        try:
            while True:
                self._writer.write(b"%x\r\n" % len(self._chunk) + self._chunk + b"\r\n")
                await self._writer.drain()
                self.sent += len(self._chunk)
                self._chunk = again + bytes(100_000) + b"\r\n"
                await asyncio.sleep(0.01)
        except ConnectionError:
            self._writer.transport.abort()


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    """Status and problem of the answer, as soon as it is there."""
    async with asyncio.timeout(60):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-len"))
        return int(head.split()[1]), json.loads(await reader.readexactly(length))
