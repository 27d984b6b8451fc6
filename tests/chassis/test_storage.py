"""The object store beyond its contract suite: when it is away, and when a reader leaves early."""

import asyncio
import io

import pytest

from services.chassis.ids import new_id
from services.chassis.storage import S3Storage, StorageSettings, StorageUnavailable
from tests.chassis.proxy import proxied
from tests.servers import Servers


class TestAbsence:
    async def test_is_told_apart_from_a_missing_object(self) -> None:
        nobody = S3Storage(
            StorageSettings.model_validate({"endpoint": "http://127.0.0.1:9", "access_key": "a", "secret_key": "b"})
        )
        with pytest.raises(StorageUnavailable):
            await asyncio.wait_for(nobody.stat("x"), 60)

    async def test_in_the_middle_of_a_read_is_raised(self, servers: Servers, storage: S3Storage) -> None:
        key = f"t/{new_id()}"
        await storage.put(key, io.BytesIO(bytes(8_000_000)), 8_000_000, "application/pdf")
        async with proxied(servers.s3["endpoint"]) as (proxy, url):
            distant = S3Storage(StorageSettings.model_validate(servers.s3 | {"endpoint": url}))
            read = 0

            async def reading() -> None:
                nonlocal read
                async for chunk in distant.read(key):
                    if not read:
                        await proxy.cut()
                    read += len(chunk)

            with pytest.raises(StorageUnavailable):
                await asyncio.wait_for(reading(), 90)
            assert read < 8_000_000

    async def test_with_wrong_keys_is_not_mistaken_for_a_missing_object(self, servers: Servers) -> None:
        stranger = S3Storage(StorageSettings.model_validate(servers.s3 | {"secret_key": "wrong" * 8}))
        with pytest.raises(StorageUnavailable):
            await stranger.stat("x")


class TestRead:
    async def test_left_early_gives_its_connection_back(self, storage: S3Storage) -> None:
        key = f"t/{new_id()}"
        await storage.put(key, io.BytesIO(bytes(1_000_000)), 1_000_000, "application/pdf")
        for _ in range(80):  # more than there are connections
            stream = storage.read(key)
            await anext(stream)
            await stream.aclose()  # type: ignore[attr-defined]
        assert (await storage.stat(key)).size == 1_000_000
