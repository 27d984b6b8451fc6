"""Draws letters as a village's scanner would deliver them. Invariant: same seed, same page, so a demo can be repeated.

A page is typeset, then made worse on purpose: a little skew, paper grain, and a JPEG inside a PDF.
"""

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 150
A4 = (1240, 1754)
INK, PAPER = (35, 35, 45), (246, 244, 238)

EQUIPMENT_LETTER = (
    "Nomor     : 005/117/SKT/XI/2026",
    "Lampiran  : -",
    "Perihal   : Permohonan peminjaman alat berat",
    "",
    "Kepada Yth. Kepala Dinas Pekerjaan Umum",
    "di Semarapura",
    "",
    "Dengan hormat,",
    "Sehubungan dengan tertutupnya jalan desa oleh longsor di Banjar Sedehing,",
    "kami mohon bantuan peminjaman satu unit ekskavator beserta operatornya",
    "selama tiga hari. Akses warga ke puskesmas dan sekolah saat ini terputus.",
    "",
    "Atas perhatian dan bantuan Bapak kami ucapkan terima kasih.",
    "",
    "Perbekel Sekartaji",
)

INVITATION_LETTER = (
    "Nomor     : 005/118/SKT/XI/2026",
    "Lampiran  : -",
    "Perihal   : Undangan peresmian embung desa",
    "",
    "Kepada Yth. Bapak Bupati Klungkung",
    "di Semarapura",
    "",
    "Dengan hormat,",
    "Kami mohon kehadiran Bapak Bupati pada peresmian Embung Sekartaji,",
    "bertempat di Balai Desa Sekartaji, mulai pukul 09.00 WITA sampai selesai.",
    "",
    "Atas kehadiran Bapak kami ucapkan terima kasih.",
    "",
    "Perbekel Sekartaji",
)

_LETTERHEAD = ("PEMERINTAH KABUPATEN KLUNGKUNG", "KECAMATAN NUSA PENIDA", "DESA SEKARTAJI")


def scanned_pdf(lines: Sequence[str], *, seed: int = 1) -> bytes:
    """The letter as a one-page PDF holding one JPEG, roughly 200 KB."""
    target = io.BytesIO()
    scanned_page(lines, seed=seed).save(target, "PDF", resolution=DPI, quality=60)
    return target.getvalue()


def scanned_page(lines: Sequence[str], *, seed: int = 1) -> Image.Image:
    """The letter as it lies on the scanner."""
    page = _grain(_typeset(lines), random.Random(seed))  # noqa: S311 - paper grain, not a secret
    return page.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)


def _typeset(lines: Sequence[str]) -> Image.Image:
    page = Image.new("RGB", A4, PAPER)
    draw = ImageDraw.Draw(page)
    top = 110
    for line in _LETTERHEAD:
        draw.text((A4[0] // 2, top), line, INK, ImageFont.load_default(34), anchor="mm")
        top += 46
    draw.line((110, top, A4[0] - 110, top), INK, 5)
    top += 70
    for line in lines:
        draw.text((130, top), line, INK, ImageFont.load_default(27))
        top += 44
    return page


def _grain(page: Image.Image, chance: random.Random) -> Image.Image:
    width, height = page.size
    noise = Image.frombytes("L", (width // 2, height // 2), chance.randbytes((width // 2) * (height // 2)))
    noise = noise.resize(page.size).filter(ImageFilter.GaussianBlur(1))
    return Image.blend(page, Image.merge("RGB", (noise,) * 3), 0.08)
