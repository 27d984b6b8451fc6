"""Piles of paper as a scanner gives them: separator sheets that went through hands and feeders, and letters between.

Everything is made from seeds, so a page that is read wrongly can be made again.
"""

import asyncio
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pypdfium2
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from services.chassis.paper import Paper
from services.chassis.qr import qr_svg
from services.intake.batch_room import TEMPLATES
from services.intake.domain.batches.form_labels import labelled
from services.intake.domain.batches.sheet import SeparatorSheet, SheetDefaults, code_of

Picture = Image.Image
A4_AT_150 = (1240, 1754)
KEY = b"k" * 32
UNIT = "0190b6a2-7a51-7cc3-9b1e-3f0f6f1d2a01"
OTHER_UNIT = "0190b6a2-7a51-7cc3-9b1e-3f0f6f1d2a02"
WORDS = "dengan hormat kegiatan pelaksanaan pembangunan jalan desa nomor bersama ini kami sampaikan"
FULL = SheetDefaults(
    direction="incoming",
    category="invitation",
    urgency="very_urgent",
    confidentiality="restricted",
    kind="Surat Undangan",
    addressee=OTHER_UNIT,
)
SHEET = SeparatorSheet(unit_id=UNIT, defaults=FULL)


@cache
def sheet_pdf(sheet: SeparatorSheet = SHEET, key: bytes = KEY, *, duplex: bool = False) -> bytes:
    """The sheet as it is printed."""
    data = {
        "unit": "Dinas Pekerjaan Umum dan Penataan Ruang",
        "defaults": labelled(sheet.defaults, "Bagian Umum" if sheet.defaults.addressee else None),
        "count": 1,
        "duplex": duplex,
        "printed": "Kabupaten Karangsari",
    }
    drawings = {"code": qr_svg(code_of(sheet, key), correction="q")}
    return asyncio.run(Paper(TEMPLATES).print("sheet", data, at=datetime(2026, 3, 2, tzinfo=UTC), drawings=drawings))


@cache
def sheet_picture(sheet: SeparatorSheet = SHEET, key: bytes = KEY) -> Picture:
    """The sheet as a good scanner sees it."""
    page = pypdfium2.PdfDocument(sheet_pdf(sheet, key))[0]
    picture: Picture = page.render(scale=150 / 72).to_pil().convert("L")
    return picture


def letter_picture(seed: int, *, lines: int = 42) -> Picture:
    """A page of a letter: its head, its text, a signature; no two are alike."""
    chance = random.Random(seed)
    page = Image.new("L", A4_AT_150, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=chance.choice((18, 20, 23)))
    pen.text((400, 90), "PEMERINTAH KABUPATEN KARANGSARI", font=ImageFont.load_default(size=26), fill=0)
    pen.line((100, 190, 1140, 190), fill=0, width=5)
    words = WORDS.split()
    for number in range(lines):
        text = " ".join(chance.choice(words) for _ in range(11))
        pen.text((120, 230 + number * 32), text, font=font, fill=chance.randint(0, 60))
    for _ in range(3):
        start = chance.randint(700, 900)
        pen.arc((start, 1480, start + 200, 1600), chance.randint(0, 180), chance.randint(181, 360), fill=20, width=4)
    return page


