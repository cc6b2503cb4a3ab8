"""The land under the boxes: an area for each group, and the contour lines of one landscape across all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import contourpy
import numpy as np
from numpy.typing import NDArray

from core.drawing.lines import Points, curve, simplify

Grid = NDArray[np.float64]

STEP = 10  # The grid's cells, in units of the view box.
REACH = 38.0  # How far an area reaches beyond its boxes.
STRAIT = 5.0  # Half the open sheet between two areas.
LEVELS = 11
HILL = 72.0  # How wide the hill beneath a box is.
SMALLEST = 26  # Rings of contour smaller than this are specks.


@dataclass(frozen=True)
class Box:
    """A box on the sheet by its middle and size, its group, and how high the hill beneath it is."""

    x: int
    y: int
    width: int
    height: int
    group: int
    rise: int


def areas(boxes: Sequence[Box], width: int, height: int) -> dict[int, str]:
    """The area of each group as path data: the places nearer to its boxes than to others', and near enough.

    An area holds all boxes of its group and touches no other area.
    """
    x, y = _axes(width, height)
    away = {group: _distance([box for box in boxes if box.group == group], x, y) for group in _groups(boxes)}
    found = {}
    for group, distance in away.items():
        others = [other for name, other in away.items() if name != group]
        nearest = np.min(others, axis=0) if others else np.full_like(distance, np.inf)
        inside = np.minimum(REACH - distance, (nearest - distance) / 2 - STRAIT)
        found[group] = _rings(x, y, inside, 0.0, tolerance=1.5)
    return found


def contours(boxes: Sequence[Box], width: int, height: int) -> str:
    """Contour lines as path data: a hill under each box, the higher the more it is connected to."""
    x, y = _axes(width, height)
    across, down = np.meshgrid(x, y)
    land = np.zeros_like(across)
    for box in boxes:
        squared = (across - box.x) ** 2 + (1.5 * (down - box.y)) ** 2
        land += (1 + box.rise) * np.exp(-squared / (2 * HILL**2))
    levels = np.linspace(land.max() * 0.16, land.max() * 0.95, LEVELS)
    return "".join(_rings(x, y, land, float(level), tolerance=1.6) for level in levels)


def _groups(boxes: Sequence[Box]) -> list[int]:
    return sorted({box.group for box in boxes})


def _axes(width: int, height: int) -> tuple[Grid, Grid]:
    """The grid's coordinates, two cells beyond the sheet on every side."""
    return np.arange(-2 * STEP, width + 3 * STEP, STEP, dtype=float), np.arange(
        -2 * STEP, height + 3 * STEP, STEP, dtype=float
    )


def _distance(boxes: Sequence[Box], x: Grid, y: Grid) -> Grid:
    """How far each point of the grid is from the nearest of the boxes; 0 inside them."""
    across, down = np.meshgrid(x, y)
    distances = [
        np.hypot(
            np.maximum(np.abs(across - box.x) - box.width / 2, 0),
            np.maximum(np.abs(down - box.y) - box.height / 2, 0),
        )
        for box in boxes
    ]
    return cast("Grid", np.min(distances, axis=0))


def _rings(x: Grid, y: Grid, field: Grid, level: float, tolerance: float) -> str:
    """The closed lines of a level as path data; lines that leave the sheet are closed beyond its edge."""
    walled = field.copy()
    walled[[0, -1], :] = walled[:, [0, -1]] = min(level, field.min()) - 1
    lines = cast("list[Points]", contourpy.contour_generator(x, y, walled).lines(level))
    return "".join(curve(simplify(line, tolerance)) for line in lines if np.ptp(line, axis=0).min() >= SMALLEST)
