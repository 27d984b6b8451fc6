"""What the doors of tus 1.0 share. Invariant: each answer, a refusal too, says which version of it is spoken."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from services.chassis.auth import Principal, require
from services.chassis.errors import ServiceError
from services.chassis.refusals import refusal_of
from services.intake.commands.uploads.receive_upload import Body, ClientGone
from services.intake.domain.uploads.checksum import ALGORITHMS, Checksum, Unreadable
from services.intake.domain.uploads.upload import Upload
from services.intake.settings import IntakeSettings

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
OFFSET_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,18}")


class TusRoute(APIRoute):
    """A route whose refusals carry the version."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See APIRoute."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as invalid:
                error = refusal_of(invalid.errors())
            except ServiceError as refusal:
                error = refusal
            error.headers["Tus-Resumable"] = VERSION
            if error.status == 412:
                error.headers["Tus-Version"] = VERSION
            raise error

        return handled


_registrar = require("letters:register")


async def _speaks_tus(
    caller: Annotated[Principal, Depends(_registrar)],
    tus_resumable: Annotated[str | None, Header(description="The version of tus the client speaks: 1.0.0.")] = None,
) -> Principal:
    if tus_resumable != VERSION:
        raise ServiceError(412, "tus_version", "Versi protokol unggahan tidak didukung.")
    return caller


Uploader = Annotated[Principal, Depends(_speaks_tus)]
"""Who may register letters and speaks our version of the protocol."""


def number(request: Request, name: str) -> int | None:
    """A header that is a number, or None where it is absent; 400 for anything else."""
    given = request.headers.get(name)
    if given is None:
        return None
    if not _NUMBER.fullmatch(given):
        raise ServiceError(400, "bad_request", f"Header permintaan {name} tidak dapat dibaca.")
    return int(given)


def length_of(request: Request) -> int:
    """How long the upload is to be."""
    length = number(request, "Upload-Length")
    if length is None:
        raise ServiceError(400, "length_required", "Panjang berkas (Upload-Length) wajib disebut.")
    return length


def body_of(request: Request) -> Body:
    """The request's body, to be read."""

    async def receive() -> tuple[bytes, bool]:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ClientGone
        return message.get("body", b""), message.get("more_body", False)

    stopping: asyncio.Event = request.app.state.stopping
    return Body(receive, number(request, "Content-Length"), _checksum(request), stopping)


def carries_bytes(request: Request) -> bool:
    """Whether the body is a stretch of the file."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == OFFSET_TYPE


def state_of(upload: Upload) -> dict[str, str]:
    """The headers that say how an upload stands."""
    headers = {"Tus-Resumable": VERSION, "Upload-Offset": str(upload.offset), "Cache-Control": "no-store"}
    if upload.state == "arriving":
        headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return headers


def abilities(settings: IntakeSettings) -> dict[str, str]:
    """The headers that say what is spoken here."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(settings.max_resumable_bytes),
    }


def _checksum(request: Request) -> Checksum | None:
    given = request.headers.get("upload-checksum")
    try:
        return None if given is None else Checksum(given)
    except Unreadable:
        raise ServiceError(400, "bad_checksum", "Jumlah periksa (Upload-Checksum) tidak dapat dibaca.") from None
