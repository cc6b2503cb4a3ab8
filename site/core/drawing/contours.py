"""Contour maps drawn from a seed.

A seed (a page's slug) becomes a landscape of Gaussian hills; its contour lines, the triangulation points on its
summits and the sight lines between them become one small inline SVG. The same seed always gives the same map.

Nothing of the seed reaches the output: it is hashed into a random number generator's state. The SVG carries classes
and no colour, so that the style sheet decides how a map looks on each ground:

``c``  contour lines                  ``i``  index contours, one path a level, fillable as height tints
``n``  sight lines between points     ``p``  triangulation points

All lengths are in units of the view box.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from random import Random
from typing import cast

import contourpy
import numpy as np
from numpy.typing import NDArray

from core.drawing.lines import Points, curve, simplify

Grid = NDArray[np.float64]
Point = tuple[int, int]

INDEX_EVERY = 5  # Every fifth contour is drawn heavier, as on an Ordnance Survey sheet.
MARGIN = 2  # Grid cells drawn beyond each edge, so that lines leave the sheet and close out of sight.


@dataclass(frozen=True)
class Shape:
    """The format of a map.

    ``clear`` is the share of the width, from the left, that is kept as a flat plain with no points and no sight
    lines, because words stand on it. ``tolerance`` is how far a simplified line may stray from the true one.
    ``marker`` is how far a triangulation point's tip is above its place.
    """

    width: int
    height: int
    step: int
    hills: int
    levels: int
    points: int
    clear: float
    tolerance: float
    marker: int

    @property
    def spacing(self) -> float:
        """The least distance between two triangulation points."""
        return 0.6 * math.sqrt((self.right - self.left) * (self.bottom - self.top) / self.points)

    @property
    def top(self) -> int:
        """The highest a triangulation point may stand: a wide, low box shows only the middle of a map."""
        return self.height // 5

    @property
    def bottom(self) -> int:
        """The lowest a triangulation point may stand."""
        return self.height * 3 // 4

    @property
    def left(self) -> int:
        """The furthest left a triangulation point may stand: clear of the words."""
        return max(self.width // 16, round((self.clear + 0.06) * self.width))

    @property
    def right(self) -> int:
        """The furthest right a triangulation point may stand."""
        return self.width - self.width // 16


SHEET = Shape(width=1440, height=640, step=22, hills=14, levels=19, points=8, clear=0.52, tolerance=0.9, marker=12)
DETAIL = Shape(width=600, height=320, step=24, hills=5, levels=9, points=4, clear=0.0, tolerance=1.3, marker=9)
SHAPES = {"sheet": SHEET, "detail": DETAIL}


@dataclass(frozen=True)
class Survey:
    """What was measured of a landscape, before it is drawn.

    Attributes:
        contours: for each height from low to high, its closed lines; every fifth height is an index contour.
        points: triangulation points.
        sights: pairs of points that see each other.
    """

    contours: list[list[Points]]
    points: list[Point]
    sights: list[tuple[Point, Point]]


def survey(seed: str, shape: Shape) -> Survey:
    """Measure the landscape of ``seed``."""
    random = Random(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest())
    x, y = _axes(shape)
    land = _landscape(random, shape, x, y)
    points = _triangulation_points(random, shape, x, y, land)
    return Survey(_contours(shape, x, y, land), points, _sights(points))


def is_index(number: int) -> bool:
    """Whether the contour of this number, from the lowest, is an index contour."""
    return number % INDEX_EVERY == 2


def draw_map(seed: str, shape: Shape = SHEET) -> str:
    """Return the map of ``seed`` as an inline SVG, hidden from assistive technology because it only decorates."""
    measured = survey(seed, shape)
    side = "xMax" if shape.clear else "xMid"
    return (
        f'<svg class="map" viewBox="0 0 {shape.width} {shape.height}" preserveAspectRatio="{side}YMid slice"'
        ' fill="none" stroke="currentColor" aria-hidden="true" focusable="false">'
        f"{_contour_paths(shape, measured.contours)}{_sight_lines(measured.sights)}"
        f"{_markers(measured.points, shape.marker)}</svg>"
    )


def _axes(shape: Shape) -> tuple[Grid, Grid]:
    """The grid's coordinates, reaching ``MARGIN`` cells beyond the view box on every side."""
    columns, rows = (math.ceil(length / shape.step) + MARGIN for length in (shape.width, shape.height))
    return np.arange(-MARGIN, columns + 1.0) * shape.step, np.arange(-MARGIN, rows + 1.0) * shape.step


def _landscape(random: Random, shape: Shape, x: Grid, y: Grid) -> Grid:
    """Heights from 0 to about 1: hills, a few hollows, some roughness, and a plain under the words."""
    across, down = np.meshgrid(x, y)
    land = np.zeros_like(across)
    for number in range(shape.hills):
        land += _hill(random, shape, across, down, number)
    for octave in range(1, 5):
        bearing, phase = random.uniform(0, math.tau), random.uniform(0, math.tau)
        wave = math.tau * (0.7 + octave) / (28 * shape.step)
        along = across * math.cos(bearing) + down * math.sin(bearing)
        land += 0.11 / octave * np.sin(wave * along + phase)
    low, high = np.percentile(land, [4, 99.7])
    return (land - low) / (high - low) * _plain(random, shape, across, down)


