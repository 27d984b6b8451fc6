"""Pictures that are small to send and large to open, or without end."""

import struct
import zlib
from collections.abc import Callable, Sequence

from tests.intake import scans
from tests.intake.hostile import seeds
from tests.intake.hostile.pdf_bombs import zeros

PNG_HEAD = 33
"""Signature and header chunk."""


def png(*chunks: tuple[bytes, bytes], times: int = 1) -> bytes:
    """A whole PNG with these chunks behind its header."""
    plain = seeds.saved(seeds.picture(16, 16), "PNG")
    return plain[:PNG_HEAD] + b"".join(seeds.png_chunk(*chunk) for chunk in chunks) * times + plain[PNG_HEAD:]


def png_sized(width: int, height: int, data: bytes) -> bytes:
    """A PNG that claims to be so large and holds what it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = seeds.png_chunk
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_sized(width: int, height: int) -> bytes:
    """A JPEG that claims to be so large."""
    made = bytearray(seeds.saved(seeds.picture(16, 16, "L"), "JPEG"))
    at = made.index(b"\xff\xc0") + 5
    made[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(made)


def jpeg_passes(count: int) -> bytes:
    """A progressive JPEG with the same pass over and over: each costs a few bytes, and work over all pixels."""
    made = seeds.saved(seeds.picture(32, 32, "L"), "JPEG", progressive=True)
    last = made.rindex(b"\xff\xda")
    return made[:last] + made[last:-2] * count + b"\xff\xd9"


def jpeg_with(segment: bytes, times: int, marker: int = 0xE1) -> bytes:
    """A JPEG with this segment, so many times."""
    made = seeds.saved(seeds.picture(), "JPEG")
    return made[:2] + (bytes([0xFF, marker]) + struct.pack(">H", len(segment) + 2) + segment) * times + made[2:]


def tiff(*entries: tuple[int, int, int, int], following: int = 0, tail: bytes = b"") -> bytes:
    """A TIFF of one directory."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + struct.pack("<I", following) + tail


def tiff_page(width: int, height: int, data: bytes, compression: int = 8) -> bytes:
    """A TIFF whose one strip claims to be all of so large a page."""
    at = 8 + 2 + 9 * 12 + 4
    shape = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)]
    strip = [(273, 4, 1, at), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, len(data))]
    return tiff(*shape, *strip, tail=data)


