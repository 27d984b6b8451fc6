"""Files that are two kinds of file at once. Invariant: what passes is opened by no program as anything but what it is.

A mailbox, a browser or an unpacker goes by other signs than we do: it takes for a program what begins like one, for an
archive what ends like one. What phones put after the end of a picture (a short film, a second one) may stay: nothing
takes the whole for a film. A comment that holds HTML may stay too: files are handed out with their own type and without
guessing.
"""

import re
import struct
from typing import BinaryIO

from services.chassis.files.refusal import mixed_content

HEAD_BYTES = 1024
"""A PDF may have up to this many bytes before its header (ISO 32000-1, annex H, note 13)."""
PDF_HEADER = b"%PDF-"
_BLANK = b"\x00\t\n\x0b\x0c\r \xef\xbb\xbf"
_PIECE = 1024 * 1024

_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00")
"""RAR, 7-Zip and Cabinet, which unpackers look for anywhere, because installers carry them behind a program."""
_LONGEST_MARK = 9
_BEGINS = re.compile(rb"[\x00\s]*(?:MZ|\x7fELF|#!/|PK\x03\x04|<svg)", re.IGNORECASE)
"""Where the file itself is over, a program or an archive begins at once. Further in, any film has two such bytes."""
_MENTIONED = re.compile(
    rb"%PDF-|<script|<html|<!doctype html|<\?php|This program cannot be run in DOS mode", re.IGNORECASE
)
"""Behind the end of the file itself these are long enough to be no accident anywhere."""

_LONGEST_MENTION = 40

_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LARGE_DIRECTORY = b"PK\x06\x07"
"""What stands 20 bytes before the end where an archive is too large for its plain form."""
_DIRECTORY_TAIL = 22 + 65_535
"""An archive's directory ends with 22 bytes and a comment."""


def refuse_before_pdf(head: bytes) -> None:
    """Nothing but blanks may come before the header of a PDF."""
    at = head.find(PDF_HEADER)
    if at > 0 and head[:at].strip(_BLANK):
        raise mixed_content()


def refuse_pdf_within(head: bytes) -> None:
    """No other file may have the header of a PDF where readers of PDF look for it."""
    if PDF_HEADER in head[:HEAD_BYTES]:
        raise mixed_content()


def refuse_archive(content: BinaryIO, size: int) -> None:
    """Neither a ZIP archive's directory at the end nor another archive's mark anywhere."""
    content.seek(max(0, size - _DIRECTORY_TAIL))
    if _ends_archive(content.read(_DIRECTORY_TAIL), size):
        raise mixed_content()
    content.seek(0)
    kept = b""
    while piece := content.read(_PIECE):
        kept += piece
        if any(mark in kept for mark in _ARCHIVES):
            raise mixed_content()
        kept = kept[-_LONGEST_MARK:]


def refuse_after_end(content: BinaryIO, end: int) -> None:
    """What comes behind ``end``, where the file itself is over, may not be the beginning of another kind."""
    content.seek(end)
    kept, first = b"", True
    while piece := content.read(_PIECE):
        if _MENTIONED.search(kept + piece) or (first and _BEGINS.match(piece)):
            raise mixed_content()
        kept, first = piece[-_LONGEST_MENTION:], False


def _ends_archive(tail: bytes, size: int) -> bool:
    at = tail.rfind(_DIRECTORY_END)
    while at >= 0:
        if len(tail) - at >= 22:
            entries, length, offset, comment = struct.unpack("<HIIH", tail[at + 10 : at + 22])
            starts = at - length
            listed = starts >= 0 and tail[starts : starts + 4] == _DIRECTORY_ENTRY
            beyond = starts < 0 and length < size and offset < size
            if tail[max(0, at - 20) : at].startswith(_LARGE_DIRECTORY):
                return True
            if entries and comment <= len(tail) - at - 22 and (listed or beyond):
                return True
        at = tail.rfind(_DIRECTORY_END, 0, at)
    return False
