"""Scans on their way into the house: from a flatbed, a telephone, over a line that hardly carries them."""

import asyncio
import contextlib
import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace

import aiohttp
import pillow_heif
import pytest
from PIL import Image
from tusclient.client import TusClient

from deploy.demo import scan
from deploy.demo.client import Client, Json
from deploy.demo.organisation import unit_id
from deploy.demo.seed import demo_password
from tests.chassis.proxy import Proxy, proxied
from tests.flow.cast import Cast
from tests.flow.desk import arrived, opened, tracked
from tests.flow.scanning import copied, file_path, suggested
from tests.house import House, letter
from tests.intake import scans
from tests.intake.uploads.test_independent_client import cutting, id_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300), pytest.mark.usefixtures("copies")]
SLOW_LINE = 64_000 // 8
"""Bytes a second: what K14 asks for."""
PIECE = 2_000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@asynccontextmanager
async def watched(house: House, username: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """Somebody signed in, and every different thing they ask for; looking again at the same is no step more."""
    steps: list[str] = []

    async def note(_: aiohttp.ClientSession, __: SimpleNamespace, asked: aiohttp.TraceRequestStartParams) -> None:
        step = f"{asked.method} {asked.url.path}"
        if step not in steps:
            steps.append(step)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(note)
    client = await Client.open(house.stack.base_url, username, trace_configs=[trace])
    try:
        await client.sign_in(demo_password(house.stack.layout.root))
        steps.clear()
        yield client, steps
    finally:
        await client.close()


def as_suggested(found: Json) -> Json:
    """The letter as it was suggested; the rest as a clerk would choose it."""
    said = {name: found[name]["value"] for name in ("letter_number", "subject", "category") if found[name]}
    addressees = [{"kind": one["value"]["kind"], "id": one["value"]["id"]} for one in found["addressees"]]
    return letter(**said, addressees=addressees)


def heic(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    pillow_heif.from_pillow(picture).save(target, quality=50)
    return target.getvalue()


def jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=70)
    return target.getvalue()


def photographed_and_scanned(lines: Sequence[str]) -> dict[str, bytes]:
    """Three pages; takes a while, during which a loop that stood still would lose its connections."""
    return {
        "IMG_0001.HEIC": heic(scan.scanned_page(lines, seed=4)),
        "IMG_0002.jpg": jpeg(scan.scanned_page(lines, seed=5)),
        "pindai.pdf": scan.scanned_pdf(lines, seed=6),
    }


class TestK3:
    async def test_K3_from_scan_to_sent_in_five_steps_and_the_opd_sees_the_same_pages(
        self, house: House, cast: Cast
    ) -> None:
        (head,) = await cast("kadis.pu")
        content = await asyncio.to_thread(scan.scanned_pdf, scan.EQUIPMENT_LETTER, seed=3)
        async with watched(house, "desa.sekartaji") as (village, steps):
            scan_id = await village.upload_scan("surat.pdf", content)
            found = await suggested(village, f"/v1/scans/{scan_id}")
            page = await village.download(f"/v1/scans/{scan_id}/pages/1")
            sent = await village.register(as_suggested(found), [scan_id])
        assert len(steps) <= 5, steps
        assert found["letter_number"]["value"] == "005/117/SKT/XI/2026"
        assert found["subject"]["value"] == "Permohonan peminjaman alat berat"
        assert [one["value"]["id"] for one in found["addressees"]] == [unit_id("dinas-pu")]
        assert all(0 < found[name]["confidence"] <= 1 for name in ("letter_number", "subject"))

        await arrived(head, sent["id"])
        shown = await opened(head, sent["id"])
        assert [one["sha256"] for one in shown["files"]] == [sha256(content)]
        assert await head.download(file_path(shown)) == content
        assert await head.download(f"{file_path(shown)}/pages/1") == page
        picture = Image.open(io.BytesIO(page))
        assert (picture.format, max(picture.size)) == ("WEBP", 1400)
        assert shown["subject"] == "Permohonan peminjaman alat berat"


class TestK7:
    async def test_K7_a_telephones_photographs_and_a_flatbeds_pdf_are_one_letter(
        self, house: House, cast: Cast
    ) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        pages = await asyncio.to_thread(photographed_and_scanned, scan.EQUIPMENT_LETTER[:3])
        scan_ids = [await village.upload_scan(name, content) for name, content in pages.items()]
        for scan_id in scan_ids:
            await copied(village, f"/v1/scans/{scan_id}")
        sent = await village.register(letter(), scan_ids)
        await arrived(head, sent["id"])
        shown = await opened(head, sent["id"])
        kinds = ["image/heic", "image/jpeg", "application/pdf"]
        assert [one["media_type"] for one in shown["files"]] == kinds
        assert [one["sha256"] for one in shown["files"]] == [sha256(content) for content in pages.values()]
        for number in range(3):
            copies = await head.get(f"{file_path(shown, number)}/copies")
            assert (copies["state"], len(copies["pages"]), copies["failed_pages"]) == ("done", 1, [])
            preview = await head.download(f"{file_path(shown, number)}/pages/1?size=small")
            assert Image.open(io.BytesIO(preview)).format == "WEBP"
            assert (await head.download(f"{file_path(shown, number)}/normalised")).startswith(b"%PDF-")
            assert "117/SKT" in (await head.download(f"{file_path(shown, number)}/text")).decode()


class TestP8:
    async def test_P8_what_a_sender_from_outside_attached_lies_before_the_head_in_order(
        self, house: House, cast: Cast
    ) -> None:
        clerk, head = await cast("tu.pu", "kadis.pu")
        files = [
            ("surat.pdf", scans.pdf(2, pixels=(60, 80)), "application/pdf"),
            ("gambar rencana.tif", scans.tiff(3), "image/tiff"),
            ("foto lokasi.jpg", scans.jpeg(90, 120), "image/jpeg"),
            ("peta.png", scans.png(), "image/png"),
        ]
        sender = {"kind": "external", "name": "CV Karya Bahari"}
        sent = await clerk.send_letter(letter(sender=sender, subject="Penawaran pekerjaan dermaga"), files)
        await arrived(head, sent["id"])
        shown = await opened(head, sent["id"])
        assert shown["sender"]["name"] == "CV Karya Bahari"
        assert [(one["name"], one["pages"]) for one in shown["files"]] == [
            ("surat.pdf", 2),
            ("gambar rencana.tif", 3),
            ("foto lokasi.jpg", 1),
            ("peta.png", 1),
        ]
        for number, (_, content, _) in enumerate(files):
            assert await head.download(file_path(shown, number)) == content
        track = await tracked(head, sent["id"], lambda one: bool(one["branches"]))
        assert track["letter"]["sender"]["name"] == "CV Karya Bahari"


class Trickle:
    """An upload over a slow line; after so many bytes of each request the line is cut."""

    def __init__(self, proxy: Proxy, through: str, client: Client) -> None:
        self._proxy, self._through = proxy, through
        self._headers = {"Authorization": client._authorization()["Authorization"], "Tus-Resumable": "1.0.0"}

    async def offset(self, scan_id: str) -> int:
        """Up to where the bytes are there."""
        async with (
            aiohttp.ClientSession(self._through, headers=self._headers) as http,
            http.head(f"/v1/uploads/{scan_id}") as answer,
        ):
            assert answer.status == 200
            return int(answer.headers["Upload-Offset"])

    async def send(self, scan_id: str, content: bytes, begin: int, cut_after: int | None = None) -> int:
        """Go on from ``begin``; the status, or 0 where the line was cut."""
        headers = {
            "Upload-Offset": str(begin),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(content) - begin),
        }
        async with aiohttp.ClientSession(self._through, headers=self._headers) as http:
            with contextlib.suppress(aiohttp.ClientError):
                body = self._pieces(content[begin:], cut_after)
                async with http.patch(f"/v1/uploads/{scan_id}", data=body, headers=headers) as answer:
                    return answer.status
        return 0

    async def _pieces(self, content: bytes, cut_after: int | None) -> AsyncIterator[bytes]:
        for begin in range(0, len(content), PIECE):
            if cut_after is not None and begin >= cut_after:
                self._proxy.reset()
            yield content[begin : begin + PIECE]
            await asyncio.sleep(PIECE / SLOW_LINE)


