"""What every ObjectStorage keeps to: the double and the real one."""

import hashlib
import io
import secrets

import pytest

from services.chassis.ids import new_id
from services.chassis.storage import ObjectMissing, ObjectStorage, S3Storage
from services.chassis.testing import InMemoryStorage


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest, storage: S3Storage) -> ObjectStorage:
    if request.param == "memory":
        return InMemoryStorage()
    return storage


async def everything(store: ObjectStorage, key: str, offset: int = 0, length: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.read(key, offset, length)])


class TestPut:
    async def test_the_bytes_come_back_as_they_went_in(self, store: ObjectStorage) -> None:
        key, content = f"t/{new_id()}", secrets.token_bytes(300_000)
        await store.put(key, io.BytesIO(content), len(content), "application/pdf")
        assert hashlib.sha256(await everything(store, key)).digest() == hashlib.sha256(content).digest()

    async def test_an_object_of_several_parts_comes_back_whole(self, store: ObjectStorage) -> None:
        key, content = f"t/{new_id()}", secrets.token_bytes(17 * 1024 * 1024)
        await store.put(key, io.BytesIO(content), len(content), "image/tiff")
        assert hashlib.sha256(await everything(store, key)).digest() == hashlib.sha256(content).digest()


class TestRead:
    async def test_a_range_is_cut_out_of_the_middle(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        await store.put(key, io.BytesIO(b"0123456789"), 10, "text/plain")
        assert await everything(store, key, 3, 4) == b"3456"

    async def test_an_offset_alone_reads_to_the_end(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        await store.put(key, io.BytesIO(b"0123456789"), 10, "text/plain")
        assert await everything(store, key, 7) == b"789"

    async def test_a_missing_key_is_said_to_be_missing(self, store: ObjectStorage) -> None:
        with pytest.raises(ObjectMissing):
            await everything(store, f"t/{new_id()}")


class TestStat:
    async def test_tells_the_size(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        await store.put(key, io.BytesIO(b"abc"), 3, "text/plain")
        assert (await store.stat(key)).size == 3

    async def test_a_missing_key_is_said_to_be_missing(self, store: ObjectStorage) -> None:
        with pytest.raises(ObjectMissing):
            await store.stat(f"t/{new_id()}")


class TestRemove:
    async def test_what_was_removed_is_missing(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        await store.put(key, io.BytesIO(b"abc"), 3, "text/plain")
        await store.remove(key)
        with pytest.raises(ObjectMissing):
            await store.stat(key)

    async def test_removing_what_is_not_there_does_nothing(self, store: ObjectStorage) -> None:
        await store.remove(f"t/{new_id()}")


class TestKeys:
    async def test_lists_what_starts_with_the_prefix_and_nothing_else(self, store: ObjectStorage) -> None:
        prefix = f"t/{new_id()}"
        for name in ("a", "b/c"):
            await store.put(f"{prefix}/{name}", io.BytesIO(b"x"), 1, "text/plain")
        await store.put(f"t/{new_id()}", io.BytesIO(b"x"), 1, "text/plain")
        assert [one.key async for one in store.keys(f"{prefix}/")] == [f"{prefix}/a", f"{prefix}/b/c"]


class TestReachable:
    async def test_says_so(self, store: ObjectStorage) -> None:
        assert await store.reachable()
