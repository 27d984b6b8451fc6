"""Multipart forms off the wire. Invariant: a byte is parsed and written once, and what is refused is refused at once.

The framework's own form reading would spool every file before anybody could refuse it, and hash nothing.
"""

import asyncio
import errno
from collections.abc import Callable
from typing import Protocol
from urllib.parse import unquote

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.chassis.errors import ServiceError, unprocessable

LONGEST_BOUNDARY = 256
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Part(Protocol):
    """What takes in one part of a form."""

    @property
    def on_disk(self) -> bool:
        """Whether writing may keep the caller waiting."""
        ...

    def write(self, data: memoryview) -> None:
        """The next bytes of the part."""
        ...

    def end(self) -> None:
        """All of it is here."""
        ...


Open = Callable[[str, str], Part]
"""Given a part's name and the file name it came with; a part that is not wanted is refused by raising."""


async def read_form(request: Request, wanted: Open, explanation: str) -> None:
    """Hand the parts of the request's form to what ``wanted`` opens for them.

    415 with ``explanation`` for what is no form at all, 400 for one that is not whole.
    """
    form = _Form(wanted)
    parser = form.parser(_boundary(request, explanation))
    try:
        async for chunk in request.stream():
            if form.on_disk:
                await asyncio.to_thread(parser.write, chunk)
            else:
                parser.write(chunk)
    except FormParserError:
        raise _broken() from None
    except OSError as error:
        if error.errno not in _FULL:
            raise
        detail = "Ruang penyimpanan server sedang penuh. Silakan coba lagi nanti atau hubungi administrator."
        raise ServiceError(507, "disk_full", detail) from error
    if not form.complete:
        raise _broken()


def unexpected(name: str) -> ServiceError:
    """The refusal of a part nobody asked for, or that comes again."""
    detail = "Kiriman memuat bagian yang tidak dikenal atau berulang."
    return unprocessable("part_unexpected", detail, part=name[:100])


class _Form:
    """The parts of one request, as the parser calls them out."""

    def __init__(self, wanted: Open) -> None:
        self._wanted = wanted
        self._field, self._value, self._disposition = bytearray(), bytearray(), b""
        self._part: Part | None = None
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
        return self._part is not None and self._part.on_disk

    def _begin(self) -> None:
        self._disposition = b""

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        # Some clients send other than ASCII names percent-encoded (RFC 7578, section 4.2), some as they are.
        filename = unquote(options.get(b"filename", b"").decode("utf-8", "replace"))
        self._part = self._wanted(name, filename)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part is not None:
            self._part.write(memoryview(data)[start:end])

    def _end(self) -> None:
        if self._part is not None:
            self._part.end()

    def _finish(self) -> None:
        self.complete = True


def _boundary(request: Request, explanation: str) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise ServiceError(415, "multipart_required", explanation)
    if len(boundary) > LONGEST_BOUNDARY:
        raise _broken()
    return boundary


def _broken() -> ServiceError:
    return ServiceError(400, "multipart_broken", "Kiriman tidak utuh atau tidak dapat dibaca. Silakan kirim ulang.")
