"""Documents of office programs made for tests, as small as they can be."""

import io
import zipfile
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument"
OOXML = {
    "docx": ("word/document.xml", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation"),
}
OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
MEDIA_TYPES = {kind: media_type for kind, (_, media_type) in OOXML.items()} | OPEN_DOCUMENT


def package(entries: Mapping[str, bytes], *, stored: frozenset[str] = frozenset()) -> bytes:
    """A ZIP archive; entries named ``stored`` are not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else None)
    return target.getvalue()


def ooxml(kind: str = "docx", *, declared: str | None = None, **more: bytes) -> bytes:
    """A document of this kind; ``more`` are further entries, with ``__`` for a slash and ``_`` for a dot."""
    main, media_type = OOXML[kind]
    content_type = declared or f"{media_type}.main+xml"
    types = f'<Types><Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    further = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    return package({"[Content_Types].xml": types.encode(), main: b"<x>" + b"Siap. " * 50 + b"</x>", **further})


def open_document(kind: str = "odt", *, manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    """The same in OpenDocument."""
    entries = {"mimetype": OPEN_DOCUMENT[kind].encode(), "META-INF/manifest.xml": manifest, "content.xml": b"<x/>"}
    further = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    return package(entries | further, stored=frozenset({"mimetype"}))


def document(kind: str) -> bytes:
    """A whole one of any of these kinds."""
    return ooxml(kind) if kind in OOXML else open_document(kind)