def tiff_chain(count: int, *, back: bool = False) -> bytes:
    """So many directories, one after the other; ``back``: the last leads to the first."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8))
    shape = [(256, 4, 1, 8), (257, 4, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 8)]
    length = 2 + 12 * len(shape) + 4
    for number in range(count):
        out += struct.pack("<H", len(shape)) + b"".join(struct.pack("<HHII", *entry) for entry in shape)
        last = number == count - 1
        out += struct.pack("<I", (8 if back else 0) if last else len(out) + 4)
    assert len(out) == 8 + count * length
    return bytes(out)


def box(kind: bytes, content: bytes = b"", length: int | None = None) -> bytes:
    """A box of a HEIC, which may lie about its length."""
    return struct.pack(">I4s", len(content) + 8 if length is None else length, kind) + content


def heif(*boxes: bytes) -> bytes:
    """A HEIC of these boxes."""
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + b"".join(boxes)


def full(kind: bytes, content: bytes, version: int = 0) -> bytes:
    """A box with a version."""
    return box(kind, bytes([version, 0, 0, 0]) + content)


def nested_boxes(kind: bytes, depth: int) -> bytes:
    """One box within the other."""
    made = b""
    for _ in range(depth):
        made = box(kind, bytes(4) + made)
    return made


def heic_claiming(width: int, height: int) -> bytes:
    """A whole photograph that claims to be so large."""
    made = bytearray(seeds.heic())
    at = made.index(b"ispe") + 8
    while at > 8:
        made[at : at + 8] = struct.pack(">II", width, height)
        at = made.find(b"ispe", at) + 8
    return bytes(made)


def with_ifd_loop() -> bytes:
    """Exif whose directory leads back to itself."""
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)


def _parts(count: int) -> Sequence[bytes]:
    return [full(b"infe", struct.pack(">HH4s", n % 65536, 0, b"hvc1") + b"\0", 2) for n in range(count)]


BOMBS: dict[str, Callable[[], bytes]] = {
    "png of 2.5 gigapixels": scans.huge_png,
    "png of 4 billion by 4 billion": lambda: png_sized(2**31 - 1, 2**31 - 1, zlib.compress(b"")),
    "png of nothing": lambda: png_sized(0, 0, zlib.compress(b"")),
    "png of 100 megapixels in 100 kB": lambda: png_sized(10_000, 10_000, zeros(96)),
    "png with more data than pixels": lambda: png_sized(8, 8, zeros(200)),
    "png zTXt": lambda: png((b"zTXt", b"a\0\0" + zeros(300))),
    "png zTXt, many": lambda: png((b"zTXt", b"a\0\0" + zeros(20)), times=50),
    "png iTXt": lambda: png((b"iTXt", b"a\0\1\0\0\0" + zeros(300))),
    "png iCCP": lambda: png((b"iCCP", b"a\0\0" + zeros(300))),
    "png tEXt, many": lambda: png((b"tEXt", b"a\0" + b"b" * 100), times=10_000),
    "png chunks, 110,000": lambda: png((b"abCd", b""), times=110_000),
    "png chunk of two gigabytes": lambda: png().replace(b"\0\0\0\rIHDR", b"\x7f\xff\xff\xffIHDR"),
    "png frames, a billion": lambda: png((b"acTL", struct.pack(">II", 2**30, 0))),
    "jpeg of 4 gigapixels": lambda: jpeg_sized(65_500, 65_500),
    "jpeg of nothing": lambda: jpeg_sized(0, 0),
    "jpeg of 10,000 passes": lambda: jpeg_passes(6_000),
    "jpeg segments, 20,000": lambda: jpeg_with(b"x" * 40, 20_000),
    "jpeg comments": lambda: jpeg_with(b"<script>alert(1)</script>" * 100, 20, 0xFE),
    "jpeg exif in a circle": lambda: jpeg_with(with_ifd_loop(), 1),
    "jpeg pictures, 60,000 said": lambda: jpeg_with(
        b"MPF\0II*\0\x08\0\0\0\x02\0" + struct.pack("<HHIIHHIII", 0xB001, 4, 1, 60_000, 0xB002, 7, 960_000, 50, 0),
        1,
        0xE2,
    ),
    "jpeg tables, 9,000": lambda: jpeg_with(b"\0" + bytes(range(1, 65)), 9000, 0xDB),
    "jpeg markers only": lambda: b"\xff\xd8" + b"\xff" * 1_000_000 + b"\xd9",
    "tiff in a circle": lambda: tiff_chain(1, back=True),
    "tiff in a wide circle": lambda: tiff_chain(40, back=True),
    "tiff of 15,000 directories": lambda: tiff_chain(15_000),
    "tiff of 501 directories": lambda: tiff_chain(501),
    "tiff of 10 gigapixels": lambda: tiff_page(100_000, 100_000, b"x"),
    "tiff of 100 megapixels in 100 kB": lambda: tiff_page(10_000, 10_000, zeros(96)),
    "tiff of nothing": lambda: tiff_page(0, 0, b""),
    "tiff count beyond all": lambda: tiff((256, 4, 0xFFFFFFFF, 8)),
    "tiff entries, none": lambda: tiff(),
    "tiff entry within itself": lambda: tiff(
        (330, 4, 1, 8), (256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 1, 8), (279, 4, 1, 8)
    ),
    "bigtiff beyond all": lambda: b"II+\0\x08\0\0\0" + struct.pack("<Q", 2**63),
    "bigtiff entries beyond all": lambda: b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**63),
    "heic of nothing": lambda: heif(),
    "heic box without length": lambda: heif(box(b"meta", b"", 0)),
    "heic box shorter than its head": lambda: heif(box(b"meta", bytes(40), 4)),
    "heic box beyond the end": lambda: heif(box(b"meta", bytes(40), 0x7FFFFFFF)),
    "heic box of 2^64": lambda: heif(struct.pack(">I4sQ", 1, b"meta", 2**64 - 1)),
    "heic boxes, 100,000": lambda: heif(*[box(b"free")] * 100_000),
    "heic boxes, 5,000 deep": lambda: heif(nested_boxes(b"meta", 5000)),
    "heic references, 5,000 deep": lambda: heif(full(b"meta", nested_boxes(b"iprp", 3000))),
    "heic places, 65,535 said": lambda: heif(full(b"meta", full(b"iloc", b"\x44\x40\xff\xff"))),
    "heic items, 60,000": lambda: heif(
        full(b"meta", full(b"iinf", struct.pack(">H", 60_000) + b"".join(_parts(40_000))))
    ),
    "heic of 4 gigapixels": lambda: heic_claiming(65_536, 65_536),
    "heic of 2^64 pixels": lambda: heic_claiming(2**32 - 1, 2**32 - 1),
    "heic of nothing wide": lambda: heic_claiming(0, 0),
}
