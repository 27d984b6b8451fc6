"""Documents of office programs: OOXML and OpenDocument. Invariant: what passes is a whole, open package without macros.

Both are ZIP archives. Every entry is inflated against its checksum, within a fixed size, and nothing is parsed: the
type is told by the words in the package's own declaration.
"""

import struct
import zipfile
import zlib
from typing import BinaryIO

from services.chassis.files.refusal import Unacceptable, broken, encrypted

SIGNATURE = b"PK\x03\x04"
_LISTED = b"PK\x01\x02"
"""Before each entry in the archive's directory."""
MOST_ENTRIES = 5000
INFLATED_BYTES = 200 * 1024 * 1024
"""Of all entries together: slides with pictures have as much as the file, text some twenty times."""
_COMPRESSED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARATION_BYTES = 1024 * 1024
_PIECE = 256 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OOXML = {
    f"{_OFFICE}.wordprocessingml.document.main+xml".encode(): f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml".encode(): f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation.main+xml".encode(): f"{_OFFICE}.presentationml.presentation",
}
_OPEN_DOCUMENT = {
    kind.encode(): kind
    for kind in (
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    )
}
MEDIA_TYPES = frozenset({*_OOXML.values(), *_OPEN_DOCUMENT.values()})
_TYPES, _MIMETYPE, _MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
"""What the archive's reader raises on malformed ones."""


def inspect_office(content: BinaryIO) -> str:
    """The document's media type; raises Unacceptable."""
    content.seek(0)
    # Half a million empty entries fit into a file, and opening an archive makes an object of each. What lies within,
    # unpacked, may be an archive itself, so this is no count of them.
    if content.read().count(_LISTED) > 2 * MOST_ENTRIES:
        raise broken()
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            return _inspected(package)
    except _UNREADABLE:
        raise broken() from None


def _inspected(package: zipfile.ZipFile) -> str:
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > INFLATED_BYTES:
        raise broken()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(entry.compress_type not in _COMPRESSED for entry in entries):
        raise broken()
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    media_type = _declared(package, frozenset(names))
    if any(map(_is_macro, names)):
        raise Unacceptable("macros", "memuat makro. Silakan simpan dan kirim tanpa makro.")
    for entry in entries:
        _inflate(package, entry)
    return media_type


def _declared(package: zipfile.ZipFile, names: frozenset[str]) -> str:
    if _TYPES in names:
        declaration = _read(package, _TYPES)
        if b"macroEnabled" in declaration:
            raise Unacceptable("macros", "memuat makro. Silakan simpan dan kirim tanpa makro.")
        found = next((kind for mark, kind in _OOXML.items() if b'"' + mark + b'"' in declaration), None)
    elif _MIMETYPE in names:
        found = _OPEN_DOCUMENT.get(_read(package, _MIMETYPE))
        if found and _MANIFEST in names and b"encryption-data" in _read(package, _MANIFEST):
            raise encrypted()
    else:
        found = None
    if found is None:
        raise Unacceptable("unsupported_type", "bukan jenis dokumen yang diterima.")
    return found


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as entry:
        return entry.read(_DECLARATION_BYTES)


def _inflate(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """To its end, where the reader compares its checksum; it gives no more than the size that was declared."""
    with package.open(entry) as stream:
        while stream.read(_PIECE):
            pass


def _is_macro(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(("vbaproject.bin", "vbadata.xml")) or lowered.startswith(("basic/", "scripts/"))
