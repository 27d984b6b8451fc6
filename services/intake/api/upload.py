"""Reading a registration off the wire. Invariant: each byte is parsed, hashed and spooled once, within limits.

The framework's own form reading would spool every file before anybody could refuse it, and hash nothing; here the
``letter`` part is judged the moment it ends, and a file over its limit the moment it crosses it.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from urllib.parse import unquote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.chassis.errors import ServiceError, unprocessable
from services.intake.domain.draft import Draft
from services.intake.domain.scans.scan import FontSigns, Scan, clean_name
from services.intake.settings import IntakeSettings

LETTER, FILES = "letter", "files"
LETTER_BYTES = 256 * 1024


@dataclass(frozen=True)
class Submission:
    """A registration as it was sent: well-formed, and within every limit."""

    draft: Draft
    scans: list[Scan]


class _Spool:
    """One file on its way in."""

    def __init__(self, name: str, settings: IntakeSettings) -> None:
        self.name = name
        self._limit = settings.max_file_bytes
        self._in_memory = settings.spool_bytes
        # Closed by the form that made it.
        self.content = SpooledTemporaryFile(max_size=settings.spool_bytes)  # noqa: SIM115
        self._hash = hashlib.sha256()
        self._signs = FontSigns()
        self.size = 0

    def write(self, data: memoryview) -> None:
        self.size += len(data)
        if self.size > self._limit:
            megabytes = self._limit / (1024 * 1024)
            detail = f"Berkas “{self.name}” terlalu besar. Batasnya {megabytes:g} MB per berkas."
            raise ServiceError(413, "file_too_large", detail, extra={"file": self.name})
        self._hash.update(data)
        self._signs.look(data)
        self.content.write(data)

    @property
    def on_disk(self) -> bool:
        return self.size > self._in_memory

    def scan(self) -> Scan:
        content = cast(BinaryIO, self.content)
        return Scan(self.name, content, self.size, self._hash.hexdigest(), written=self._signs.found)


class _Form:
    """The parts of one request, as the parser calls them out."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._settings = settings
        self._field, self._value, self._disposition = bytearray(), bytearray(), b""
        self._part: str | None = None
        self._letter = bytearray()
        self.draft: Draft | None = None
        self.spools: list[_Spool] = []
        self.complete = False

    def parser(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    @property
    def on_disk(self) -> bool:
        return bool(self.spools) and self.spools[-1].on_disk

    def _begin(self) -> None:
        self._disposition = b""

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._part = options.get(b"name", b"").decode("utf-8", "replace")
        if self._part == FILES:
            if len(self.spools) == self._settings.max_files:
                most = self._settings.max_files
                raise unprocessable("too_many_files", f"Paling banyak {most} berkas untuk satu surat.")
            # Some clients send other than ASCII names percent-encoded (RFC 7578, section 4.2), some as they are.
            name = unquote(options.get(b"filename", b"").decode("utf-8", "replace"))
            self.spools.append(_Spool(clean_name(name), self._settings))
        elif self._part != LETTER or self.draft is not None:
            detail = "Kiriman memuat bagian yang tidak dikenal atau berulang."
            raise unprocessable("part_unexpected", detail, part=self._part[:100])

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = memoryview(data)[start:end]
        if self._part == FILES:
            self.spools[-1].write(piece)
            return
        self._letter += piece
        if len(self._letter) > LETTER_BYTES:
            raise ServiceError(413, "letter_too_large", "Isian surat terlalu panjang.")

    def _end(self) -> None:
        if self._part == LETTER:
            self.draft = _draft(bytes(self._letter))

    def _finish(self) -> None:
        self.complete = True

    def submission(self) -> Submission:
        if not self.complete:
            raise _broken()
        missing = [LETTER] * (self.draft is None) + [FILES] * (not self.spools)
        if self.draft is None or missing:
            raise RequestValidationError(
                [{"type": "missing", "loc": ("body", name), "msg": "Field required"} for name in missing]
            )
        return Submission(self.draft, [spool.scan() for spool in self.spools])


@asynccontextmanager
async def submission(request: Request, settings: IntakeSettings) -> AsyncIterator[Submission]:
    """The registration in the body of ``request``; what was spooled is gone when the block ends."""
    form = _Form(settings)
    parser = form.parser(_boundary(request))
    try:
        async for chunk in request.stream():
            if form.on_disk:
                await asyncio.to_thread(parser.write, chunk)
            else:
                parser.write(chunk)
        yield form.submission()
    except FormParserError:
        raise _broken() from None
    finally:
        for spool in form.spools:
            spool.content.close()


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        detail = "Surat dikirim sebagai multipart/form-data: satu bagian `letter` dan sedikitnya satu `files`."
        raise ServiceError(415, "multipart_required", detail)
    if len(boundary) > 256:
        raise _broken()
    return boundary


def _broken() -> ServiceError:
    return ServiceError(400, "multipart_broken", "Kiriman tidak utuh atau tidak dapat dibaca. Silakan kirim ulang.")


def _draft(text: bytes) -> Draft:
    try:
        return Draft.model_validate_json(text)
    except ValidationError as error:
        located = [{**one, "loc": ("body", LETTER, *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(located) from None
