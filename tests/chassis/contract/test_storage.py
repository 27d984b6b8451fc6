"""What every ObjectStorage keeps to: the double and the real one."""

import contextlib
import hashlib
import io
import secrets

import pytest

from services.chassis.ids import new_id
from services.chassis.storage import LEAST_PART, ObjectMissing, ObjectStorage, S3Storage, StorageUnavailable
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


class TestParts:
    """An object that comes in parts, perhaps through several processes and with parts nobody wants."""

    async def test_parts_are_joined_in_order_and_only_the_named_ones(self, store: ObjectStorage) -> None:
        key, first, last = f"t/{new_id()}", secrets.token_bytes(LEAST_PART), b"the end"
        begun = await store.begin_parts(key, "application/pdf")
        one = await store.put_part(key, begun, 1, first)
        await store.put_part(key, begun, 2, secrets.token_bytes(LEAST_PART))
        four = await store.put_part(key, begun, 4, last)
        await store.join_parts(key, begun, [(1, one), (4, four)])
        assert await everything(store, key) == first + last

    async def test_there_is_no_object_before_the_parts_are_joined(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        await store.put_part(key, await store.begin_parts(key, "text/plain"), 1, b"abc")
        with pytest.raises(ObjectMissing):
            await store.stat(key)

    async def test_a_tag_stands_for_the_bytes_it_was_given_for_or_is_refused(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        begun = await store.begin_parts(key, "text/plain")
        tag = await store.put_part(key, begun, 1, b"abc")
        await store.put_part(key, begun, 1, b"xyz")
        with contextlib.suppress(StorageUnavailable):
            await store.join_parts(key, begun, [(1, tag)])
            assert await everything(store, key) == b"abc"

    async def test_joining_twice_harms_nothing(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        begun = await store.begin_parts(key, "text/plain")
        parts = [(1, await store.put_part(key, begun, 1, b"abc"))]
        await store.join_parts(key, begun, parts)
        with contextlib.suppress(ObjectMissing):
            await store.join_parts(key, begun, parts)
        assert await everything(store, key) == b"abc"

    async def test_what_is_abandoned_cannot_be_joined(self, store: ObjectStorage) -> None:
        key = f"t/{new_id()}"
        begun = await store.begin_parts(key, "text/plain")
        tag = await store.put_part(key, begun, 1, b"abc")
        await store.abandon_parts(key)
        await store.abandon_parts(key)
        with pytest.raises(ObjectMissing):
            await store.join_parts(key, begun, [(1, tag)])
