"""Pictures made pages of a PDF. Invariant: shown upright as the camera noted, no larger than paper is ever scanned.

A JPEG within bounds is taken over as it is; black and white stays so, without loss; everything else becomes a JPEG.
"""

import io
from pathlib import Path

import img2pdf
import pillow_heif
from PIL import Image, ImageOps

KINDS = ("JPEG", "PNG", "TIFF", "HEIF")
"""What a scan may be: no other reader is ever asked what it makes of one."""
MOST_PIXELS = 2480 * 3508
"""A4 at 300 to the inch: what is finer than that, a telephone's photograph, is brought down to it."""
QUALITY = 82
_SHORT, _LONG = 595.28, 841.89
_SANE_DPI = range(90, 1300)
_UPRIGHT = 1
_ORIENTATION = 0x0112

pillow_heif.register_heif_opener()


def page_of(original: Path, frame: int, target: Path) -> None:
    """A PDF of one page that shows the picture's ``frame``, counted from 0."""
    with Image.open(original, formats=KINDS) as image:
        image.seek(frame)
        size = _page_size(image)
        content = _as_it_is(original, image) or _encoded(image)
    layout = img2pdf.get_layout_fun(size)
    target.write_bytes(img2pdf.convert(content, layout_fun=layout))


def _as_it_is(original: Path, image: Image.Image) -> bytes | None:
    plain = image.format == "JPEG" and image.mode in ("L", "RGB")
    if not plain or image.width * image.height > MOST_PIXELS or _orientation(image) != _UPRIGHT:
        return None
    return original.read_bytes()


def _encoded(image: Image.Image) -> bytes:
    upright = _flat(ImageOps.exif_transpose(image))
    target = io.BytesIO()
    if upright.mode == "1":
        upright.save(target, "TIFF", compression="group4")
    else:
        excess = upright.width * upright.height / MOST_PIXELS
        if excess > 1:
            scale = excess**-0.5
            smaller = (max(1, round(upright.width * scale)), max(1, round(upright.height * scale)))
            upright = upright.resize(smaller, Image.Resampling.LANCZOS, reducing_gap=2.0)
        upright.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    """Grey, colour or black and white; what shows through is paper."""
    if image.mode in ("1", "L", "RGB"):
        return image
    if image.mode.startswith("I"):
        low, high = image.getextrema()
        span = float(high) - float(low) or 1.0  # type: ignore[arg-type]
        return image.point(lambda value: (value - float(low)) * 255.0 / span).convert("L")  # type: ignore[arg-type]
    if "A" in image.mode or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return image.convert("L" if image.mode in ("LA", "La") else "RGB")


def _page_size(image: Image.Image) -> tuple[float, float]:
    """In points: as the scanner says where that is a likely size of paper, else as large as fits A4."""
    sideways = _orientation(image) >= 5
    width, height = (image.height, image.width) if sideways else (image.width, image.height)
    across, down = (float(one) for one in image.info.get("dpi", (0, 0)))
    if across and round(across) in _SANE_DPI and abs(across - down) < 1:
        size = width * 72 / across, height * 72 / across
        if max(size) <= _LONG * 1.5 and min(size) >= 100:
            return size
    long, short = (_LONG, _SHORT)
    scale = min(short / min(width, height), long / max(width, height))
    return width * scale, height * scale


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(_ORIENTATION, _UPRIGHT))