class TestK14:
    async def test_K14_at_64_kbit_a_second_an_upload_that_is_cut_goes_on_where_it_was(
        self, house: House, cast: Cast
    ) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        content = scans.pdf_of_size(40_000)
        headers = village._authorization() | {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content))}
        async with village._http.post("/v1/uploads", headers=headers) as answer:
            scan_id = answer.headers["Location"].rpartition("/")[2]
        async with proxied(house.stack.base_url) as (proxy, through):
            line = Trickle(proxy, through, village)
            reached = 0
            for cut_after in (10_000, 14_000):
                assert await line.send(scan_id, content, reached, cut_after) == 0
                before, reached = reached, await line.offset(scan_id)
                assert reached - before >= cut_after - 4 * PIECE, "what came before the cut is kept"
            assert reached < len(content)
            assert await line.send(scan_id, content, reached) == 204
        sent = await village.register(letter(), [scan_id])
        await arrived(head, sent["id"])
        await opened(head, sent["id"])
        assert await head.download(file_path(sent)) == content

    async def test_K14_a_client_by_others_gets_through_the_gateway_over_a_line_that_breaks(
        self, house: House, cast: Cast
    ) -> None:
        (village,) = await cast("desa.sekartaji")
        content = scans.pdf_of_size(1_500_000)
        async with proxied(house.stack.base_url) as (proxy, through):
            client = TusClient(f"{through}/v1/uploads", headers=village._authorization())
            sending = client.uploader(
                file_stream=io.BytesIO(content),
                chunk_size=100_000,
                retries=200,
                retry_delay=0,
                metadata={"filename": "a"},
            )
            sending.set_url(await asyncio.to_thread(sending.create_url))
            async with cutting(proxy, 14):
                await asyncio.to_thread(sending.upload)
        assert proxy.accepted > 15
        path = f"/v1/scans/{id_of(sending)}"
        await until_equal(lambda: village.get(path), lambda one: one["state"] == "ready")
        assert await village.download(f"{path}/file") == content
