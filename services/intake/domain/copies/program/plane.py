"""Moving between a page as it is shown, as it was read and as it is drawn. Invariant: matrices map column vectors."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def turned_back(turn: int, width: float, height: float) -> Matrix:
    """From a picture that was turned clockwise by ``turn`` degrees to the picture before, ``width`` by ``height``."""
    ways: dict[int, list[list[float]]] = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, 1, 0], [-1, 0, height]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, -1, width], [1, 0, 0]],
    }
    return np.array([*ways[turn], [0, 0, 1]], dtype=np.float64)


def leant_back(degrees: float, width: float, height: float) -> Matrix:
    """From a picture that was rotated counter-clockwise about its middle (PIL's way) to the picture before."""
    angle = -math.radians(degrees)
    cos, sin, x, y = math.cos(angle), math.sin(angle), width / 2, height / 2
    return np.array([[cos, sin, x - cos * x - sin * y], [-sin, cos, y + sin * x - cos * y], [0, 0, 1]])


def from_layer(dpi: float, height: float) -> Matrix:
    """From points, counted upwards, to the pixels of a picture ``height`` high."""
    return np.array([[dpi / 72, 0, 0], [0, -dpi / 72, height], [0, 0, 1]], dtype=np.float64)


def between(corners: list[tuple[float, float]], width: float, height: float) -> Matrix:
    """The matrix that takes (0,0), (width,0) and (0,height) to ``corners``."""
    (x0, y0), (x1, y1), (x2, y2) = corners
    return np.array(
        [[(x1 - x0) / width, (x2 - x0) / height, x0], [(y1 - y0) / width, (y2 - y0) / height, y0], [0, 0, 1]]
    )


def box_through(matrix: Matrix, left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    """The upright box around a box that was moved: left, top, right, bottom."""
    points = np.array([[left, right, left, right], [top, top, bottom, bottom], [1, 1, 1, 1]], dtype=np.float64)
    x, y, _ = matrix @ points
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def operands(matrix: Matrix) -> list[float]:
    """As a content stream gives it to ``cm``."""
    entries: Any = matrix
    return [float(entries[row][column]) for column in range(3) for row in range(2)]
