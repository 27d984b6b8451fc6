"""What is wrong with the picture of a page. Invariant: measured on the picture alone, whatever is written on it.

A picture is an array of grey values (0 black, 255 white), its longer side about MEASURED pixels: 130 to the inch on A4.
The thresholds are held by tests on made pages: each fault alone, and pages with none.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from services.contracts.intake import PageFault  # for the program that measures it is too heavy to load

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
MEASURED = 1500
"""Pixels of the longer side of what is measured."""

INK = 45
"""By so many grey values ink is darker than the paper around it."""
BLANK_BELOW = 0.00012
"""Of a blank page less than this part is ink."""
DARK_BELOW = 105
"""The grey value of paper in the shade."""
SHARP_ABOVE = 0.27
"""The part of an edge's whole contrast that one pixel makes in a picture that can be read."""
SKEWED_ABOVE = 2.0
"""Degrees."""
CUT_LINES = 5
"""So many lines of writing run out of an edge."""
_WIDEST_ANGLE = 12.0


def faults_of(grey: Grey) -> "tuple[list[PageFault], float]":
    """The faults of a page, and by how many degrees it leans clockwise (0 where that cannot be told)."""
    paper = paper_of(grey)
    ink = ink_of(grey, paper)
    inner = _inner(ink)
    faults: list[PageFault] = []
    if float(np.percentile(paper, 60)) < DARK_BELOW:
        faults.append("dark")
    if float(inner.mean()) < BLANK_BELOW:
        return [*faults, "blank"], 0.0
    if sharpness(grey, ink) < SHARP_ABOVE:
        faults.append("blurred")
    lean = lean_of(inner)
    if abs(lean) > SKEWED_ABOVE:
        faults.append("skewed")
    if cut_lines(ink) >= CUT_LINES:
        faults.append("cut_off")
    return faults, lean


def paper_of(grey: Grey, cell: int = 24) -> NDArray[np.float32]:
    """How bright the paper is, everywhere: the brighter part of each small square, smoothed over its neighbours."""
    height, width = grey.shape
    rows, columns = height // cell, width // cell
    if not rows or not columns:
        return np.full(grey.shape, np.percentile(grey, 85), dtype=np.float32)
    squares = grey[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    bright = np.percentile(squares, 85, axis=(1, 3)).astype(np.float32)
    padded = np.pad(bright, 1, mode="edge")
    smooth = sum(padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)) / 9
    spread = np.repeat(np.repeat(smooth, cell, axis=0), cell, axis=1)
    beyond = ((0, height - spread.shape[0]), (0, width - spread.shape[1]))
    return np.pad(spread, beyond, mode="edge").astype(np.float32)


def ink_of(grey: Grey, paper: NDArray[np.float32]) -> Mask:
    """Where there is ink: darker than the paper by more than noise, and not alone."""
    least = np.minimum(INK, paper * 0.35)
    dark: Mask = np.asarray(grey < paper - least)
    beside = dark[1:-1, 1:-1].astype(np.uint8)
    around = sum(dark[1 + y : dark.shape[0] - 1 + y, 1 + x : dark.shape[1] - 1 + x] for y, x in _NEIGHBOURS)
    found = np.zeros_like(dark)
    found[1:-1, 1:-1] = (beside == 1) & (np.asarray(around, dtype=np.uint8) >= 2)
    found[0], found[-1], found[:, 0], found[:, -1] = dark[0], dark[-1], dark[:, 0], dark[:, -1]
    return found


_NEIGHBOURS = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)]


def sharpness(grey: Grey, ink: Mask) -> float:
    """How much of an edge's contrast lies between two neighbouring pixels: 1 is a knife's edge, 0 is fog."""
    values = grey.astype(np.int16)
    step = np.abs(values[:, 1:] - values[:, :-1])
    reach = 4
    width = values.shape[1]
    windows = [values[:, at : width - 2 * reach + at] for at in range(2 * reach + 1)]
    contrast = np.maximum.reduce(windows) - np.minimum.reduce(windows)
    steps = np.maximum.reduce([step[:, at : width - 2 * reach + at] for at in range(2 * reach)])
    near = ink[:, reach : width - reach] & (contrast > INK)
    if int(near.sum()) < 50:
        return 1.0
    return float(np.median(steps[near] / contrast[near]))


def lean_of(ink: Mask) -> float:
    """By how many degrees lines of writing lean clockwise: where the rows' sums stand out most sharply."""
    y, x = np.nonzero(ink[::2, ::2])
    if len(y) < 200:
        return 0.0
    if len(y) > 40_000:
        y, x = y[:: len(y) // 40_000 + 1], x[:: len(x) // 40_000 + 1]
    coarse = max(np.arange(-_WIDEST_ANGLE, _WIDEST_ANGLE + 0.1, 0.5), key=lambda angle: _standing_out(y, x, angle))
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda angle: _standing_out(y, x, angle))
    flat, found = _standing_out(y, x, float(coarse) + 5), _standing_out(y, x, float(fine))
    return round(float(fine), 1) if found > flat * 1.3 and abs(fine) < _WIDEST_ANGLE else 0.0


def _standing_out(y: NDArray[Any], x: NDArray[Any], angle: float) -> float:
    rows = np.round(y - x * math.tan(math.radians(angle))).astype(np.int64)
    sums = np.bincount(rows - rows.min())
    return float((sums.astype(np.float64) ** 2).sum())


def cut_lines(ink: Mask) -> int:
    """How many strokes run out of the edge where most do; a scanner's black rim is one long stroke and none of them."""
    height, width = ink.shape
    edges = [
        (ink[:, :4].sum(axis=1) >= 3, height),
        (ink[:, -4:].sum(axis=1) >= 3, height),
        (ink[:4].sum(axis=0) >= 3, width),
        (ink[-4:].sum(axis=0) >= 3, width),
    ]
    return max(_strokes(np.asarray(edge), length) for edge, length in edges)


def _strokes(edge: Mask, length: int) -> int:
    """Separate strokes of a writing's thickness along an edge; none where most of the edge is dark."""
    if edge.mean() > 0.4:
        return 0
    turns = np.flatnonzero(np.diff(np.concatenate(([0], edge.view(np.int8), [0]))))
    lengths = turns[1::2] - turns[::2]
    return int(((lengths >= 2) & (lengths < length * 0.03)).sum())


def _inner(ink: Mask) -> Mask:
    """Without the rim, where scanners and tables leave their shadows."""
    height, width = ink.shape
    return ink[height // 25 : height - height // 25, width // 25 : width - width // 25]
