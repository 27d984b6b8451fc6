"""HTTP by hand, for requests that no client library would send."""

import asyncio
from urllib.parse import urlsplit

FIRST_BYTE_SECONDS = 30.0
"""A machine that does much else answers late; what is not answered at all is told by the end of the connection."""


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the server at ``url``."""
    address = urlsplit(url)
    return await asyncio.open_connection(address.hostname, address.port)


async def exchange(url: str, request: str | bytes, seconds: float = 2.0) -> bytes:
    """Send ``request`` as it is; everything that comes back until the end or until ``seconds`` after it began to."""
    reader, writer = await connect(url)
    writer.write(request.encode() if isinstance(request, str) else request)
    await writer.drain()
    answer = b""
    try:
        async with asyncio.timeout(FIRST_BYTE_SECONDS):
            answer = await reader.read(65536)
        async with asyncio.timeout(seconds):
            while answer and (chunk := await reader.read(65536)):
                answer += chunk
    except TimeoutError:
        pass
    writer.close()
    return answer
