"""HTTP by hand, for requests that no client library would send."""

import asyncio
from urllib.parse import urlsplit


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the server at ``url``."""
    address = urlsplit(url)
    return await asyncio.open_connection(address.hostname, address.port)


async def exchange(url: str, request: str | bytes, seconds: float = 1.0) -> bytes:
    """Send ``request`` as it is; everything that comes back until the end or until ``seconds`` have passed."""
    reader, writer = await connect(url)
    writer.write(request.encode() if isinstance(request, str) else request)
    await writer.drain()
    answer = b""
    try:
        async with asyncio.timeout(seconds):
            while chunk := await reader.read(65536):
                answer += chunk
    except TimeoutError:
        pass
    writer.close()
    return answer
