"""Go on with an upload. Invariant: whatever ends the request, what was counted before stays, and no byte counts twice.

What has come is saved when the connection breaks, when a newer request goes on with the upload, when the process is
told to stop, and every few seconds besides: whoever is killed outright loses no more than those.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Any

from services.chassis.auth import Principal
from services.chassis.errors import CHECKSUM_MISMATCH, ServiceError, conflict, unavailable
from services.intake.commands.uploads.arrival import Arrival
from services.intake.commands.uploads.find_upload import find_upload
from services.intake.commands.uploads.holds import Hold, interrupted
from services.intake.context import Context
from services.intake.domain.uploads.checksum import Checksum
from services.intake.domain.uploads.upload import Upload


class ClientGone(Exception):
    """The connection broke."""


class Body:
    """A request's body. ``receive`` gives its next bytes and whether more follow, or raises ClientGone."""

    def __init__(
        self,
        receive: Callable[[], Awaitable[tuple[bytes, bool]]],
        announced: int | None,
        checksum: Checksum | None,
        stopping: asyncio.Event,
    ) -> None:
        self.receive = receive
        self.announced = announced
        """How long it says it is, where it says so."""
        self.checksum = checksum
        self.stopping = stopping


async def receive_upload(context: Context, caller: Principal, upload_id: str, offset: int, body: Body) -> Upload:
    """How the upload stands when the body has ended; ServiceError or ClientGone where it did not end well."""
    upload = await find_upload(context, caller, upload_id)
    if upload.state != "arriving":
        _judge(upload, offset, body)
        return upload
    async with context.holds.hold(upload_id) as hold:
        upload = await find_upload(context, caller, upload_id)
        _judge(upload, offset, body)
        if upload.state != "arriving":
            return upload
        arrival = Arrival(context, hold, upload, provisional=body.checksum is not None)
        try:
            await _pour(context, body, hold, arrival)
        finally:
            arrival.close()
        return arrival.upload


def _judge(upload: Upload, offset: int, body: Body) -> None:
    if upload.offset != offset:
        detail = f"Unggahan ini sudah sampai byte ke-{upload.offset}. Lanjutkan dari sana."
        error = conflict("offset_mismatch", detail, offset=upload.offset)
        error.headers["Upload-Offset"] = str(upload.offset)
        raise error
    if (body.announced or 0) > upload.length - upload.offset:
        raise _too_long()


async def _pour(context: Context, body: Body, hold: Hold, arrival: Arrival) -> None:
    checksum = body.checksum
    try:
        async with aclosing(_chunks(context, body, hold, arrival)) as chunks:
            async for data in chunks:
                if arrival.offset + len(data) > arrival.upload.length:
                    raise _too_long()
                if checksum:
                    checksum.look(data)
                await arrival.take(data)
    except (ClientGone, ServiceError):
        # A part of a request proves nothing against its checksum.
        await (arrival.forget() if checksum else arrival.save())
        raise
    if checksum and not checksum.holds:
        await arrival.forget()
        detail = "Data yang diterima tidak sama dengan yang dikirim. Silakan kirim ulang bagian ini."
        raise ServiceError(CHECKSUM_MISMATCH, "checksum_mismatch", detail)
    await arrival.save()
    await arrival.count()


async def _chunks(context: Context, body: Body, hold: Hold, arrival: Arrival) -> AsyncGenerator[bytes, None]:
    """The body's bytes as they come; meanwhile what waits too long is saved."""
    idle, more, heard = context.settings.upload_idle_seconds, True, time.monotonic()
    waits = [asyncio.ensure_future(event.wait()) for event in (hold.wanted, body.stopping)]
    coming: asyncio.Future[tuple[bytes, bool]] | None = None
    try:
        while more:
            coming = coming or asyncio.ensure_future(body.receive())
            until = min(heard + idle, arrival.save_at or heard + idle)
            await _any((coming, *waits), until - time.monotonic())
            if coming.done():
                (data, more), coming, heard = coming.result(), None, time.monotonic()
                yield data
            elif hold.wanted.is_set():
                raise interrupted()
            elif body.stopping.is_set():
                raise unavailable()
            elif time.monotonic() >= heard + idle:
                raise ServiceError(408, "body_timeout", "Kiriman terhenti terlalu lama. Silakan lanjutkan.")
            if arrival.save_at and time.monotonic() >= arrival.save_at:
                await arrival.save()
    finally:
        for task in (*waits, coming):
            if task:
                task.cancel()


async def _any(tasks: Iterable["asyncio.Future[Any]"], seconds: float) -> None:
    await asyncio.wait(tasks, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)


def _too_long() -> ServiceError:
    return ServiceError(413, "upload_too_long", "Kiriman lebih panjang daripada yang diumumkan (Upload-Length).")
