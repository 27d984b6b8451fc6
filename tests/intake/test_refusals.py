"""POST /v1/letters refused: the problem's code, and nothing in the store, the database or the outbox."""

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from services.chassis.ids import new_id
from tests.intake import scans
from tests.intake.world import SMALL_PDF, World
from tests.people import held, principal
from tests.signing import TokenSigner

WHOLE_PDF = scans.pdf(2)


class TestScans:
    """What is in the files."""

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 422, "scan_empty"),
            (b"Kepada Yth. Kepala Dinas\n" * 40, 415, "unsupported_type"),
            (b"PK\x03\x04" + bytes(400), 415, "unsupported_type"),
            (b"GIF89a" + bytes(400), 415, "unsupported_type"),
            (b"%PDF-1.4\nhalo", 422, "scan_broken"),
            (WHOLE_PDF[: len(WHOLE_PDF) // 2], 422, "scan_broken"),
            (WHOLE_PDF[:-30], 422, "scan_broken"),
            (WHOLE_PDF[:-7], 422, "scan_broken"),
            (scans.pdf(2, linearize=True)[:-40], 422, "scan_broken"),
            (scans.pdf(0), 422, "scan_broken"),
            (scans.encrypted_pdf(), 422, "scan_encrypted"),
            (scans.encrypted_pdf(user=""), 422, "scan_encrypted"),
            (scans.inflating_pdf(200), 422, "scan_broken"),
            (scans.jpeg()[:-2], 422, "scan_broken"),
            (scans.jpeg()[:20_000], 422, "scan_broken"),
            (scans.png()[:-5], 422, "scan_broken"),
            (scans.tiff(3)[:-60], 422, "scan_broken"),
            (scans.huge_png(), 422, "scan_too_many_pixels"),
        ],
        ids=[
            "empty",
            "text named .pdf",
            "zip named .pdf",
            "gif",
            "only a header",
            "pdf cut in half",
            "pdf without its trailer",
            "pdf without its end mark",
            "linearised pdf cut",
            "pdf without pages",
            "encrypted pdf",
            "pdf with an owner's password",
            "pdf that inflates",
            "jpeg without its end mark",
            "jpeg cut",
            "png cut",
            "tiff cut",
            "png of two and a half gigapixels",
        ],
    )
    async def test_bad_scan(
        self, world: World, caplog: pytest.LogCaptureFixture, content: bytes, status: int, code: str
    ) -> None:
        with caplog.at_level(logging.WARNING, "services"):
            answer = await world.register(files=[("surat.pdf", SMALL_PDF), ("pindai.pdf", content)])
        assert (answer.status, answer.code) == (status, code)
        assert (answer.body["file"], answer.body["index"]) == ("pindai.pdf", 1)
        assert "pindai.pdf" in answer.body["detail"]
        assert [record for record in caplog.records if record.exc_info] == []
        await world.assert_nothing_left()


