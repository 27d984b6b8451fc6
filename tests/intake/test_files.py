"""GET /v1/letters/{id}/files/{file_id}: the original as it was handed in, whole or in part, or not at all."""

import asyncio
import base64
import hashlib
import io
import logging
from typing import Any

import aiohttp
import pytest

from services.chassis.ids import new_id
from tests.intake import scans
from tests.intake.world import World
from tests.people import principal

CONTENT = scans.pdf_of_size(300_000)
DIGEST = hashlib.sha256(CONTENT)


async def _path(world: World, name: str = "surat.pdf") -> str:
    body = await world.registered(files=[(name, CONTENT)])
    return f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}"


class TestWhole:
    """The whole original."""

    async def test_K3_agency_gets_the_very_bytes_the_village_scanned(self, world: World) -> None:
        answer = await world.download(await _path(world), world.head)
        assert (answer.status, answer.body) == (200, CONTENT)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Length"] == str(len(CONTENT))
        expected = base64.b64encode(DIGEST.digest()).decode()
        assert answer.headers["Repr-Digest"] == f"sha-256=:{expected}:"
        assert answer.headers["ETag"] == f'"{DIGEST.hexdigest()}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Cache-Control"] == "private, no-cache"

    async def test_image_is_shown_in_a_sandbox(self, world: World) -> None:
        body = await world.registered(files=[("foto.png", scans.png())])
        answer = await world.download(f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}")
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"sandbox", "default-src 'none'"} <= set(policy)

    async def test_pdf_is_bound_without_what_keeps_browsers_from_showing_it(self, world: World) -> None:
        path = await _path(world)
        whole, part = await world.download(path), await world.download(path, Range="bytes=0-9")
        policy = whole.headers["Content-Security-Policy"]
        assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"} == set(policy.split("; "))
        assert part.headers["Content-Security-Policy"] == policy

    async def test_name_is_given_for_old_and_new_clients(self, world: World) -> None:
        answer = await world.download(await _path(world, 'Surat "Désa" 50%.pdf'))
        disposition = answer.headers["Content-Disposition"]
        expected = "filename*=UTF-8''Surat%20%22D%C3%A9sa%22%2050%25.pdf"
        assert disposition == f'inline; filename="Surat _D_sa_ 50_.pdf"; {expected}'

    async def test_known_copy_is_confirmed_without_being_sent(self, world: World) -> None:
        path = await _path(world)
        answer = await world.download(path, If_None_Match=f'"x", W/"{DIGEST.hexdigest()}"')
        assert (answer.status, answer.body) == (304, b"")
        assert (await world.download(path, If_None_Match='"x"')).status == 200

    async def test_memory_does_not_grow_with_the_file(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        path = await _path(world)
        pieces: list[int] = []
        read = world.storage.read

        async def watched(*args: Any) -> Any:
            async for piece in read(*args):
                pieces.append(len(piece))
                yield piece

        monkeypatch.setattr(world.storage, "read", watched)
        assert (await world.download(path)).status == 200
        assert sum(pieces) == len(CONTENT)
        assert max(pieces) <= 64 * 1024


class TestPart:
    """A range of it."""

    @pytest.mark.parametrize(
        ("wanted", "start", "end"),
        [
            ("bytes=0-99", 0, 100),
            ("bytes=100-", 100, 300_000),
            ("bytes=-10", 299_990, 300_000),
            ("bytes=299999-", 299_999, 300_000),
            ("bytes=200000-999999999", 200_000, 300_000),
            ("bytes=-999999999", 0, 300_000),
            ("BYTES= 5 - 5", 5, 6),
        ],
    )
    async def test_one_range(self, world: World, wanted: str, start: int, end: int) -> None:
        answer = await world.download(await _path(world), Range=wanted)
        assert (answer.status, answer.body) == (206, CONTENT[start:end])
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/300000"
        assert answer.headers["Content-Length"] == str(end - start)
        assert answer.headers["Repr-Digest"].startswith("sha-256=:")

    @pytest.mark.parametrize("wanted", ["bytes=300000-", "bytes=999999-1000000", "bytes=-0", f"bytes={'9' * 5000}-"])
    async def test_range_outside(self, world: World, wanted: str) -> None:
        path = await _path(world)
        answer = await world.get(path, Range=wanted)
        assert (answer.status, answer.code) == (416, "range_outside")
        assert answer.headers["Content-Range"] == "bytes */300000"

    @pytest.mark.parametrize("wanted", ["bytes=-", "bytes=9-5", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b"])
    async def test_what_is_no_single_range_gets_the_whole(self, world: World, wanted: str) -> None:
        answer = await world.download(await _path(world), Range=wanted)
        assert (answer.status, answer.body) == (200, CONTENT)

    async def test_K14_interrupted_download_is_resumed(self, world: World) -> None:
        path = await _path(world)
        first = await world.download(path, Range="bytes=0-149999")
        rest = await world.download(path, Range="bytes=150000-", If_Range=first.headers["ETag"])
        assert rest.status == 206
        assert first.body + rest.body == CONTENT

    async def test_resuming_another_version_gets_the_whole(self, world: World) -> None:
        answer = await world.download(await _path(world), Range="bytes=5-", If_Range='"lama"')
        assert (answer.status, answer.body) == (200, CONTENT)


class TestRefused:
    """Not for everybody."""

    async def test_somebody_elses_letter(self, world: World) -> None:
        answer = await world.get(await _path(world), principal(world.neighbour))
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_unknown_file(self, world: World) -> None:
        path = await _path(world)
        answer = await world.get(f"{path.rsplit('/', 1)[0]}/{new_id()}")
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_file_of_another_letter(self, world: World) -> None:
        letter, file = (await _path(world)).split("/files/")[0], (await _path(world)).split("/files/")[1]
        assert (await world.get(f"{letter}/files/{file}")).status == 404

    async def test_without_a_token(self, world: World) -> None:
        async with world.http.get(await _path(world)) as response:
            assert response.status == 401


class TestAltered:
    """What the store holds is not what was registered."""

    async def _altered(self, world: World, content: bytes) -> str:
        path = await _path(world)
        (key,) = await world.new_keys()
        await world.storage.put(key, io.BytesIO(content), len(content), "application/pdf")
        return path

    async def test_altered_original_is_cut_before_its_end(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        path = await self._altered(world, CONTENT[:-1] + b"X")
        with caplog.at_level(logging.ERROR, "services.chassis"), pytest.raises(aiohttp.ClientPayloadError):
            await world.download(path)
        assert "is not what was kept" in caplog.text

    async def test_shortened_original_is_no_success(self, world: World) -> None:
        path = await self._altered(world, CONTENT[:200_000])
        with pytest.raises(aiohttp.ClientPayloadError):
            await world.download(path)

    async def test_small_altered_original_is_a_problem(self, world: World) -> None:
        path = await self._altered(world, b"%PDF-palsu")
        answer = await world.get(path)
        assert (answer.status, answer.code) == (500, "scan_lost")

    async def test_lost_original_is_a_problem(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        path = await _path(world)
        (key,) = await world.new_keys()
        await world.storage.remove(key)
        with caplog.at_level(logging.ERROR, "services.chassis"):
            answer = await world.get(path)
        assert (answer.status, answer.code) == (500, "scan_lost")
        assert key in caplog.text
        assert key not in str(answer.body)

    async def test_reader_that_goes_away_leaves_no_connection_behind(self, world: World) -> None:
        path = await _path(world)
        for _ in range(3):
            async with world.http.get(path, headers=world.headers()) as response:
                await response.content.read(1000)
                response.close()
        await asyncio.sleep(0.1)
        assert (await world.download(path)).body == CONTENT
