"""K14: a client library that somebody else wrote (tuspy), over lines that break when they like."""

import asyncio
import contextlib
import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from tests.chassis.proxy import Proxy, proxied
from tests.intake import scans
from tests.intake.uploads.test_interruptions import url_of
from tests.intake.uploads.tus import Tus
from tests.intake.world import SMALL_PDF, World


def uploader(world: World, base: str, content: bytes, **options: Any) -> Uploader:
    """The library's uploader of this file."""
    client = TusClient(f"{base}/v1/uploads", headers=world.headers())
    given: dict[str, Any] = {"metadata": {"filename": "surat.pdf", "filetype": "application/pdf"}} | options
    return client.uploader(file_stream=io.BytesIO(content), **given)


def id_of(done: Uploader) -> str:
    """The upload's id."""
    return str(done.url).rsplit("/", 1)[-1]


@asynccontextmanager
async def cutting(proxy: Proxy, seed: int) -> AsyncIterator[None]:
    """Reset every connection at moments that only the seed knows."""
    chance = random.Random(seed)

    async def cut() -> None:
        while True:
            await asyncio.sleep(0.15 + chance.random() * 0.35)
            proxy.reset()

    task = asyncio.create_task(cut())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class TestWholeLine:
    """Nothing breaks."""

    @pytest.mark.parametrize("chunk", [100_000, 5_300_000, 50_000_000])
    async def test_a_file_in_chunks_of_any_size(self, tus: Tus, world: World, chunk: int) -> None:
        content = scans.pdf_of_size(5_700_000 if chunk > 100_000 else 700_000)
        sending = uploader(world, url_of(world), content, chunk_size=chunk)
        await asyncio.to_thread(sending.upload)
        assert await tus.original(id_of(sending)) == content

    async def test_every_chunk_with_its_checksum(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(400_000)
        sending = uploader(world, url_of(world), content, chunk_size=90_000, upload_checksum=True)
        await asyncio.to_thread(sending.upload)
        assert await tus.original(id_of(sending)) == content

    async def test_an_upload_that_was_left_is_found_again_by_its_address(self, tus: Tus, world: World) -> None:
        first = uploader(world, url_of(world), SMALL_PDF, chunk_size=500)
        await asyncio.to_thread(first.upload, 1000)
        again = await asyncio.to_thread(
            lambda: uploader(world, url_of(world), SMALL_PDF, chunk_size=500, url=first.url)
        )
        assert again.offset == 1000
        await asyncio.to_thread(again.upload)
        assert await tus.original(id_of(again)) == SMALL_PDF


class TestBreakingLine:
    """Every connection is reset, again and again."""

    @pytest.mark.parametrize("seed", [1, 2])
    async def test_K14_the_same_bytes_arrive(self, tus: Tus, world: World, seed: int) -> None:
        content = scans.pdf_of_size(3_000_000)
        async with proxied(url_of(world)) as (proxy, through):
            sending = uploader(world, through, content, chunk_size=60_000, retries=500, retry_delay=0)
            sending.set_url(f"{through}/v1/uploads/{await tus.begun(len(content))}")
            async with cutting(proxy, seed):
                await asyncio.to_thread(sending.upload)
            assert proxy.accepted > 50
        assert await tus.original(id_of(sending)) == content

    async def test_K14_in_one_great_chunk_too(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(12_000_000)
        async with proxied(url_of(world)) as (proxy, through):
            sending = uploader(world, through, content, retries=500, retry_delay=0)
            sending.set_url(f"{through}/v1/uploads/{await tus.begun(len(content))}")
            async with cutting(proxy, 3):
                await asyncio.to_thread(sending.upload)
        assert await tus.original(id_of(sending)) == content