def stamped(page: Picture, text: str, *, scale: int = 5, at: tuple[int, int] = (150, 1300)) -> Picture:
    """The page with a QR code of ``text``, as electronic signatures have one."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="png", scale=scale, border=4)
    made = page.copy()
    made.paste(Image.open(drawing).convert("L"), at)
    return made


def _noise(picture: Picture, seed: int, spread: float) -> Picture:
    shades = np.asarray(picture, dtype=np.float32)
    grain = np.random.default_rng(seed).normal(0, spread, shades.shape)
    return Image.fromarray(np.clip(shades + grain, 0, 255).astype(np.uint8))


def skewed(picture: Picture, chance: random.Random) -> Picture:
    return picture.rotate(chance.uniform(-12, 12), Image.Resampling.BILINEAR, fillcolor=255)


def noisy(picture: Picture, chance: random.Random) -> Picture:
    return _noise(picture, chance.randint(0, 9999), chance.uniform(40, 90))


def small(picture: Picture, chance: random.Random) -> Picture:
    """Printed two or four on a sheet, or copied down."""
    factor = chance.uniform(0.3, 0.55)
    shrunk = picture.resize((int(picture.width * factor), int(picture.height * factor)))
    page = Image.new("L", picture.size, 255)
    page.paste(shrunk, (chance.randint(0, 500), chance.randint(0, 700)))
    return page


def faint(picture: Picture, chance: random.Random) -> Picture:
    """The last of the toner."""
    lightest = chance.uniform(200, 225)
    pale = picture.point([int(lightest + (245 - lightest) * shade / 255) for shade in range(256)])
    return _noise(pale, chance.randint(0, 9999), chance.uniform(2, 6))


def sideways(picture: Picture, chance: random.Random) -> Picture:
    return picture.rotate(chance.choice((90, 270)), expand=True)


def upside_down(picture: Picture, chance: random.Random) -> Picture:
    return picture.rotate(180 + chance.uniform(-4, 4), fillcolor=255)


def blurred(picture: Picture, chance: random.Random) -> Picture:
    return picture.filter(ImageFilter.GaussianBlur(chance.uniform(2, 3.5)))


def coarse(picture: Picture, chance: random.Random) -> Picture:
    """Scanned at 50 to 75 dots an inch."""
    factor = chance.uniform(0.34, 0.5)
    return picture.resize((int(picture.width * factor), int(picture.height * factor)), Image.Resampling.BOX)


def shadowed(picture: Picture, chance: random.Random) -> Picture:
    light = np.linspace(1, chance.uniform(0.15, 0.35), picture.width)[None, :]
    return Image.fromarray((np.asarray(picture, dtype=np.float32) * light).astype(np.uint8))


def specked(picture: Picture, chance: random.Random) -> Picture:
    shades = np.array(picture)
    fate = np.random.default_rng(chance.randint(0, 9999)).random(shades.shape)
    shades[fate < 0.1] = 0
    shades[fate > 0.9] = 255
    return Image.fromarray(shades)


def streaked(picture: Picture, chance: random.Random) -> Picture:
    made = picture.copy()
    pen = ImageDraw.Draw(made)
    for _ in range(25):
        across = chance.randint(0, made.width)
        pen.line((across, 0, across, made.height), fill=chance.choice((0, 255)), width=chance.randint(1, 4))
    return made


def bilevel(picture: Picture, chance: random.Random) -> Picture:
    threshold = chance.uniform(90, 180)
    return skewed(picture, chance).point([255 if shade > threshold else 0 for shade in range(256)])


def cut_off(picture: Picture, chance: random.Random) -> Picture:
    """Fed askew, or folded over: a third of it is not there."""
    made = picture.copy()
    made.paste(255, (0, 0, int(made.width * chance.uniform(0.25, 0.42)), made.height))
    return made


def scribbled(picture: Picture, chance: random.Random) -> Picture:
    made = picture.copy()
    pen = ImageDraw.Draw(made)
    for _ in range(5):
        corners = [(chance.randint(0, made.width), chance.randint(0, made.height)) for _ in range(3)]
        pen.line(corners, fill=40, width=6)
    return made


def photographed(picture: Picture, chance: random.Random) -> Picture:
    width, height = picture.size
    off = [chance.uniform(0, 0.12) for _ in range(8)]
    corners = (
        *(-off[0] * width, -off[1] * height, -off[2] * width, height + off[3] * height),
        *(width + off[4] * width, height + off[5] * height, width + off[6] * width, -off[7] * height),
    )
    return picture.transform(picture.size, Image.Transform.QUAD, corners, fillcolor=190)


def squeezed(picture: Picture, chance: random.Random) -> Picture:
    target = io.BytesIO()
    smaller = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3))
    smaller.save(target, "JPEG", quality=chance.randint(6, 14))
    return Image.open(target)


Harm = Callable[[Picture, random.Random], Picture]
HARMS: tuple[Harm, ...] = (
    *(skewed, noisy, small, faint, sideways, upside_down, blurred, coarse),
    *(shadowed, specked, streaked, bilevel, cut_off, scribbled, photographed, squeezed),
)
PAIRS: tuple[tuple[Harm, Harm], ...] = (
    *((small, noisy), (faint, skewed), (upside_down, coarse), (shadowed, squeezed), (streaked, skewed)),
    *((cut_off, noisy), (blurred, noisy), (sideways, faint), (photographed, shadowed), (bilevel, streaked)),
    *((small, bilevel), (coarse, squeezed)),
)


def pdf_of(pictures: Sequence[Picture], dots: int = 150) -> bytes:
    """The pictures as the pages of a PDF, as a scanner makes it."""
    target = io.BytesIO()
    first, *rest = [one.convert("L") for one in pictures]
    first.save(target, "PDF", save_all=True, append_images=rest, resolution=dots, quality=85)
    return target.getvalue()


def tiff_of(pictures: Sequence[Picture], dots: int = 150) -> bytes:
    """The pictures as the pages of a black and white TIFF, as a scanner makes it."""
    target = io.BytesIO()
    first, *rest = [one.convert("1") for one in pictures]
    first.save(target, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(dots, dots))
    return target.getvalue()
