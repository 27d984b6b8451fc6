"""Probes of a port, without any driver. Invariant: a probe answers within two seconds and never raises."""

import asyncio
import contextlib

LIMIT_SECONDS = 2.0


async def accepts(port: int) -> bool:
    """Whether something accepts TCP connections on the port."""
    return await _exchange(port, b"", 0) is not None


async def speaks_amqp(port: int) -> bool:
    """Whether a broker answers the protocol header with Connection.Start (a method frame on channel 0)."""
    answer = await _exchange(port, b"AMQP\x00\x00\x09\x01", 11)
    return answer is not None and answer[:3] == b"\x01\x00\x00" and answer[7:11] == b"\x00\x0a\x00\x0a"


async def http_status(port: int, path: str) -> int | None:
    """The status of GET ``path``, or None when nobody answers HTTP there."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    answer = await _exchange(port, request.encode(), 12)
    if answer is None or not answer.startswith(b"HTTP/1."):
        return None
    return int(answer[9:12]) if answer[9:12].isdigit() else None


async def _exchange(port: int, request: bytes, count: int) -> bytes | None:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                return await reader.readexactly(count)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return None
