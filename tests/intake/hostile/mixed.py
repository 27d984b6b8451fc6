"""Files that are two kinds at once; and what phones and programs add that is harmless."""

import io
import zipfile
from collections.abc import Callable

from tests.intake import scans
from tests.intake.hostile import seeds


def archive(*, comment: bytes = b"") -> bytes:
    """A ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("undangan.exe", b"MZ" + bytes(400))
        made.comment = comment
    return target.getvalue()


def pdf() -> bytes:
    """A small PDF."""
    return seeds.WHOLE["pdf"]()


def jpeg() -> bytes:
    """A small JPEG."""
    return seeds.WHOLE["jpeg"]()


def commented(content: bytes) -> bytes:
    """A JPEG with this as its comment."""
    made = jpeg()
    return made[:2] + b"\xff\xfe" + (len(content) + 2).to_bytes(2, "big") + content + made[2:]


def zip_around_pdf() -> bytes:
    """The archive's directory at the end says that the PDF is its comment's first half: both open."""
    document = pdf()
    packed = archive(comment=b"\n%%EOF\n")
    return document[: document.rindex(b"%%EOF")] + packed


MIXED: dict[str, Callable[[], bytes]] = {
    "program before pdf": lambda: b"MZ\x90\0" + bytes(60) + pdf(),
    "page of the web before pdf": lambda: b"<html><script>alert(1)</script>\n" + pdf(),
    "shell before pdf": lambda: b"#!/bin/sh\nexit\n" + pdf(),
    "archive before pdf": lambda: archive() + pdf(),
    "gif before pdf": lambda: b"GIF89a\x01\0\x01\0" + pdf(),
    "archive behind pdf": lambda: pdf() + archive(),
    "archive around the end of pdf": zip_around_pdf,
    "archive behind jpeg": lambda: jpeg() + archive(),
    "archive behind png": lambda: scans.png() + archive(),
    "archive behind tiff": lambda: scans.tiff() + archive(),
    "archive behind heic": lambda: seeds.heic() + archive(),
    "rar behind jpeg": lambda: jpeg() + b"Rar!\x1a\x07\x01\0" + bytes(40),
    "rar in a comment": lambda: commented(b"Rar!\x1a\x07\0" + bytes(40)),
    "seven zip behind pdf": lambda: pdf() + b"7z\xbc\xaf\x27\x1c" + bytes(40),
    "cabinet behind png": lambda: scans.png() + b"MSCF\0\0\0\0" + bytes(40),
    "program behind jpeg": lambda: jpeg() + b"MZ\x90\0" + bytes(60) + b"This program cannot be run in DOS mode",
    "elf behind png": lambda: scans.png() + b"\x7fELF\2\1\1" + bytes(60),
    "script behind jpeg": lambda: jpeg() + bytes(10) + b"<SCRIPT>alert(1)</SCRIPT>",
    "php behind png": lambda: scans.png() + b"  <?php system($_GET[0]);",
    "pdf behind jpeg": lambda: jpeg() + pdf(),
    "pdf in a comment": lambda: commented(b"%PDF-1.4\n1 0 obj\n"),
}

HARMLESS: dict[str, Callable[[], bytes]] = {
    "blanks before pdf": lambda: b"\xef\xbb\xbf\r\n\0" + pdf(),
    "blanks behind pdf": lambda: pdf() + b"\r\n" + bytes(200),
    "film behind a photograph": lambda: jpeg() + b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(2000) + b"\nMZ PK\5\6",
    "second picture behind a photograph": lambda: jpeg() + jpeg(),
    "comment with a page of the web": lambda: commented(b"<html>Kantor Desa</html>"),
    "zeros behind png": lambda: scans.png() + bytes(40),
}
