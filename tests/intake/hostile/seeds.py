"""Whole files of every kind, small, from which hostile ones are made. The same bytes every time but for encoders."""

import io
import random
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pillow_heif
from PIL import Image

from tests.intake import scans


def picture(width: int = 72, height: int = 96, mode: str = "RGB") -> Image.Image:
    """Noise that is the same every time."""
    noise = random.Random(f"{width}x{height}").randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), noise).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def heic(width: int = 72, height: int = 96, pictures: int = 1) -> bytes:
    """A photograph as phones make it; several in one file as some do."""
    made = pillow_heif.from_pillow(picture(width, height))
    for _ in range(pictures - 1):
        made.add_from_pillow(picture(width // 2, height // 2))
    target = io.BytesIO()
    made.save(target, quality=50)
    return target.getvalue()


def signed_form() -> bytes:
    """A PDF with a form, a link and the place of a signature, as electronically signed letters are."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 100, 20],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://klungkungkab.go.id/")),
    )
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=pikepdf.String("ttd"),
            Rect=[0, 0, 0, 0],
            V=pikepdf.Dictionary(
                Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=pikepdf.String("x" * 64)
            ),
        )
    )
    page.obj.Annots = pikepdf.Array([document.make_indirect(link), field])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
    target = io.BytesIO()
    document.save(target, deterministic_id=True)
    return target.getvalue()


def png_with_words() -> bytes:
    """A PNG that says who made it, squeezed and plain, and how its colours are meant."""
    plain = saved(picture(), "PNG")
    words = b"Judul\0\0" + zlib.compress(b"Surat undangan " * 40)
    return plain[:33] + png_chunk(b"zTXt", words) + png_chunk(b"tEXt", b"Pembuat\0Kantor Desa") + plain[33:]


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


WHOLE: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: scans.pdf(2, pixels=(60, 80), deterministic_id=True),
    "linearised.pdf": lambda: scans.pdf(3, pixels=(60, 80), linearize=True, deterministic_id=True),
    "packed.pdf": lambda: scans.text_pdf(
        "Permohonan alat berat", "Terima kasih", object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "form.pdf": signed_form,
    "jpeg": lambda: saved(picture(), "JPEG", quality=70),
    "progressive.jpeg": lambda: saved(picture(), "JPEG", progressive=True),
    "restarts.jpeg": lambda: saved(picture(), "JPEG", restart_marker_blocks=2),
    "grey.jpeg": lambda: saved(picture(mode="L"), "JPEG"),
    "png": lambda: saved(picture(), "PNG"),
    "words.png": png_with_words,
    "palette.png": lambda: saved(picture(mode="P"), "PNG"),
    "tiff": lambda: scans.tiff(3),
    "lzw.tiff": lambda: saved(picture(), "TIFF", compression="tiff_lzw"),
    "fax.tiff": lambda: saved(picture(mode="1"), "TIFF", compression="group4"),
    "big.tiff": lambda: saved(picture(), "TIFF", big_tiff=True),
    "heic": heic,
    "several.heic": lambda: heic(pictures=3),
}
