"""Lines made small: fewer points (Douglas-Peucker), then a smooth curve along them (B-spline)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def simplify(line: Points, tolerance: float) -> Points:
    """Return the points of ``line`` that matter: none left out lies further than ``tolerance`` from the rest.

    Both ends are kept. The method is Douglas and Peucker's (1973), with a stack in place of recursion.
    """
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        distances = _distances(line[start + 1 : end], line[start], line[end])
        furthest = int(distances.argmax())
        if distances[furthest] > tolerance:
            split = start + 1 + furthest
            keep[split] = True
            spans += [(start, split), (split, end)]
    return line[keep]


def _distances(points: Points, start: Points, end: Points) -> Points:
    """How far each point lies from the line through ``start`` and ``end``, or from ``start`` when they are one."""
    along, out = end - start, points - start
    length = float(np.hypot(*along))
    if length < 1e-9:
        return np.hypot(out[:, 0], out[:, 1])
    return np.abs(along[0] * out[:, 1] - along[1] * out[:, 0]) / length


def curve(ring: Points) -> str:
    """Return the closed line ``ring`` (its last point is its first) as SVG path data.

    A quadratic B-spline: it runs through the middle of every side and bends towards the corner between two sides.
    Each corner is then the last one mirrored in the middle of the side, which is what SVG's short form ``t`` means,
    so that a corner costs two whole numbers. Corners go to even numbers, so that every middle is a whole one and
    no error adds up along the line. Fewer than three different corners give an empty string.
    """
    corners = 2 * np.rint(ring[:-1] / 2).astype(int)
    corners = corners[(corners != np.roll(corners, 1, axis=0)).any(axis=1)]
    if len(corners) < 3:
        return ""
    middles = (corners + np.roll(corners, -1, axis=0)) // 2
    start = middles[-1]
    steps = middles - np.roll(middles, 1, axis=0)
    bend = _numbers([*(corners[0] - start).tolist(), *steps[0].tolist()])
    return f"M{start[0]} {start[1]}q{bend}t{_numbers(steps[1:].ravel().tolist())}z"


def smooth(ring: Points, rounds: int = 3) -> Points:
    """Return the closed line ``ring`` with its corners cut off, which tends to the same B-spline as ``curve`` draws.

    Chaikin's method (1974): each round puts two points on every side, a quarter from its ends.
    """
    for _ in range(rounds):
        start, end = ring[:-1], ring[1:]
        cut = np.stack([0.75 * start + 0.25 * end, 0.25 * start + 0.75 * end], axis=1).reshape(-1, 2)
        ring = np.concatenate([cut, cut[:1]])
    return ring


def _numbers(values: list[int]) -> str:
    """Whole numbers as path data: a minus sign separates as well as a space does."""
    return "".join(str(value) if value < 0 else f" {value}" for value in values).lstrip()
