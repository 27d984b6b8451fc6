"""Decides whether received bytes are a scan we keep. Blocking and bound to the processor: call it on a thread.

Invariant: what passes has one of four types told by its own bytes, is whole as far as can be told without decoding
it, and its pages are counted.
"""

from collections.abc import Callable
from typing import BinaryIO

from services.intake.domain.scans.images import inspect_jpeg, inspect_png, inspect_tiff
from services.intake.domain.scans.pdf import inspect_pdf
from services.intake.domain.scans.scan import Finding, MediaType, Scan, Unacceptable

HEAD_BYTES = 1024
"""A PDF may have up to this many bytes before its header (ISO 32000-1, annex H, note 13)."""

_SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)

_INSPECTORS: dict[MediaType, Callable[[BinaryIO, int], int]] = {
    "application/pdf": inspect_pdf,
    "image/jpeg": inspect_jpeg,
    "image/png": inspect_png,
    "image/tiff": inspect_tiff,
}


def media_type_of(head: bytes) -> MediaType | None:
    """The type told by the first bytes, or None for anything that is not kept here."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    return "application/pdf" if b"%PDF-" in head[:HEAD_BYTES] else None


def inspect(scan: Scan) -> Finding:
    """What the scan is and how many pages it has; raises Unacceptable. Leaves the content at its start."""
    if scan.size == 0:
        raise Unacceptable("scan_empty", "kosong. Silakan pindai ulang.")
    scan.content.seek(0)
    media_type = media_type_of(scan.content.read(HEAD_BYTES + 8))
    if media_type is None:
        raise Unacceptable("unsupported_type", "bukan PDF, JPEG, PNG, atau TIFF.")
    pages = _INSPECTORS[media_type](scan.content, scan.size)
    scan.content.seek(0)
    return Finding(media_type, pages)
