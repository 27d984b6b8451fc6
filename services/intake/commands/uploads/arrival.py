"""Bytes of one request on their way into the store. Invariant: what is counted is in the store, and counted once.

At most one part is gathered here, on disk past ``spool_bytes``. What the request's checksum has yet to prove is put,
but not counted: should it prove wrong nothing has happened.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.storage import LEAST_PART, ObjectStorage, StorageUnavailable
from services.intake.commands.uploads.holds import Hold, interrupted
from services.intake.commands.uploads.places import piece_key
from services.intake.context import Context
from services.intake.domain.uploads.upload import MEDIA_TYPE, Part, Piece, Upload

log = logging.getLogger(__name__)
MOST_PIECES = 64
IN_VAIN = 20
"""How many times its length an upload may put into the store, for requests that prove wrong or break off."""
CHECK_AFTER = timedelta(seconds=20)
"""What is whole is judged at once by the process that got it; if that died, by whoever looks after this long."""


class Arrival:
    """``upload`` is how it stands with all that was saved here, counted yet or not."""

    def __init__(self, context: Context, hold: Hold, upload: Upload, *, provisional: bool) -> None:
        self._context = context
        self._hold = hold
        self._counted = self.upload = upload
        self._provisional = provisional
        self._in_memory = context.settings.spool_bytes
        self._spool = self._new_spool()
        self._size = 0
        self._waiting_since = 0.0

    @property
    def offset(self) -> int:
        """How far the client has come."""
        return self.upload.offset + self._size

    @property
    def save_at(self) -> float | None:
        """By when, on the monotonic clock, what has come should be saved; None where nothing waits for it."""
        return self._waiting_since + self._context.settings.upload_save_seconds if self._size else None

    async def take(self, data: bytes) -> None:
        """The next bytes."""
        self._waiting_since = self._waiting_since if self._size else time.monotonic()
        if self._size + len(data) > self._in_memory:
            await asyncio.to_thread(self._spool.write, data)
        else:
            self._spool.write(data)
        self._size += len(data)
        if self.upload.loose + self._size >= LEAST_PART:
            await self._cut_part()

    async def save(self) -> None:
        """Put what has come, though it is no part yet."""
        if self._size:
            piece = Piece(key=piece_key(self.upload.id), size=self._size)
            self._spool.seek(0)
            await self._context.storage.put(piece.key, self._spool, self._size, MEDIA_TYPE)
            self.upload = self.upload.with_piece(piece)
            self._empty()
            if len(self.upload.pieces) >= MOST_PIECES:
                await self._put_together()
        await self._settle()

    async def count(self) -> None:
        """Count all that was saved; from here on the client need not send it again."""
        if self.upload == self._counted:
            return
        until = now() + timedelta(days=self._context.settings.upload_days)
        state, check_at = ("checking", now() + CHECK_AFTER) if self.upload.whole else ("arriving", None)
        after = self.upload.model_copy(update={"expires_at": until, "state": state})
        if not await self._context.uploads.advance(self._counted, after, self._hold.holder, check_at):
            raise interrupted()
        superseded = self._counted.superseded(after)
        self._counted = self.upload = after
        await remove_pieces(self._context.storage, superseded)

    async def forget(self) -> None:
        """Take back what was put and not counted; parts vanish when the others are joined."""
        await remove_pieces(self._context.storage, self.upload.superseded(self._counted))
        self.upload = self._counted
        self._empty()

    def close(self) -> None:
        """Nothing more comes."""
        self._spool.close()

    async def _cut_part(self) -> None:
        storage = self._context.storage
        async with self._context.holds.sending:
            await self._take_number()
            begun = self.upload.begun or await storage.begin_parts(self.upload.key, MEDIA_TYPE)
            before = await read_pieces(storage, self.upload.pieces)
            content = await asyncio.to_thread(self._gathered, before)
            tag = await storage.put_part(self.upload.key, begun, self.upload.numbers, content)
        self.upload = self.upload.with_part(Part(number=self.upload.numbers, tag=tag, size=len(content)), begun)
        self._empty()
        await self._settle()

    async def _take_number(self) -> None:
        """Nobody else may ever put a part under the number of one that is counted: the last put wins.

        What was put in vain lies in the store until the upload ends, so there is a bound to that.
        """
        if self.upload.numbers >= IN_VAIN * (self.upload.length // LEAST_PART + 1):
            raise _worn()
        if not await self._context.uploads.take_number(self.upload, self._hold.holder):
            raise interrupted()
        numbers = self.upload.numbers + 1
        self.upload = self.upload.model_copy(update={"numbers": numbers})
        self._counted = self._counted.model_copy(update={"numbers": numbers})

    async def _put_together(self) -> None:
        storage = self._context.storage
        async with self._context.holds.sending:
            content = await read_pieces(storage, self.upload.pieces)
            piece = Piece(key=piece_key(self.upload.id), size=len(content))
            await put_bytes(storage, piece.key, content)
        mine = self.upload.superseded(self._counted)
        self.upload = self.upload.with_one_piece(piece)
        await remove_pieces(storage, mine)

    async def _settle(self) -> None:
        if not self._provisional:
            await self.count()

    def _gathered(self, before: bytes) -> bytes:
        """What is here behind what came before it; a part is not copied where it need not be."""
        self._spool.seek(0)
        gathered = self._spool.read()
        return before + gathered if before else gathered

    def _empty(self) -> None:
        self._spool.close()
        self._spool = self._new_spool()
        self._size = 0

    def _new_spool(self) -> BinaryIO:
        return cast(BinaryIO, SpooledTemporaryFile(max_size=self._in_memory))


async def read_pieces(storage: ObjectStorage, pieces: Sequence[Piece]) -> bytes:
    """The bytes of pieces, together less than a part and what one request may add to it."""
    return b"".join([chunk for piece in pieces async for chunk in storage.read(piece.key)])


async def put_bytes(storage: ObjectStorage, key: str, content: bytes) -> None:
    """Put what is in memory."""
    with SpooledTemporaryFile(max_size=len(content) + 1) as spool:
        spool.write(content)
        spool.seek(0)
        await storage.put(key, cast(BinaryIO, spool), len(content), MEDIA_TYPE)


async def remove_pieces(storage: ObjectStorage, pieces: Sequence[Piece]) -> None:
    """Remove pieces nobody needs; those that stay go with the whole folder when the upload is forgotten."""
    with contextlib.suppress(StorageUnavailable):
        for piece in pieces:
            await storage.remove(piece.key)


def _worn() -> ServiceError:
    detail = "Unggahan ini terlalu sering gagal. Silakan mulai unggahan baru, dengan potongan yang lebih kecil."
    return ServiceError(410, "upload_worn", detail)
