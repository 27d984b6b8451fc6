"""PDFs that are small to send and large to open, or without end."""

import struct
import zlib
from collections.abc import Callable, Sequence

from tests.intake import scans

PAGE = b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 595 842]>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def written(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from one; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def simple(*more: bytes, catalog: bytes = CATALOG, page: bytes = PAGE, trailer: bytes = b"") -> bytes:
    """A page, and objects beside it, from number four on."""
    return written([catalog, ONE_PAGE, page, *more], trailer)


def stream(content: bytes, entries: bytes) -> bytes:
    """A stream object."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), entries, content)


def zeros(megabytes: int, layers: int = 1) -> bytes:
    """Blanks, packed as often as that; made piece by piece, for this process should not need what it sends."""
    packer = zlib.compressobj(9)
    piece = b" " * (1 << 20)
    packed = b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    return packed


def contents(packed: bytes, filters: bytes) -> bytes:
    """A page whose content unpacks to far more."""
    return simple(stream(packed, b"/Filter" + filters), page=PAGE[:-2] + b"/Contents 4 0 R>>")


def object_streams(count: int, megabytes: int) -> bytes:
    """Cross-reference stream and packed objects, each of which unpacks to a lot."""
    out = bytearray(b"%PDF-1.5\n")
    packer = zlib.compressobj(9)
    packed = packer.compress(b"1 0 ") + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes))
    packed += packer.compress(b"<</Type/Catalog/Pages 2 0 R>>") + packer.flush()
    places = []
    for number in range(count):
        places.append(len(out))
        out += b"%d 0 obj\n" % (number + 4) + stream(packed, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
        out += b"\nendobj\n"
    tree = len(out)
    out += b"2 0 obj\n" + ONE_PAGE + b"\nendobj\n"
    page = len(out)
    out += b"3 0 obj\n" + PAGE + b"\nendobj\n"
    table = len(out)
    rows = [(0, 0, 255), (2, 4, 0), (1, tree, 0), (1, page, 0)] + [(1, place, 0) for place in places]
    rows += [(2, number + 4, 0) for number in range(count)]
    coded = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([index]) for kind, at, index in rows)
    size = len(rows)
    out += b"%d 0 obj\n" % size
    out += stream(coded, b"/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R" % size)
    out += b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def cross_references(entries: int) -> bytes:
    """A cross-reference stream with millions of rows, all alike."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate((CATALOG, ONE_PAGE, PAGE), 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    packer = zlib.compressobj(9)
    coded = packer.compress(bytes(6))
    coded += b"".join(packer.compress(b"\1" + place.to_bytes(4, "big") + b"\0") for place in places)
    coded += b"".join(
        packer.compress((b"\1" + places[2].to_bytes(4, "big") + b"\0") * 1000) for _ in range(entries // 1000)
    )
    coded += packer.flush()
    out += b"4 0 obj\n" + stream(coded, b"/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode" % (entries + 4))
    out += b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def pages(count: int, *, shared: bool = False, said: int | None = None) -> bytes:
    """So many pages, or that is what is ``said``; ``shared``: the one page, named again and again."""
    told = count if said is None else said
    if shared:
        return written([CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (told, b"3 0 R " * count), PAGE])
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 9 9]>>"
    return written([CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (told, kids), *[page] * count])


def packed_pages(count: int) -> bytes:
    """So many pages in so few bytes, in packed objects of a thousand each."""
    page, each = b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 9 9]>>", 1000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    tree = zlib.compress(b"2 0 " + b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids))
    out, rows = bytearray(b"%PDF-1.5\n"), [(0, 0, 255), (1, 9, 0), (2, count + 3, 0)]
    out += b"1 0 obj\n" + CATALOG + b"\nendobj\n"
    holders: list[tuple[int, int, int]] = []
    for first in range(3, count + 3, each):
        numbers = b" ".join(b"%d %d" % (first + n, n * (len(page) + 1)) for n in range(each)) + b" "
        packed = zlib.compress(numbers + (page + b" ") * each)
        number = count + 4 + len(holders)
        holders.append((1, len(out), 0))
        head = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (each, len(numbers))
        out += b"%d 0 obj\n" % number + stream(packed, head) + b"\nendobj\n"
        rows += [(2, number, n) for n in range(each)]
    rows.append((1, len(out), 0))
    out += b"%d 0 obj\n" % (count + 3) + stream(tree, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") + b"\nendobj\n"
    rows += holders
    table = len(out)
    coded = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    out += b"%d 0 obj\n" % len(rows)
    out += stream(coded, b"/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode" % len(rows))
    out += b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def deep_pages(levels: int) -> bytes:
    """A tree of pages that is all trunk."""
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>" % (n + 3, n + 1) for n in range(levels)]
    return written([CATALOG, *nodes, b"<</Type/Page/Parent %d 0 R/Resources<<>>/MediaBox[0 0 9 9]>>" % (levels + 1)])


def revisions(count: int) -> bytes:
    """Revised again and again: each table leads to the one before."""
    out = bytearray(simple())
    for _ in range(count):
        before = out.rindex(b"startxref")
        place = int(out[before:].split()[1])
        table = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\n" % place
        out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    """One thing within the other, very deep."""
    return simple(opening * depth + b"0" + closing * depth, trailer=b"/X 4 0 R")


def image(width: int, height: int) -> bytes:
    """A picture that claims to be so large."""
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (
        width,
        height,
    )
    drawn = PAGE.replace(b"/Resources<<>>", b"/Resources<</XObject<</I 4 0 R>>>>")
    return simple(stream(zlib.compress(b"\0"), entries + b"/Filter/FlateDecode"), page=drawn)


BOMBS: dict[str, Callable[[], bytes]] = {
    "content of 600 MB": lambda: contents(zeros(600), b"/FlateDecode"),
    "content packed twice": lambda: contents(zeros(600, 2), b"[/FlateDecode/FlateDecode]"),
    "content packed six times": lambda: contents(zeros(60, 6), b"[" + b"/FlateDecode" * 6 + b"]"),
    "object stream of 200 MB": lambda: scans.inflating_pdf(200),
    "object streams, many": lambda: object_streams(15, 30),
    "cross-references, 6 million": lambda: cross_references(6_000_000),
    "cross-references, 200 million said": lambda: written([CATALOG, ONE_PAGE, PAGE]).replace(
        b"0 4\n", b"0 200000000\n"
    ),
    "pages, 12,000": lambda: pages(12_000),
    "pages, 100,000 packed": lambda: packed_pages(100_000),
    "pages, 501": lambda: pages(501),
    "pages, 100,000 the same": lambda: pages(100_000, shared=True),
    "pages, one said and 2,000 there": lambda: pages(2000, said=1),
    "pages, a billion said": lambda: pages(3, said=10**9),
    "pages, negative": lambda: pages(3, said=-3),
    "page tree of 5,000 levels": lambda: deep_pages(5000),
    "page tree in a circle": lambda: written([CATALOG, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"]),
    "page tree in a wide circle": lambda: written(
        [CATALOG, b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>", PAGE, b"<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]>>"]
    ),
    "parents in a circle": lambda: written(
        [
            CATALOG,
            b"<</Type/Pages/Count 1/Kids[3 0 R]/Parent 4 0 R>>",
            b"<</Type/Page/Parent 4 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]/Parent 2 0 R>>",
        ]
    ),
    "catalogue that is its own pages": lambda: written([b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>"]),
    "length in a circle": lambda: simple(b"<</Length 4 0 R>>\nstream\nx\nendstream"),
    "length beyond all": lambda: simple(b"<</Length 99999999999>>\nstream\nx\nendstream"),
    "tables in a circle": lambda: simple(trailer=b"/Prev 9"),
    "tables, 3,000 revisions": lambda: revisions(3000),
    "arrays, 100,000 deep": lambda: nested(b"[", b"]", 100_000),
    "arrays, 400 deep": lambda: nested(b"[", b"]", 400),
    "dictionaries, 50,000 deep": lambda: nested(b"<</A ", b">>", 50_000),
    "brackets in a text, 400,000 deep": lambda: simple(b"(" * 400_000 + b")" * 400_000, trailer=b"/X 4 0 R"),
    "objects, 20,000 that speak of scripts": lambda: simple(*[b"<</A(/JavaScript)>>"] * 20_000),
    "one array of 600,000": lambda: simple(b"[" + b"0 " * 600_000 + b"]"),
    "one dictionary of 100,000": lambda: simple(b"<<" + b"".join(b"/K%d 0" % n for n in range(100_000)) + b">>"),
    "number of a million digits": lambda: simple(b"9" * 1_000_000, trailer=b"/X 4 0 R"),
    "name of a million letters": lambda: simple(b"/" + b"A" * 1_000_000),
    "page of eleven kilometres": lambda: simple(page=PAGE.replace(b"595 842", b"31000000 31000000")),
    "page of 14,400 points": lambda: simple(page=PAGE.replace(b"595 842", b"14400 14400")),
    "page in units of a metre": lambda: simple(page=PAGE[:-2] + b"/UserUnit 3000>>"),
    "page that is not a number": lambda: simple(page=PAGE.replace(b"595 842", b"nan(x)null")),
    "picture of ten gigapixels": lambda: image(100_000, 100_000),
    "picture of minus one": lambda: image(-1, -1),
    "picture of a text": lambda: image(1, 1).replace(b"/Width 1", b"/Width(1)"),
    "predictor of two gigabytes": lambda: simple(
        stream(zlib.compress(b"x"), b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>")
    ),
    "run lengths": lambda: contents(b"\x81 " * 400_000, b"/RunLengthDecode"),
    "empty page": lambda: simple(page=b"null"),
    "catalogue that is a number": lambda: simple(catalog=b"42"),
    "greedy page": lambda: scans.greedy_pdf(100),
}
