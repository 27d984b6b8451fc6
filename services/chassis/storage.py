"""The only place that builds an object store client. Invariant: a key is written once and its bytes never change.

The client is minio's, as given, and speaks to any S3; it blocks, so calls run on threads of this module's own pool.
Bodies are streamed in both directions: memory does not grow with the size of a scan.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.datatypes import Part
from minio.error import MinioException, S3Error
from pydantic import BaseModel, ConfigDict, SecretStr

P = ParamSpec("P")
T = TypeVar("T")
CHUNK = 64 * 1024
PART_SIZE = 16 * 1024 * 1024
THREADS = 32
LEAST_PART = 5 * 1024 * 1024
"""S3 takes no part that is shorter, unless it is the last."""


class StorageUnavailable(Exception):
    """The object store does not answer or refuses to work."""


class ObjectMissing(Exception):
    """There is no object under this key."""


@dataclass(frozen=True)
class Stored:
    """An object in the store: its key, size in bytes and when it was put."""

    key: str
    size: int
    put_at: datetime


class StorageSettings(BaseModel):
    """Where the store is and with what it is opened; ``folder`` where the key reaches no more than one."""

    model_config = ConfigDict(frozen=True)

    endpoint: str
    access_key: SecretStr
    secret_key: SecretStr
    bucket: str = "lontar"
    region: str = "us-east-1"
    folder: str = ""


class ObjectStorage(Protocol):
    """What services need of an object store."""

    async def put(self, key: str, content: BinaryIO, size: int, media_type: str) -> None:
        """Store ``size`` bytes of ``content`` from its present position."""
        ...

    async def stat(self, key: str) -> Stored:
        """What is stored under ``key``; raises ObjectMissing."""
        ...

    def read(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``offset``, ``length`` of them or to the end; raises ObjectMissing at the first chunk."""
        ...

    async def remove(self, key: str) -> None:
        """Delete; nothing happens where there is nothing."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[Stored]:
        """Everything whose key starts with ``prefix``."""
        ...

    async def begin_parts(self, key: str, media_type: str) -> str:
        """Begin an object that comes in parts; gives what its parts are put with."""
        ...

    async def put_part(self, key: str, begun: str, number: int, content: bytes) -> str:
        """Put a part, of LEAST_PART bytes or more unless it is the last; gives its tag. Parts are no object yet."""
        ...

    async def join_parts(self, key: str, begun: str, parts: Sequence[tuple[int, str]]) -> None:
        """Make the object of these parts, number and tag each, in order of number; other parts are thrown away.

        Raises ObjectMissing where nothing was begun so or it was abandoned, and may where it was joined already.
        """
        ...

    async def abandon_parts(self, key: str) -> None:
        """Throw away whatever was begun under ``key`` and not joined; nothing happens where there is nothing."""
        ...

    async def reachable(self) -> bool:
        """Whether the store answers for what is ours."""
        ...


class S3Storage:
    """ObjectStorage on any S3 through minio's client."""

    def __init__(self, settings: StorageSettings) -> None:
        address = urlsplit(settings.endpoint if "//" in settings.endpoint else f"//{settings.endpoint}")
        self._bucket = settings.bucket
        self._folder = settings.folder
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="s3")
        self._client = Minio(
            address.netloc,
            access_key=settings.access_key.get_secret_value(),
            secret_key=settings.secret_key.get_secret_value(),
            secure=address.scheme == "https",
            region=settings.region,
            http_client=urllib3.PoolManager(
                maxsize=THREADS,
                timeout=urllib3.Timeout(connect=3, read=30),
                retries=urllib3.Retry(total=2, backoff_factor=0.1, status_forcelist=[500, 502, 503, 504]),
            ),
        )

    async def put(self, key: str, content: BinaryIO, size: int, media_type: str) -> None:
        """See ObjectStorage."""
        await self._call(
            self._client.put_object,
            self._bucket,
            key,
            content,
            size,
            content_type=media_type,
            part_size=PART_SIZE,
        )

    async def stat(self, key: str) -> Stored:
        """See ObjectStorage."""
        found = await self._call(self._client.stat_object, self._bucket, key)
        assert found.last_modified is not None  # noqa: S101 - a HEAD always tells
        return Stored(key, found.size or 0, found.last_modified)

    async def read(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See ObjectStorage."""
        response = await self._call(self._client.get_object, self._bucket, key, offset=offset, length=length or 0)
        try:
            chunks: Iterator[bytes] = response.stream(CHUNK)
            while (chunk := await self._call(next, chunks, b"")) != b"":
                yield chunk
        finally:
            response.close()
            response.release_conn()

    async def remove(self, key: str) -> None:
        """See ObjectStorage."""
        await self._call(self._client.remove_object, self._bucket, key)

    async def keys(self, prefix: str) -> AsyncIterator[Stored]:
        """See ObjectStorage."""
        listing = iter(self._client.list_objects(self._bucket, prefix=prefix, recursive=True))
        while (found := await self._call(next, listing, None)) is not None:
            yield Stored(str(found.object_name), found.size or 0, found.last_modified)

    async def begin_parts(self, key: str, media_type: str) -> str:
        """See ObjectStorage."""
        headers: dict[str, str | list[str] | tuple[str]] = {"Content-Type": media_type}
        return await self._call(self._client._create_multipart_upload, self._bucket, key, headers)  # noqa: SLF001

    async def put_part(self, key: str, begun: str, number: int, content: bytes) -> str:
        """See ObjectStorage."""
        return await self._call(
            self._client._upload_part,  # noqa: SLF001 - the client shows of parts no more than these; 7.2 is pinned
            self._bucket,
            key,
            content,
            None,
            begun,
            number,
        )

    async def join_parts(self, key: str, begun: str, parts: Sequence[tuple[int, str]]) -> None:
        """See ObjectStorage."""
        named = [Part(number, tag) for number, tag in parts]
        await self._call(self._client._complete_multipart_upload, self._bucket, key, begun, named)  # noqa: SLF001

    async def abandon_parts(self, key: str) -> None:
        """See ObjectStorage."""
        client = self._client
        found = await self._call(client._list_multipart_uploads, self._bucket, prefix=key)  # noqa: SLF001
        for upload in found.uploads:
            if upload.object_name == key and upload.upload_id:
                with contextlib.suppress(ObjectMissing):
                    await self._call(client._abort_multipart_upload, self._bucket, key, upload.upload_id)  # noqa: SLF001

    async def reachable(self) -> bool:
        """See ObjectStorage. A key that reaches one folder may not ask after the bucket, but after that folder."""
        if not self._folder:
            return await self._call(self._client.bucket_exists, self._bucket)
        within = iter(self._client.list_objects(self._bucket, prefix=f"{self._folder}/"))
        await self._call(next, within, None)
        return True

    async def ensure_bucket(self) -> None:
        """Create the bucket where it is missing (set-up and tests; a deployment may forbid it to the service)."""
        if not await self.reachable():
            await self._call(self._client.make_bucket, self._bucket)

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, partial(function, *args, **kwargs))
        except S3Error as error:
            if error.code in ("NoSuchKey", "NoSuchObject", "NoSuchUpload"):
                raise ObjectMissing(str(error.object_name)) from None
            raise StorageUnavailable(f"the object store refused: {error.code}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            # MinioException also stands for an answer that is no S3's: a proxy's page in front of it, say.
            raise StorageUnavailable(f"the object store does not answer: {type(error).__name__}") from error
