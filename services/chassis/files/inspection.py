"""Decides whether received bytes are a file we keep. Blocking and bound to the processor: done by a judge, apart.

Invariant: what passes has one of a few types told by its own bytes, is whole as far as can be told without decoding
it, stays within the limits, does nothing by itself, and is no second kind of file besides. Scans are PDFs and pictures,
with their pages counted; documents may come from office programs besides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from services.chassis.files import office
from services.chassis.files.foreign import (
    HEAD_BYTES,
    PDF_HEADER,
    refuse_archive,
    refuse_before_pdf,
    refuse_pdf_within,
)
from services.chassis.files.heif import inspect_heif, is_heif
from services.chassis.files.images import inspect_jpeg, inspect_png, inspect_tiff
from services.chassis.files.limits import FileLimits
from services.chassis.files.pdf import inspect_pdf
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable

ScanType = Literal["application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic"]

_SIGNATURES: tuple[tuple[bytes, ScanType], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)

_INSPECTORS: dict[ScanType, Callable[[BinaryIO, int, FileLimits], int]] = {
    "application/pdf": inspect_pdf,
    "image/jpeg": inspect_jpeg,
    "image/png": inspect_png,
    "image/tiff": inspect_tiff,
    "image/heic": inspect_heif,
}

NO_LIMITS_BUT_OURS = FileLimits()


@dataclass(frozen=True)
class ScanFinding:
    """What the bytes of a scan turned out to be."""

    media_type: ScanType
    pages: int


def scan_type_of(head: bytes) -> ScanType | None:
    """The type told by the first bytes, or None for anything that is no scan."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if is_heif(head):
        return "image/heic"
    return "application/pdf" if PDF_HEADER in head[:HEAD_BYTES] else None


def inspect_scan(file: Received, limits: FileLimits = NO_LIMITS_BUT_OURS) -> ScanFinding:
    """What the scan is and how many pages it has; raises Unacceptable. Leaves the content at its start."""
    head = _head(file)
    media_type = scan_type_of(head)
    if media_type is None:
        raise Unacceptable("unsupported_type", "bukan PDF, JPEG, PNG, TIFF, atau HEIC.")
    if media_type == "application/pdf":
        refuse_before_pdf(head)
    else:
        refuse_pdf_within(head)
    refuse_archive(file.content, file.size)
    pages = _INSPECTORS[media_type](file.content, file.size, limits)
    file.content.seek(0)
    return ScanFinding(media_type, pages)


def inspect_document(file: Received, limits: FileLimits = NO_LIMITS_BUT_OURS) -> str:
    """The media type of a scan or of an office program's document; raises Unacceptable. Leaves it at its start."""
    head = _head(file)
    if head.startswith(office.SIGNATURE):
        media_type = office.inspect_office(file.content)
        file.content.seek(0)
        return media_type
    if scan_type_of(head) is None:
        accepted = "PDF, JPEG, PNG, TIFF, HEIC, DOCX, XLSX, PPTX, ODT, ODS, atau ODP"
        raise Unacceptable("unsupported_type", f"bukan {accepted}.")
    return inspect_scan(file, limits).media_type


def _head(file: Received) -> bytes:
    if file.size == 0:
        raise Unacceptable("empty", "kosong. Silakan pindai atau unggah ulang.")
    file.content.seek(0)
    return file.content.read(HEAD_BYTES + 8)