class TestForm:
    """What is around them."""

    @pytest.mark.parametrize(
        "field", ["direction", "kind", "category", "urgency", "confidentiality", "subject", "addressees"]
    )
    async def test_missing_field_is_named(self, world: World, field: str) -> None:
        answer = await world.register(letter=world.letter(**{field: None}))
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert answer.body["errors"][0]["field"] == f"body.letter.{field}"
        await world.assert_nothing_left()

    @pytest.mark.parametrize(
        "change",
        [
            {"subject": "   "},
            {"subject": "x" * 501},
            {"direction": "sideways"},
            {"unexpected": 1},
            {"addressees": []},
            {"addressees": [{"kind": "unit", "name": "Dinas PU"}]},
            {"addressees": [{"kind": "external"}]},
            {"addressees": [{"kind": "unit", "id": "dinas-pu"}]},
            {"book": "Masuk Sekali"},
            {"letter_date": "12-11-2026"},
            {"received_on": "1492-10-12"},
            {
                "occasion": {
                    "title": "Rapat",
                    "starts_at": "2026-12-01T09:00:00+08:00",
                    "ends_at": "2026-12-01T09:00:00+08:00",
                }
            },
            {"occasion": {"title": "Rapat", "starts_at": "2026-12-01T09:00:00", "ends_at": "2026-12-01T10:00:00"}},
        ],
        ids=lambda change: next(iter(change)),
    )
    async def test_malformed_field(self, world: World, change: dict[str, Any]) -> None:
        answer = await world.register(letter=world.letter(**change))
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    async def test_fifty_one_addressees(self, world: World) -> None:
        many = [{"kind": "external", "name": f"PT {number}"} for number in range(51)]
        answer = await world.register(letter=world.letter(addressees=many))
        assert (answer.status, answer.code) == (422, "validation_failed")

    async def test_addressee_named_twice(self, world: World) -> None:
        party = {"kind": "unit", "id": world.agency.unit_id}
        answer = await world.register(letter=world.letter(copies=[party]))
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"subject": "\\ud800"}', b"\xff\xfe{}"])
    async def test_letter_part_that_is_no_letter(self, world: World, text: str | bytes) -> None:
        answer = await world.register(letter=text)
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    async def test_no_letter_part(self, world: World) -> None:
        answer = await world.register(letter=False)
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert [error["field"] for error in answer.body["errors"]] == ["body.letter"]
        await world.assert_nothing_left()

    async def test_no_files(self, world: World) -> None:
        answer = await world.register(files=[])
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert [error["field"] for error in answer.body["errors"]] == ["body.files"]
        await world.assert_nothing_left()

    async def test_twenty_one_files(self, world: World) -> None:
        answer = await world.register(files=[("a.pdf", SMALL_PDF)] * 21)
        assert (answer.status, answer.code) == (422, "too_many_files")
        await world.assert_nothing_left()

    async def test_unknown_part(self, world: World) -> None:
        form = aiohttp.FormData({"catatan": "x"}, default_to_multipart=True)
        answer = await world.send(form, world.headers())
        assert (answer.status, answer.code) == (422, "part_unexpected")

    async def test_two_letter_parts(self, world: World) -> None:
        form = aiohttp.FormData(default_to_multipart=True)
        for _ in range(2):
            form.add_field("letter", json.dumps(world.letter()))
        assert (await world.send(form, world.headers())).code == "part_unexpected"

    async def test_body_that_is_not_multipart(self, world: World) -> None:
        headers = world.headers() | {"Content-Type": "application/json"}
        answer = await world.send(json.dumps(world.letter()), headers)
        assert (answer.status, answer.code) == (415, "multipart_required")

    @pytest.mark.parametrize("cut", [1, 30, 200])
    async def test_multipart_that_ends_early(self, world: World, cut: int) -> None:
        whole = _body(world, SMALL_PDF)
        answer = await world.send(whole[:-cut] if cut > 1 else whole[: len(whole) // 2], _multipart(world))
        assert (answer.status, answer.code) == (400, "multipart_broken")
        await world.assert_nothing_left()

    async def test_multipart_that_is_garbage(self, world: World) -> None:
        answer = await world.send(b"\r\n--tidak\r\nini bukan multipart", _multipart(world))
        assert (answer.status, answer.code) == (400, "multipart_broken")

    async def test_another_name_than_ones_own_under_an_outgoing_letter(self, world: World) -> None:
        letter = world.letter(direction="outgoing", sender={"kind": "unit", "id": world.neighbour.unit_id})
        answer = await world.register(letter=letter)
        assert (answer.status, answer.code) == (422, "sender_not_own")
        await world.assert_nothing_left()

    async def test_client_that_goes_away_in_mid_upload(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "services"):
            _, writer = await _connect(world)
            writer.write(_head(world, "Content-Length: 100000") + _body(world, SMALL_PDF)[:2000])
            await writer.drain()
            writer.transport.abort()
            await asyncio.sleep(0.2)
        assert [record.getMessage() for record in caplog.records] == []
        await world.assert_nothing_left()


class TestWho:
    """Tokens, scopes and positions."""

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({}, "token_missing"),
            ({"Authorization": "Basic eDp5"}, "token_missing"),
            ({"Authorization": "Bearer bukan.token.kami"}, "token_invalid"),
        ],
        ids=["none", "basic", "nonsense"],
    )
    async def test_no_usable_token(self, world: World, headers: dict[str, str], code: str) -> None:
        answer = await world.register(headers=headers)
        assert (answer.status, answer.code) == (401, code)
        await world.assert_nothing_left()

    async def test_expired_token(self, world: World) -> None:
        answer = await world.register(headers=world.headers(exp=1_700_000_000))
        assert (answer.status, answer.code) == (401, "token_expired")
        await world.assert_nothing_left()

    async def test_forged_token(self, world: World) -> None:
        forged = TokenSigner().headers(world.operator)
        answer = await world.register(headers=forged)
        assert (answer.status, answer.code) == (401, "token_invalid")
        await world.assert_nothing_left()

    async def test_token_for_another_house(self, world: World) -> None:
        answer = await world.register(headers=world.headers(aud="lain"))
        assert (answer.status, answer.code) == (401, "token_invalid")

    async def test_without_the_scope(self, world: World) -> None:
        answer = await world.register(headers=world.headers(scope="letters:read"))
        assert (answer.status, answer.code) == (403, "forbidden")
        await world.assert_nothing_left()

    async def test_without_any_position(self, world: World) -> None:
        nobody = world.operator.model_copy(update={"positions": ()})
        answer = await world.register(person=nobody)
        assert (answer.status, answer.code) == (403, "forbidden")
        await world.assert_nothing_left()

    async def test_unknown_unit(self, world: World) -> None:
        answer = await world.register(letter=world.letter(addressees=[{"kind": "unit", "id": new_id()}]))
        assert (answer.status, answer.code) == (422, "unknown_unit")
        assert (answer.body["field"], answer.body["index"]) == ("addressees", 0)
        await world.assert_nothing_left()

    async def test_identity_headers_are_no_identity(self, world: World) -> None:
        outsider = principal(held("village_operator"))
        sent = world.headers(outsider, scope="letters:read") | {"X-User": "admin", "X-Scope": "letters:register"}
        assert (await world.register(headers=sent)).status == 403


