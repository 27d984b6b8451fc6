"""Scans made for tests: whole ones of every kind, and ones broken in every way a scanner or a line breaks them."""

import io
import random
import struct
import zlib
from functools import cache
from typing import Any

import pikepdf
from PIL import Image


def _page(width: int = 400, height: int = 560, *, grey: bool = False) -> Image.Image:
    image = Image.effect_noise((width, height), 40)
    return image if grey else image.convert("RGB")


def jpeg(width: int = 400, height: int = 560, **options: Any) -> bytes:
    """A JPEG of noise, which does not compress to nothing."""
    target = io.BytesIO()
    _page(width, height).save(target, "JPEG", **({"quality": 60} | options))
    return target.getvalue()


def png() -> bytes:
    """A small PNG."""
    target = io.BytesIO()
    _page(120, 160).save(target, "PNG")
    return target.getvalue()


def tiff(pages: int = 1) -> bytes:
    """A TIFF with this many pages, as a sheet-fed scanner makes it."""
    target = io.BytesIO()
    first, *rest = [_page(120, 160, grey=True) for _ in range(pages)]
    first.save(target, "TIFF", save_all=True, append_images=rest, compression="tiff_deflate")
    return target.getvalue()


def blank_pdf() -> bytes:
    """The scan of an empty sheet, whose copies cost nearly nothing to make."""
    picture = io.BytesIO()
    Image.new("L", (620, 877), 255).save(picture, "JPEG")
    document = pikepdf.new()
    image = document.make_stream(
        picture.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=620,
        Height=877,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = document.add_blank_page(page_size=(595, 842))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    page.obj.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    target = io.BytesIO()
    document.save(target, deterministic_id=True)
    return target.getvalue()


def pdf(pages: int = 1, *, pixels: tuple[int, int] = (400, 560), **saving: Any) -> bytes:
    """A PDF of JPEG pages, as a flatbed scanner makes it."""
    document = pikepdf.new()
    for _ in range(pages):
        picture = document.make_stream(
            jpeg(*pixels),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=pixels[0],
            Height=pixels[1],
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
        page.obj.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    target = io.BytesIO()
    document.save(target, **saving)
    return target.getvalue()


def pdf_of_size(size: int) -> bytes:
    """A whole PDF of exactly ``size`` bytes: the rest is an unreferenced stream."""
    bare = _padded(0)
    made = _padded(size - len(bare))
    for _ in range(3):
        made = _padded(size - len(bare) - (len(made) - size))
        bare = bare + b" " * (len(made) - size)
        if len(made) == size:
            return made
    raise AssertionError(f"{len(made)} bytes instead of {size}")


def _padded(padding: int) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.Root.Padding = document.make_stream(random.Random(7).randbytes(max(0, padding)))
    target = io.BytesIO()
    document.save(target, compress_streams=False, deterministic_id=True)
    return target.getvalue()


def text_pdf(*pages: str, **saving: Any) -> bytes:
    """A PDF that carries its text, as a word processor makes it; lines of a page are separated by newlines."""
    return drawn_pdf(*map(_typeset, pages), **saving)


def _typeset(page: str) -> bytes:
    escaped = page.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    lines = b" Tj 0 -14 Td ".join(b"(" + line.encode("cp1252") + b")" for line in escaped.split("\n"))
    return b"BT /F1 12 Tf 50 800 Td " + lines + b" Tj ET"


def drawn_pdf(*pages: bytes, **saving: Any) -> bytes:
    """A PDF of these content streams; equal ones are kept once."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
    contents = {content: document.make_stream(content) for content in dict.fromkeys(pages)}
    for content in pages:
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.Resources = resources
        page.obj.Contents = contents[content]
    target = io.BytesIO()
    document.save(target, **saving)
    return target.getvalue()


@cache
def greedy_pdf(megabytes: int = 300) -> bytes:
    """A small PDF with a page that inflates to ``megabytes``."""
    return drawn_pdf(_typeset("Permohonan") + b" " * (megabytes << 20))


@cache
def slow_pdf(pages: int = 400) -> bytes:
    """A small PDF whose every page takes long, and no memory that is not given back."""
    return drawn_pdf(*[b"q Q " * 2_000_000] * pages)


def encrypted_pdf(*, user: str = "rahasia") -> bytes:
    """A PDF that asks for a password; with an empty ``user`` it opens without one but forbids changes."""
    return pdf(encryption=pikepdf.Encryption(owner="pemilik", user=user))


def inflating_pdf(megabytes: int) -> bytes:
    """A small PDF whose object stream inflates to ``megabytes``."""
    packed = zlib.compress(b"1 0 " + b" " * (megabytes << 20) + b"<</Type/Catalog/Pages 2 0 R>>", 9)
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    first = out.tell()
    head = b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    out.write(head + packed + b"\nendstream\nendobj\n")
    second = out.tell()
    out.write(b"2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n")
    table = out.tell()
    rows = [(0, 0, 255), (2, 3, 0), (1, second, 0), (1, first, 0), (1, table, 0)]
    packed_rows = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([index]) for kind, at, index in rows)
    out.write(b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n" % len(packed_rows))
    out.write(packed_rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def huge_png(side: int = 50_000) -> bytes:
    """A tiny PNG that claims ``side`` by ``side`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
