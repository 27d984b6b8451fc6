"""Where a request ends: what two readers could read in two ways is refused by the server in front; real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from services.chassis import wire
from services.chassis.framing import MOST_FIELDS
from services.chassis.run import serving
from tests.gateway.raw import connect, exchange

SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


class Recorder:
    """An app that remembers what reached it."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.headers: list[list[tuple[bytes, bytes]]] = []
        self.bodies: list[bytes] = []
        self.app = FastAPI(openapi_url=None)
        self.app.api_route("/{path:path}", methods=["GET", "POST"])(self._record)

    async def _record(self, request: Request) -> dict[str, str]:
        body = await request.body()
        self.paths.append(request.url.path)
        self.headers.append(list(request.headers.raw))
        self.bodies.append(body)
        return {}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def url(recorder: Recorder) -> AsyncIterator[str]:
    async with serving(recorder.app, "127.0.0.1", 0) as address:
        yield address


def post(*fields: str, body: str = "") -> str:
    """A request with these fields, and one right behind it."""
    lines = "".join(f"{field}\r\n" for field in ("Host: x", *fields))
    return f"POST /first HTTP/1.1\r\n{lines}\r\n{body}{SMUGGLED}"


class TestTwoReadings:
    """Each of these has been read in two ways by servers in use."""

    @pytest.mark.parametrize(
        "request_text",
        [
            pytest.param(post("Content-Length: 5", "Transfer-Encoding: chunked", body="0\r\n\r\n"), id="CL.TE"),
            pytest.param(post("Transfer-Encoding: chunked", "Content-Length: 5", body="0\r\n\r\n"), id="TE.CL"),
            pytest.param(
                post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body="0\r\n\r\n"), id="TE.TE"
            ),
            pytest.param(post("Transfer-Encoding: xchunked", body="0\r\n\r\n"), id="xchunked"),
            pytest.param(post("Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"), id="gzip, chunked"),
            pytest.param(post("Transfer-Encoding: chunked, identity", body="0\r\n\r\n"), id="chunked, identity"),
            pytest.param(post("Transfer-Encoding: \x0bchunked", body="0\r\n\r\n"), id="vertical tab"),
            pytest.param(post("Transfer-Encoding : chunked", body="0\r\n\r\n"), id="space before the colon"),
            pytest.param(post("Content-Length: 0", "Content-Length: 36"), id="two lengths"),
            pytest.param(post("Content-Length: 0", "Content-Length: 0"), id="the same length twice"),
            pytest.param(post("Content-Length: +0"), id="signed length"),
            pytest.param(post("Content-Length: 0x0"), id="hexadecimal length"),
            pytest.param(post("Content-Length: 0, 0"), id="a list of lengths"),
            pytest.param(post("Content-Length: "), id="no length"),
            pytest.param(post("Content-Length: 99999999999999999999999"), id="a length beyond numbers"),
            pytest.param(post("X: a", " Transfer-Encoding: chunked", body="0\r\n\r\n"), id="folded line"),
            pytest.param(post("X: a\0b"), id="NUL"),
            pytest.param(post("X: a\rTransfer-Encoding: chunked"), id="bare carriage return"),
            pytest.param(post("X: a\nContent-Length: 0"), id="bare line feed"),
            pytest.param("POST /first HTTP/1.1\nHost: x\n\n" + SMUGGLED, id="line feeds alone"),
            pytest.param("GET /first HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + SMUGGLED, id="two hosts"),
            pytest.param("GET /first HTTP/1.1\r\n\r\n" + SMUGGLED, id="no host"),
            pytest.param(
                "POST /first HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="chunked in 1.0"
            ),
            pytest.param("GET /first HTTP/0.9\r\n\r\n" + SMUGGLED, id="HTTP/0.9"),
            pytest.param("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED, id="CONNECT"),
        ],
    )
    async def test_nothing_of_it_is_answered_but_the_refusal(
        self, url: str, recorder: Recorder, request_text: str
    ) -> None:
        answer = await exchange(url, request_text.encode("latin-1"))
        assert answer.startswith(b"HTTP/1.1 400")
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"application/problem+json" in answer
        assert b"connection: close" in answer
        assert recorder.paths == []

    @pytest.mark.parametrize(
        "chunks",
        [
            "5\nhello\r\n0\r\n\r\n",
            "5\r\nhello0\r\n\r\n",
            "-1\r\n\r\n",
            "5 \r\nhello\r\n0\r\n\r\n",
            "fffffffffffffffff\r\n",
        ],
    )
    async def test_a_chunk_of_two_readings_ends_the_connection(self, url: str, recorder: Recorder, chunks: str) -> None:
        await exchange(url, post("Transfer-Encoding: chunked", body=chunks))
        assert "/smuggled" not in recorder.paths

    async def test_what_is_framed_well_is_taken(self, url: str, recorder: Recorder) -> None:
        answer = await exchange(url, post("Transfer-Encoding: Chunked", body="5;x=y\r\nhello\r\n0\r\n\r\n"))
        assert answer.count(b"HTTP/1.1 200") == 2
        assert recorder.bodies == [b"hello", b""]

    async def test_two_requests_at_once_are_answered_in_turn(self, url: str, recorder: Recorder) -> None:
        answer = await exchange(url, post("Content-Length: 5", body="hello"))
        assert answer.count(b"HTTP/1.1 200") == 2
        assert recorder.paths == ["/first", "/smuggled"]


class TestTrailers:
    """Fields behind the body."""

    async def test_they_do_not_become_fields_of_the_request(self, url: str, recorder: Recorder) -> None:
        body = "5\r\nhello\r\n0\r\nAuthorization: Bearer stolen\r\nX-Request-ID: x\r\n\r\n"
        answer = await exchange(url, post("Transfer-Encoding: chunked", body=body))
        assert answer.count(b"HTTP/1.1 200") == 2
        assert "stolen" not in str(recorder.headers)

    async def test_they_have_an_end(self, url: str) -> None:
        reader, writer = await connect(url)
        writer.write(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ")
        writer.write(b"a" * (3 * wire.BARE_BYTES))
        async with asyncio.timeout(30):
            assert b" 400 " in await reader.readline()
        writer.close()

    async def test_neither_is_an_extension_of_a_chunk_without_end(self, url: str) -> None:
        reader, writer = await connect(url)
        writer.write(b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;")
        writer.write(b"a" * (3 * wire.BARE_BYTES))
        async with asyncio.timeout(30):
            assert b" 400 " in await reader.readline()
        writer.close()


class TestFields:
    """How many."""

    async def test_as_many_as_may_be(self, url: str) -> None:
        fields = [f"X-{number}: 1" for number in range(MOST_FIELDS - 1)]
        assert (await exchange(url, post(*fields))).startswith(b"HTTP/1.1 200")

    async def test_more_are_a_431(self, url: str, recorder: Recorder) -> None:
        fields = [f"X-{number}: 1" for number in range(MOST_FIELDS)]
        answer = await exchange(url, post(*fields))
        assert answer.startswith(b"HTTP/1.1 431")
        assert recorder.paths == []


class TestUpgrade:
    """A change of protocol is never made."""

    @pytest.mark.parametrize("protocol", ["h2c", "websocket"])
    async def test_the_request_is_answered_as_it_is_and_the_connection_ends(
        self, url: str, recorder: Recorder, protocol: str
    ) -> None:
        head = f"GET /first HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n"
        answer = await exchange(url, head + SMUGGLED)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in answer
        assert recorder.paths == ["/first"]

    @pytest.mark.parametrize("protocol", ["h2c", "websocket", "x"])
    @pytest.mark.parametrize(
        ("framing", "body"),
        [
            ("Content-Length: 5", "hello"),
            ("Content-Length: 5", ""),
            ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"),
        ],
    )
    async def test_with_a_body_it_is_refused(
        self, url: str, recorder: Recorder, protocol: str, framing: str, body: str
    ) -> None:
        """Where the body of such a request ends the parser does not say: it counts the body for the new protocol's."""
        answer = await exchange(url, post("Connection: x, upgrade", f"Upgrade: {protocol}", framing, body=body))
        assert answer.startswith(b"HTTP/1.1 400")
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"connection: close" in answer
        assert recorder.paths == []

    async def test_a_body_without_a_byte_is_none(self, url: str, recorder: Recorder) -> None:
        answer = await exchange(url, post("Connection: upgrade", "Upgrade: h2c", "Content-Length: 0"))
        assert answer.startswith(b"HTTP/1.1 200")
        assert recorder.bodies == [b""]


class Stuck(asyncio.Transport):
    """What a client leaves lying that reads nothing: it closes only when everything is out, and nothing goes out."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = asyncio.Event()
        self.closing = False

    def get_write_buffer_size(self) -> int:
        return 1

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted.set()


class TestUnread:
    """Whoever does not read."""

    async def test_the_end_of_a_kept_connection_is_not_waited_for_without_end(
        self, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "UNREAD_SECONDS", 0.2)
        transport = Stuck()
        line = wire.BoundedHttp(uvicorn.Config(recorder.app, log_config=None), ServerState(), {})
        line.connection_made(transport)
        line.timeout_keep_alive_handler()
        assert transport.closing
        line.resume_writing()  # what is left fits into the buffer, but it has not gone
        async with asyncio.timeout(30):
            await transport.aborted.wait()
        line.connection_lost(None)

    async def test_is_hung_up_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wire, "UNREAD_SECONDS", 0.2)
        ended = asyncio.Event()

        async def endless(scope: Scope, receive: Receive, send: Send) -> None:
            del scope
            await receive()
            gone = asyncio.ensure_future(receive())
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while not gone.done():
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                await asyncio.sleep(0)
            ended.set()

        async with serving(endless, "127.0.0.1", 0) as url:
            _, writer = await connect(url)
            writer.transport.pause_reading()  # type: ignore[attr-defined]  # the kind asyncio makes
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(30):
                await ended.wait()
            writer.close()
