"""Letters as pictures: typeset, then spoilt as a scanner, a fax or a phone spoils them. Same seed, same picture."""

import io
import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import typst
from PIL import Image, ImageEnhance, ImageFilter

LAYOUTS = Path(__file__).parent / "layouts"
DPI = 200
PAPER = (244, 242, 236)


@dataclass(frozen=True)
class Wear:
    """How a page suffered: degrees of skew, share of noise, blur in pixels, JPEG quality, and how it was taken."""

    way: str
    skew: float
    noise: float
    blur: float
    quality: int
    tilt: float
    shadow: float


def wear_of(chance: random.Random) -> Wear:
    """What happens to a page: four in ten come off a good scanner, three off a poor one, three out of a phone."""
    way = chance.choices(("scanner", "poor", "phone"), (4, 3, 3))[0]
    if way == "scanner":
        return Wear(way, chance.uniform(-0.5, 0.5), 6, 0.4, 75, 0, 0)
    if way == "poor":
        return Wear(way, chance.uniform(-2.2, 2.2), chance.uniform(14, 34), chance.uniform(0.6, 1.3), 38, 0, 0.1)
    return Wear(way, chance.uniform(-1.5, 1.5), chance.uniform(6, 16), chance.uniform(0.5, 1.1), 55,
                chance.uniform(0.01, 0.035), chance.uniform(0.15, 0.45))  # fmt: skip


@cache
def compiler() -> typst.Compiler:
    """Typesets the layouts."""
    return typst.Compiler(root=LAYOUTS)


def typeset(layout: str, printed: dict[str, Any], chance: random.Random) -> list[Image.Image]:
    """The pages, clean."""
    emblem = chance.choice(("left", "left", "both", "none"))
    data = printed | {"head": printed["head"] | {"emblem": emblem}}
    made = compiler().compile(
        input=LAYOUTS / f"{layout}.typ", format="png", ppi=DPI, sys_inputs={"data": json.dumps(data)}
    )
    pages = made if isinstance(made, list) else [made]
    return [Image.open(io.BytesIO(page)).convert("RGB") for page in pages if page]


def worn(page: Image.Image, wear: Wear, chance: random.Random) -> Image.Image:
    """The page as it comes in."""
    page = page.rotate(wear.skew, Image.Resampling.BICUBIC, fillcolor=PAPER, expand=False)
    if wear.tilt:
        page = _tilted(page, wear.tilt, chance)
    page = page.filter(ImageFilter.GaussianBlur(wear.blur))
    pixels = np.asarray(page, np.float32)
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, wear.noise, pixels.shape[:2])
    pixels = pixels + grain[..., None].astype(np.float32)
    if wear.shadow:
        pixels *= _light(pixels.shape[1], pixels.shape[0], wear.shadow, chance)[..., None]
    spoilt = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    spoilt = ImageEnhance.Contrast(spoilt).enhance(chance.uniform(0.7, 1.0))
    target = io.BytesIO()
    spoilt.save(target, "JPEG", quality=wear.quality)
    return Image.open(target).convert("RGB")


def _tilted(page: Image.Image, tilt: float, chance: random.Random) -> Image.Image:
    """As seen by a phone that was not held straight above it."""
    width, height = page.size

    def off(most: int) -> float:
        return chance.uniform(-tilt, 0) * most

    corners = [(off(width), off(height)), (off(width), height - off(height)),
               (width - off(width), height - off(height)), (width - off(width), off(height))]  # fmt: skip
    targets = [(0, 0), (0, height), (width, height), (width, 0)]
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        wanted += [x, y]
    solved = np.linalg.solve(np.array(rows, float), np.array(wanted, float))
    return page.transform(
        page.size, Image.Transform.PERSPECTIVE, solved.tolist(), Image.Resampling.BICUBIC, fillcolor=(120, 105, 90)
    )


def _light(width: int, height: int, strength: float, chance: random.Random) -> np.ndarray[Any, Any]:
    """Light that falls from one side."""
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)
    slope = across[None, :] * chance.random() + down[:, None] * chance.random()
    return 1 - strength * slope / max(float(slope.max()), 0.01)