def _hill(random: Random, shape: Shape, across: Grid, down: Grid, number: int) -> Grid:
    """One Gaussian hill, longer than it is wide and turned any way; every fourth is a hollow.

    Hills take turns across the sheet from left to right, so that no map has all of them in one corner.
    """
    left = shape.clear * 0.85
    column = (number + random.random()) / shape.hills
    dx = across - shape.width * (left + (1.04 - left) * column)
    dy = down - random.uniform(0, shape.height)
    turn, squeeze = random.uniform(0, math.pi), random.uniform(0.45, 0.9)
    spread = random.uniform(0.12, 0.3) * shape.height
    height = -0.45 if number % 4 == 3 else random.uniform(0.5, 1.0)
    along = dx * math.cos(turn) + dy * math.sin(turn)
    aside = (dy * math.cos(turn) - dx * math.sin(turn)) / squeeze
    return height * np.exp(-(along**2 + aside**2) / (2 * spread**2))


def _plain(random: Random, shape: Shape, across: Grid, down: Grid) -> Grid:
    """A factor that flattens the land under the words, rising along a wavering shore to 1."""
    if not shape.clear:
        return np.ones_like(across)
    shore = shape.clear + 0.05 * np.sin(math.tau * down / shape.height + random.uniform(0, math.tau))
    rise = np.clip((across / shape.width - shore + 0.1) / 0.24, 0, 1)
    return rise * rise * (3 - 2 * rise)


def _contours(shape: Shape, x: Grid, y: Grid, land: Grid) -> list[list[Points]]:
    """The closed lines of each height, without specks too small to read."""
    walled = land.copy()
    walled[[0, -1], :] = walled[:, [0, -1]] = -1  # A pit round the sheet closes every line beyond its edge.
    generator = contourpy.contour_generator(x, y, walled)
    heights = np.linspace(0.12, 0.97, shape.levels)
    # The default line type gives one array a line.
    contours = [cast("list[Points]", generator.lines(float(height))) for height in heights]
    return [[line for line in lines if np.ptp(line, axis=0).min() >= shape.step * 0.8] for lines in contours]


def _contour_paths(shape: Shape, contours: list[list[Points]]) -> str:
    """The contour lines: fine ones in one path, index contours in a path for each height."""
    fine, index = "", ""
    for number, lines in enumerate(contours):
        path = "".join(curve(simplify(line, shape.tolerance)) for line in lines)
        if is_index(number):
            index += f'<path class="i" d="{path}"/>' if path else ""
        else:
            fine += path
    return f'{index}<path class="c" d="{fine}"/>'


def _triangulation_points(random: Random, shape: Shape, x: Grid, y: Grid, land: Grid) -> list[Point]:
    """Summits first, highest first, then random places; never two too close, near an edge or under the words."""

    def fits(point: Point) -> bool:
        inside = shape.left <= point[0] <= shape.right and shape.top <= point[1] <= shape.bottom
        return inside and all(math.dist(point, other) >= shape.spacing for other in points)

    points: list[Point] = []
    elsewhere = (
        (random.randint(shape.left, shape.right), random.randint(shape.top, shape.bottom))
        for _ in range(shape.points * 25)
    )
    for place in [*_summits(x, y, land), *elsewhere]:
        if len(points) < shape.points and fits(place):
            points.append(place)
    return points


def _summits(x: Grid, y: Grid, land: Grid) -> list[Point]:
    """The places higher than their eight neighbours, highest first."""
    middle = land[1:-1, 1:-1]
    rows, columns = land.shape
    neighbours = [
        land[1 + down : rows - 1 + down, 1 + across : columns - 1 + across]
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
        if (down, across) != (0, 0)
    ]
    found = np.argwhere(np.all([middle > neighbour for neighbour in neighbours], axis=0)) + 1
    ranked = sorted(found.tolist(), key=lambda cell: -land[cell[0], cell[1]])
    return [(round(x[column]), round(y[row])) for row, column in ranked]


def _sights(points: list[Point]) -> list[tuple[Point, Point]]:
    """Pairs of neighbours: two points see each other when none stands in the circle between them
    (a Gabriel graph, https://en.wikipedia.org/wiki/Gabriel_graph), so that sight lines never cross."""
    pairs = []
    for number, a in enumerate(points):
        for b in points[number + 1 :]:
            centre, radius = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), math.dist(a, b) / 2
            if all(math.dist(centre, c) >= radius for c in points if c not in (a, b)):
                pairs.append((a, b))
    return pairs


def _sight_lines(sights: list[tuple[Point, Point]]) -> str:
    path = "".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in sights)
    return f'<path class="n" d="{path}"/>' if path else ""


def _markers(points: list[Point], size: int) -> str:
    """A triangle for each point, its middle on the point, as on an Ordnance Survey sheet."""
    half = size - 1
    triangles = "".join(f"M{x} {y - size}l{half} {size + size // 2}h-{2 * half}z" for x, y in points)
    return f'<path class="p" d="{triangles}"/>'
