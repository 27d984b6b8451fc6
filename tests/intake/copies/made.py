"""Letters drawn for the copies' tests, and what a test does with the queue."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import img2pdf
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from services.intake.commands.copies import keep_copied
from services.intake.domain.copies.copies import CopiesOf
from tests.intake.world import World

FONT = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")
LINES = (
    "PEMERINTAH KABUPATEN KLUNGKUNG",
    "DESA SEKARTAJI",
    "",
    "Nomor : 005/117/Ds.Skt/2026",
    "Perihal : Permohonan peminjaman alat berat",
    "",
    "Dengan hormat, sehubungan dengan bencana tanah longsor",
    "yang menutup jalan desa sepanjang dua puluh meter,",
    "bersama ini kami mengajukan permohonan peminjaman",
    "satu unit ekskavator beserta operatornya untuk",
    "membersihkan material longsor tersebut.",
)


@cache
def _letter(dpi: int, lines: Sequence[str], ink: int, paper: int, left: float) -> Image.Image:
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    image = Image.new("L", (width, height), paper)
    font = ImageFont.truetype(FONT, round(dpi * 0.2))
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((round(left * dpi), round((1 + row * 0.4) * dpi)), line, font=font, fill=ink)
    noise = np.random.default_rng(7).normal(0, 3, (height, width))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def letter(
    dpi: int = 150, lines: Sequence[str] = LINES, *, ink: int = 25, paper: int = 245, left: float = 0.9
) -> Image.Image:
    """A page of writing, as a scanner sees it."""
    return _letter(dpi, tuple(lines), ink, paper, left).copy()


def leaning(image: Image.Image, degrees: float) -> Image.Image:
    """Laid askew, clockwise."""
    return image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=245)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Out of focus."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def jpeg(image: Image.Image, **saving: Any) -> bytes:
    """As a scanner sends a picture."""
    target = io.BytesIO()
    image.save(target, "JPEG", **({"quality": 80, "dpi": (150, 150)} | saving))
    return target.getvalue()


def scanned_pdf(*images: Image.Image) -> bytes:
    """As a scanner sends pages."""
    made: bytes = img2pdf.convert([jpeg(image) for image in images])
    return made


async def copy_all(world: World) -> None:
    """Do what is due until nothing is."""
    while await keep_copied.sweep_copies(world.context):
        pass


async def copies_of(world: World, file_id: str) -> CopiesOf:
    """How far the copies of a file are."""
    found = await world.context.copies.of(file_id)
    assert found is not None
    return found
