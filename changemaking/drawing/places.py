"""Where everything stands: boxes on the cells of a staggered lattice, so that no two can overlap.

Every cell is larger than the largest box, and each stands a little off its place, so that the sheet does not look
like a table. Which box goes into which cell is found by simulated annealing (Kirkpatrick, Gelatt and Vecchi,
"Optimization by Simulated Annealing", Science 220, 1983): boxes change places, at random but from a fixed seed, as
long as lines get shorter, cross each other and other boxes less often, and groups stay together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from changemaking.drawing.labels import Label

Grid = NDArray[np.float64]
Row = NDArray[np.float64]

GAP_ACROSS, GAP_DOWN = 30, 38  # Between the largest boxes of neighbouring cells, before they move off their places.
OFF_ACROSS, OFF_DOWN = 7, 11  # How far at most a cell stands off its place: 16 units at least remain between boxes.
MARGIN = 32
SPARE = 1.12  # Cells for each box: the empty ones let the sheet breathe.
SHAPE = 0.9  # Width of the sheet to its height: it stands beside a column of words.
TRIES = 220  # For each item.
WARM, COLD = 2.5, 0.02  # The temperature at the beginning and at the end, in the units of the cost.
ACROSS_BOX, CROSSING, TOGETHER, ABOVE = 5.0, 1.5, 0.7, 0.3  # What each fault costs, beside a line's length.
BESIDE = 0.46  # Lines that pass the middle of a box at this distance or more do not touch it.


@dataclass(frozen=True)
class Item:
    """Something to be placed: a box, or the lettering of a group."""

    label: Label
    group: int
    is_lettering: bool = False


@dataclass
class Sheet:
    """The cells, by their middles, and the size of the sheet."""

    cells: Grid
    pitch: tuple[int, int]
    width: int
    height: int


@dataclass
class Problem:
    """The items and the lines between them, in the form that the cost is reckoned from."""

    items: Sequence[Item]
    edges: NDArray[np.int64]
    sheet: Sheet

    def __post_init__(self) -> None:
        numbers = sorted({item.group for item in self.items})
        member = np.array([[item.group == number for item in self.items] for number in numbers], dtype=float)
        self.groups = member.T @ (member / member.sum(axis=1, keepdims=True))  # averages over each item's group
        self.lettering = np.array([item.is_lettering for item in self.items])
        self.weights = np.where(self.lettering, 2.0, 1.0)  # the name of a group stands in its midst
        self.scaled = self.sheet.cells / self.sheet.pitch  # lengths in units of the lattice
        self.others = np.ones((len(self.edges), len(self.items)))
        for number, ends in enumerate(self.edges):
            self.others[number, ends] = 0
        apart = [(a, b) for a, b in combinations(range(len(self.edges)), 2) if not {*self.edges[a]} & {*self.edges[b]}]
        self.pairs = np.array(apart, dtype=int).reshape(-1, 2).T  # lines that share no end

    def cost(self, cells: NDArray[np.int64]) -> float:
        """How bad it is to put the items into these cells."""
        places = self.scaled[cells]
        offset = places - self.groups @ places
        apart = TOGETHER * float(self.weights @ (offset * offset).sum(axis=1))
        apart += ABOVE * float(offset[self.lettering, 1].sum())
        return apart + self._lines(places[:, 0], places[:, 1]) if len(self.edges) else apart

    def _lines(self, x: Row, y: Row) -> float:
        """The cost of the lines: their length, their crossings, and the boxes they run across."""
        start, end = self.edges[:, 0], self.edges[:, 1]
        line = Lines(x[start], y[start], x[end] - x[start], y[end] - y[start])
        squared = line.dx * line.dx + line.dy * line.dy
        return float((squared**0.65).sum()) + CROSSING * self._crossings(line) + ACROSS_BOX * self._across(x, y, line)

    def _crossings(self, line: "Lines") -> int:
        """How many pairs of lines cross: each has its ends on different sides of the other."""
        a, b = self.pairs
        between_x, between_y = line.x[b] - line.x[a], line.y[b] - line.y[a]
        ax, ay, bx, by = line.dx[a], line.dy[a], line.dx[b], line.dy[b]
        turn = ax * by - ay * bx
        here, there = between_x * by - between_y * bx, between_x * ay - between_y * ax
        # `here` and `there` over `turn` are how far along each line the crossing lies.
        return int(((here * (turn - here) > 0) & (there * (turn - there) > 0)).sum())

    def _across(self, x: Row, y: Row, line: "Lines") -> float:
        """How deep lines run into boxes that are not theirs: 0 beside a box, 1 near its middle."""
        out_x, out_y = x - line.x[:, None], y - line.y[:, None]
        dx, dy = line.dx[:, None], line.dy[:, None]
        share = np.minimum(1, np.maximum(0, (out_x * dx + out_y * dy) / (dx * dx + dy * dy)))
        out_x -= share * dx
        out_y -= share * dy
        # In units of the lattice a box reaches at most 0.42 across and 0.3 down from its middle.
        depth = np.maximum(0, 1 - np.sqrt(out_x * out_x + out_y * out_y) / BESIDE) * self.others
        return float(np.minimum(1, 2 * depth).sum())


class Lines(NamedTuple):
    """Where lines start, and how far they go across and down."""

    x: Row
    y: Row
    dx: Row
    dy: Row


def place(items: Sequence[Item], edges: Sequence[tuple[int, int]], seed: str) -> tuple[Grid, Sheet]:
    """Find a good place for each item.

    Args:
        items: at least one.
        edges: pairs of positions in `items`, each pair once.
        seed: the same seed and items always give the same places.

    Returns:
        The middles of the items, in whole units, and the sheet.
    """
    random = Random(seed)  # noqa: S311  seeded on purpose: the same data give the same drawing
    sheet = _lay_out(items, random)
    problem = Problem(items, np.array(edges, dtype=int).reshape(-1, 2), sheet)
    return sheet.cells[_anneal(problem, random)], sheet


def _lay_out(items: Sequence[Item], random: Random) -> Sheet:
    """A lattice with enough cells, every other row half a cell to the right."""
    across = max(item.label.width for item in items) + GAP_ACROSS
    down = max(item.label.height for item in items) + GAP_DOWN
    wanted = math.ceil(len(items) * SPARE)
    columns = max(1, round(math.sqrt(wanted * SHAPE * down / across)))
    rows = math.ceil(wanted / columns)
    stagger = across // 2 if rows > 1 else 0
    cells = [
        (
            MARGIN + across // 2 + column * across + (row % 2) * stagger + random.randint(-OFF_ACROSS, OFF_ACROSS),
            MARGIN + down // 2 + row * down + random.randint(-OFF_DOWN, OFF_DOWN),
        )
        for row in range(rows)
        for column in range(columns)
    ]
    width, height = 2 * MARGIN + columns * across + stagger, 2 * MARGIN + rows * down
    return Sheet(np.array(cells, dtype=float), (across, down), width, height)


def _anneal(problem: Problem, random: Random) -> NDArray[np.int64]:
    """The cell of each item. Items begin in their order, row by row, which keeps groups together."""
    count = len(problem.sheet.cells)
    cells = np.arange(count)  # the items first, then the empty cells, which change places like any other
    items = len(problem.items)
    cost = problem.cost(cells[:items])
    best, best_cost = cells.copy(), cost
    tries = TRIES * items if items > 1 else 0
    for attempt in range(tries):
        temperature = WARM * (COLD / WARM) ** (attempt / tries)
        a, b = random.randrange(items), random.randrange(count)
        cells[[a, b]] = cells[[b, a]]
        new = problem.cost(cells[:items])
        if new > cost and random.random() >= math.exp((cost - new) / temperature):
            cells[[a, b]] = cells[[b, a]]
            continue
        cost = new
        if cost < best_cost:
            best, best_cost = cells.copy(), cost
    return best[:items]
