"""Shorter answers: to whom, of what, and never of what holds a secret."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from gateway.compression import accepts_gzip
from services.chassis.run import serving
from tests.gateway.conftest import NAMES, Door, OpenDoor

LONG = b'{"items":[' + b'"Permohonan embung",' * 200 + b'"akhir"]}'
GZIP = {"Accept-Encoding": "gzip"}


class Speaker:
    """A service that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.headers = {"content-type": "application/json"}
        self.body = LONG
        self.seen: list[dict[bytes, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        self.seen.append(dict(scope["headers"]))
        while (await receive()).get("more_body"):
            pass
        fields = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        if self.status != 304:
            fields.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": fields})
        await send({"type": "http.response.body", "body": b"" if self.status == 304 else self.body})


@pytest.fixture
def speaker() -> Speaker:
    return Speaker()


@pytest.fixture
async def plain(open_door: OpenDoor, speaker: Speaker) -> AsyncIterator[tuple[Door, aiohttp.ClientSession]]:
    """A gateway before it, and a client that unpacks nothing."""
    async with (
        serving(speaker, "127.0.0.1", 0) as url,
        open_door(**dict.fromkeys(NAMES, url)) as door,
    ):
        await door.account()
        bearer = await door.bearer()
        async with aiohttp.ClientSession(door.url, headers=bearer, auto_decompress=False) as http:
            yield door, http


Plain = tuple[Door, aiohttp.ClientSession]


class TestAccepting:
    """What a client says it takes."""

    @pytest.mark.parametrize(
        ("said", "taken"),
        [
            ("gzip", True),
            ("deflate, gzip;q=1.0, br", True),
            ("GZIP", True),
            ("gzip; q=0.5", True),
            ("gzip;q=0", False),
            ("gzip;q=0.000", False),
            ("br", False),
            ("identity", False),
            ("notgzip", False),
            ("", False),
        ],
    )
    def test_it_is_taken_at_its_word(self, said: str, taken: bool) -> None:
        assert accepts_gzip([(b"accept-encoding", said.encode())]) is taken

    def test_who_says_nothing_gets_the_bytes_as_they_are(self) -> None:
        assert not accepts_gzip([(b"accept", b"*/*")])


class TestPacked:
    """Text of some length."""

    async def test_it_is_shorter_and_the_same(self, plain: Plain) -> None:
        async with plain[1].get("/v1/inbox", headers=GZIP) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Vary"] == "accept-encoding"
            packed = await answer.read()
        assert gzip.decompress(packed) == LONG
        assert len(packed) < len(LONG) / 5

    async def test_whoever_does_not_take_it_is_told_that_it_varies(self, plain: Plain) -> None:
        async with plain[1].get("/v1/inbox", headers={"Accept-Encoding": "br"}) as answer:
            assert "Content-Encoding" not in answer.headers
            assert answer.headers["Vary"] == "accept-encoding"
            assert await answer.read() == LONG

    async def test_its_mark_is_another_and_is_understood_when_shown_again(self, plain: Plain, speaker: Speaker) -> None:
        speaker.headers["etag"] = '"7"'
        async with plain[1].get("/v1/letters/7/track", headers=GZIP) as answer:
            mark = answer.headers["ETag"]
        assert mark == '"7--gzip"'
        for field, method in (("If-Match", "PATCH"), ("If-None-Match", "GET")):
            async with plain[1].request(method, "/v1/inbox", headers={field: f'{mark}, "8"', **GZIP}):
                assert speaker.seen[-1][field.lower().encode()] == b'"7", "8"'

    async def test_an_unchanged_answer_keeps_the_mark_it_was_asked_with(self, plain: Plain, speaker: Speaker) -> None:
        speaker.headers["etag"] = '"7"'
        speaker.status = 304
        async with plain[1].get("/v1/inbox", headers={"If-None-Match": '"7--gzip"', **GZIP}) as answer:
            assert (answer.status, answer.headers["ETag"]) == (304, '"7--gzip"')
        async with plain[1].get("/v1/inbox", headers={"If-None-Match": '"7"', **GZIP}) as answer:
            assert (answer.status, answer.headers["ETag"]) == (304, '"7"')

    async def test_a_head_answers_without_a_body(self, plain: Plain) -> None:
        async with plain[1].head("/v1/inbox", headers=GZIP) as answer:
            assert answer.status == 200
            assert await answer.read() == b""

    async def test_the_gateways_own_documents_too(self, plain: Plain) -> None:
        async with plain[1].get("/v1/openapi.json", headers=GZIP) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(await answer.read()).startswith(b"{")


class TestLeft:
    """What is left as it is."""

    @pytest.mark.parametrize(
        "told",
        [
            {"content-type": "application/pdf"},
            {"content-type": "image/jpeg"},
            {"content-type": "text/event-stream"},
            {"content-encoding": "br"},
            {"cache-control": "public, no-transform"},
            {"content-range": "bytes 0-9/100"},
        ],
        ids=str,
    )
    async def test_what_gains_nothing_or_must_not(self, plain: Plain, speaker: Speaker, told: dict[str, Any]) -> None:
        speaker.headers |= told
        async with plain[1].get("/v1/inbox", headers=GZIP) as answer:
            assert answer.headers.get("Content-Encoding") == told.get("content-encoding")
            assert await answer.read() == LONG

    async def test_what_is_short(self, plain: Plain, speaker: Speaker) -> None:
        speaker.body = b"x" * 1023
        async with plain[1].get("/v1/inbox", headers=GZIP) as answer:
            assert "Content-Encoding" not in answer.headers

    async def test_what_signing_in_answers(self, plain: Plain) -> None:
        door, http = plain
        credentials = {"username": "wayan", "password": "perahu-menuju-nusa-penida"}
        async with http.post(f"{door.url}/v1/auth/token", json=credentials, headers=GZIP) as answer:
            assert answer.status == 200
            assert "Content-Encoding" not in answer.headers
