"""PDF documents. Invariant: only what opens without repair and without a password passes.

qpdf mends damaged files silently, and a mended half of a letter would be kept as the original: recovery is therefore
off, a warning is a refusal, and the end-of-file mark must be there. Structures are inflated within a fixed memory, so a
small file cannot blow up (qpdf's limits are the process's own and set once, here).
"""

from typing import BinaryIO

import pikepdf
from pikepdf import settings as qpdf

from services.chassis.files.refusal import broken, encrypted

TAIL_BYTES = 1024
INFLATED_BYTES = 64 * 1024 * 1024

qpdf.set_qpdf_limits(
    flate_max_memory=INFLATED_BYTES,
    run_length_max_memory=INFLATED_BYTES,
    png_max_memory=INFLATED_BYTES,
    tiff_max_memory=INFLATED_BYTES,
    max_stream_filters=4,
    doc_max_warnings=20,
)


def inspect_pdf(content: BinaryIO, size: int) -> int:
    """The number of pages; raises Unacceptable for a broken, truncated, encrypted or empty document."""
    content.seek(max(0, size - TAIL_BYTES))
    if b"%%EOF" not in content.read(TAIL_BYTES):
        raise broken()
    content.seek(0)
    try:
        with pikepdf.open(content, attempt_recovery=False, suppress_warnings=True) as document:
            pages, locked, warned = len(document.pages), document.is_encrypted, document.get_warnings()
    except pikepdf.PasswordError:
        raise encrypted() from None
    except (pikepdf.PdfError, ValueError, RuntimeError, ArithmeticError, MemoryError):
        raise broken() from None
    if locked:
        raise encrypted()
    if warned or pages == 0:
        raise broken()
    return pages
