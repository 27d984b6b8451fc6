"""Bodies on their way in: as long as was announced, and as fast as is asked for."""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.types import Message, Receive

from gateway.bodies import LEAST_RATE, Progress, Upload
from services.chassis.errors import ServiceError

IDLE = 0.6


def coming(*pieces: bytes) -> Receive:
    """A client that sends these, the last of which ends the body."""
    left = list(pieces)

    async def receive() -> Message:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    return receive


def dripping(pieces: Iterable[bytes], seconds: float) -> Receive:
    """A client that sends the next of these after so long, and never ends."""
    left = iter(pieces)

    async def receive() -> Message:
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": next(left), "more_body": True}

    return receive


class Line:
    """A connection to a service that takes everything."""

    def __init__(self) -> None:
        self.taken = b""
        self.interrupted: Exception | None = None

    async def write(self, data: bytes, seconds: float) -> None:
        """More of the body."""
        del seconds
        self.taken += data

    def interrupt(self, reason: Exception) -> None:
        """It is over."""
        self.interrupted = reason

    def hasten(self, seconds: float) -> None:
        """The body has ended."""
        del seconds


async def poured(upload: Upload) -> Line:
    line: Any = Line()
    await upload.begin()
    line.taken = upload.beginning()
    await upload.pour(line, 1, 1)
    return line  # type: ignore[no-any-return]  # it stands in for a Connection


class TestLength:
    """What was announced, and what came."""

    @pytest.mark.parametrize("short", [True, False])
    async def test_as_announced(self, short: bool) -> None:
        line = await poured(Upload(coming(b"ab", b"", b"c"), 10, 1, length=3, short=short))
        assert (line.taken, line.interrupted) == (b"abc", None)

    @pytest.mark.parametrize(
        "pieces", [(b"",), (b"ab",), (b"abcd",), (b"abc", b"d"), (b"ab", b"")], ids=lambda pieces: b"|".join(pieces)
    )
    async def test_a_document_of_another_length_is_refused_before_it_is_sent(self, pieces: tuple[bytes, ...]) -> None:
        upload = Upload(coming(*pieces), 10, 1, length=3, short=True)
        with pytest.raises(ServiceError) as refusal:
            await upload.begin()
        assert refusal.value.status == 400
        assert not upload.finished

    @pytest.mark.parametrize("pieces", [(b"ab", b""), (b"ab", b"cd")])
    async def test_a_file_of_another_length_is_never_whole(self, pieces: tuple[bytes, ...]) -> None:
        upload = Upload(coming(*pieces), 10, 1, length=3)
        line = await poured(upload)
        assert isinstance(line.interrupted, ServiceError)
        assert line.taken == b"ab"
        assert not upload.finished

    async def test_in_chunks_it_is_as_long_as_it_comes(self) -> None:
        line = await poured(Upload(coming(b"ab", b"c"), 10, 1, length=None))
        assert line.taken == b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"


class TestProgress:
    """What comes too slowly is not waited for."""

    async def _waited(self, progress: Progress) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        with contextlib.suppress(TimeoutError):
            for _ in range(100):
                await progress.next()
        return loop.time() - began

    async def test_the_whole_of_a_short_one_is_waited_for_once(self) -> None:
        large = [b"x" * LEAST_RATE] * 100
        assert await self._waited(Progress(dripping(large, 0.05), IDLE, short=True)) < 3 * IDLE

    async def test_a_long_one_must_keep_up_the_least_rate(self) -> None:
        drops = [b"x" * int(LEAST_RATE * 0.05 * 0.5)] * 100
        assert await self._waited(Progress(dripping(drops, 0.05), IDLE, short=False)) < 3 * IDLE

    async def test_one_that_does_may_take_any_time(self) -> None:
        enough = [b"x" * LEAST_RATE] * 100
        progress = Progress(dripping(enough, 0.05), IDLE, short=False)
        for _ in range(40):
            assert (await progress.next())["body"]