class TestSize:
    """Limits hold before the body is whole."""

    async def test_file_over_its_limit(self, world: World) -> None:
        answer = await world.register(files=[("besar.pdf", b"%PDF-" + bytes(1_500_001))])
        assert (answer.status, answer.code, answer.body["file"]) == (413, "file_too_large", "besar.pdf")
        await world.assert_nothing_left()

    async def test_file_at_its_limit_is_taken(self, world: World) -> None:
        body = await world.registered(files=[("pas.pdf", scans.pdf_of_size(1_500_000))])
        assert body["files"][0]["size"] == 1_500_000

    async def test_body_over_the_limit_by_its_own_announcement(self, world: World) -> None:
        """Nothing of a body that says it is too large is read: the answer comes before the first byte of it."""
        reader, writer = await _connect(world)
        writer.write(_head(world, "Content-Length: 10000000000"))
        status, problem = await _answer(reader)
        assert (status, problem["code"]) == (413, "body_too_large")
        writer.close()
        await world.assert_nothing_left()

    async def test_body_over_the_limit_without_an_announcement(self, world: World) -> None:
        """Of an endless body no more is read before the answer than the limit and what the sockets hold."""
        reader, writer = await _connect(world)
        writer.write(_head(world, "Transfer-Encoding: chunked"))
        pump = _Pump(writer, _body(world, bytes(1_000_000)))
        pumping = asyncio.create_task(pump.run())
        status, problem = await _answer(reader)
        assert (status, problem["code"]) == (413, "body_too_large")
        assert pump.sent < 3_000_000 + 4 * 1024 * 1024
        async with asyncio.timeout(10):
            await pumping  # ends when the service closes the connection, which it does although more is coming
        await world.assert_nothing_left()

    async def test_letter_part_without_end(self, world: World) -> None:
        answer = await world.register(letter=json.dumps(world.letter(summary="x" * 300_000)))
        assert (answer.status, answer.code) == (413, "letter_too_large")
        await world.assert_nothing_left()


BOUNDARY = "batas"


def _multipart(world: World) -> dict[str, str]:
    return world.headers() | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _body(world: World, content: bytes) -> bytes:
    letter = json.dumps(world.letter()).encode()
    return (
        b'--batas\r\nContent-Disposition: form-data; name="letter"\r\n\r\n' + letter + b"\r\n"
        b'--batas\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n' + content + b"\r\n"
        b"--batas--\r\n"
    )


async def _connect(world: World) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(str(world.http._base_url))
    return await asyncio.open_connection(address.hostname, address.port)


def _head(world: World, *lines: str) -> bytes:
    headers = [f"{name}: {value}" for name, value in _multipart(world).items()]
    return "\r\n".join(["POST /v1/letters HTTP/1.1", "Host: intake", *headers, *lines, "", ""]).encode()


class _Pump:
    """Sends file after file, never the last boundary, until the other side closes; counts what went out."""

    def __init__(self, writer: asyncio.StreamWriter, opening: bytes) -> None:
        self._writer = writer
        self._chunk = opening.removesuffix(b"--batas--\r\n")
        self.sent = 0

    async def run(self) -> None:
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


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    async with asyncio.timeout(10):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-len"))
        return int(head.split()[1]), json.loads(await reader.readexactly(length))
