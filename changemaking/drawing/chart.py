"""What a request shows of the drawing: boxes and lines for the approaches that its readers may see.

The layout was made when something was published. Here it meets what is public now, the kinds of the connections and
what the reader asked for. Nothing is searched or placed here, so that a reader never waits for it.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from changemaking.connections import Kind
from changemaking.drawing.labels import FONT, LINE, PADDING, STUB, Label, box
from changemaking.drawing.layout import Layout, Placed
from changemaking.graph import Graph, Link, Pair, pair

if TYPE_CHECKING:
    from changemaking.models import ApproachPage, Connection

# A mark for each group, as path data round 0 0, so that groups differ without their colours. A seventh group begins
# with the first mark again; its name is on the sheet as well.
MARKS = (
    "M0-8 7 5H-7z",
    "M-6-6H6V6H-6z",
    "M0-8 8 0 0 8-8 0z",
    "M-7 0a7 7 0 1 0 14 0 7 7 0 1 0-14 0z",
    "M-2.5-7h5v4.5H7v5H2.5V7h-5V2.5H-7v-5h4.5z",
    "M0 7-7-5H7z",
)
SCROLLS_FROM = 1100  # A wider sheet keeps its size and scrolls, so that its words can be read.
BETWEEN_LINES = 9  # Between two lines that connect the same two approaches.
HEAD, HALF_HEAD, SHORT = 11, 5, 2  # An arrow's length and half its width; how far lines end from a box.


Numbers = dict[int | None, int]  # the number of each group, by its key


@dataclass(frozen=True)
class Shown:
    """What a reader asked for, as the drawing shows it: None for everything, else what stays lit.

    `chosen` are the approaches asked for by name.
    """

    approaches: frozenset[int] | None = None
    connections: frozenset[int] | None = None
    chosen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Node:
    """The box of an approach: its top left corner and size, where its lines of words begin, its group and state."""

    approach: "ApproachPage"
    x: int
    y: int
    width: int
    height: int
    lines: list[tuple[int, int, str]]
    number: int
    mark: str
    state: str

    @property
    def stub(self) -> int:
        """The width of the field that the mark stands in."""
        return STUB

    @property
    def mark_at(self) -> str:
        """The middle of the field of the mark."""
        return f"{self.x + STUB // 2} {self.y + self.height // 2}"


@dataclass(frozen=True)
class Edge:
    """The line of a connection, from box to box, with an arrow's head when it reads in one direction."""

    connection: "Connection | None"
    kind: Kind
    line: str
    head: str
    words: str
    state: str


@dataclass(frozen=True)
class Region:
    """The land of a group and its name on it."""

    number: int
    land: str
    lines: list[tuple[int, int, str]]


@dataclass(frozen=True)
class Chart:
    """A drawing, ready for its template."""

    width: int
    height: int
    nodes: list[Node]
    edges: list[Edge]
    regions: list[Region] = field(default_factory=list)
    contours: str = ""

    @property
    def scrolls(self) -> bool:
        """Whether the sheet is too wide to be shown small."""
        return self.width > SCROLLS_FROM


def group_numbers(graph: Graph) -> Numbers:
    """A number for each group from 0, in the order of the lists; approaches without a group have the last one."""
    keys = dict.fromkeys(one.group_id for one in graph.approaches.values() if one.group_id)
    return {key: number for number, key in enumerate([*keys, None])}


def draw(layout: Layout, graph: Graph, numbers: Numbers, shown: Shown) -> Chart | None:
    """The whole sheet; None when there is nothing to show on it.

    Args:
        layout: as kept. An approach that has no place in it is left out, as is one that is not in the graph.
        graph: what every reader may see.
        numbers: from `group_numbers`, for the marks and grounds.
        shown: what the reader asked for.
    """
    places = {placed["key"]: placed for placed in layout["approaches"] if placed["key"] in graph.approaches}
    if not places:
        return None
    present = {graph.approaches[key].group_id for key in places}
    return Chart(
        layout["width"],
        layout["height"],
        [_node(graph.approaches[key], placed, numbers, shown) for key, placed in places.items()],
        list(_edges(graph, places, shown)),
        [
            Region(numbers[area["key"]], area["land"], _lines(area, area["x"]))
            for area in layout["groups"]
            if area["key"] in present
        ],
        layout["contours"],
    )


def _node(approach: "ApproachPage", placed: Placed, numbers: Numbers, shown: Shown) -> Node:
    left, top = placed["x"] - placed["width"] // 2, placed["y"] - placed["height"] // 2
    number = numbers[approach.group_id]
    state = "chosen" if approach.pk in shown.chosen else _state(approach.pk, shown.approaches)
    lines = _lines(placed, left + STUB + PADDING)
    return Node(
        approach, left, top, placed["width"], placed["height"], lines, number, MARKS[number % len(MARKS)], state
    )


def _lines(placed: Placed, x: int) -> list[tuple[int, int, str]]:
    """The lines of words with their places, in the middle of the box's height."""
    first = placed["y"] - (len(placed["lines"]) - 1) * LINE // 2 + round(FONT * 0.35)
    return [(x, first + number * LINE, words) for number, words in enumerate(placed["lines"])]


def _state(key: int, lit: frozenset[int] | None) -> str:
    if lit is None:
        return ""
    return "lit" if key in lit else "off"


def _edges(graph: Graph, places: dict[int, Placed], shown: Shown) -> Iterable[Edge]:
    """A line for each connection between boxes on the sheet; those between the same two stand side by side."""
    drawn = [one for one in graph.connections if one.page_id in places and one.to_id in places]
    together, so_far = Counter(map(pair, drawn)), Counter[Pair]()
    for one in drawn:
        aside = (so_far[pair(one)] - (together[pair(one)] - 1) / 2) * BETWEEN_LINES
        so_far[pair(one)] += 1
        kind = Kind(one.kind)
        # Aside is meant as seen from the same end for all lines of a pair.
        line, head = connect(places[one.page_id], places[one.to_id], aside if one.page_id < one.to_id else -aside)
        words = f"{graph.approaches[one.page_id].title} {kind.label} {graph.approaches[one.to_id].title}"
        state = _state(one.pk, shown.connections)
        yield Edge(one, kind, line, "" if kind.is_symmetric else head, words, state)


def connect(start: Placed, end: Placed, aside: float = 0) -> tuple[str, str]:
    """A line from the edge of one box to the edge of another, and an arrow's head at its end, as path data."""
    dx, dy = end["x"] - start["x"], end["y"] - start["y"]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    px, py = -uy * aside, ux * aside
    leaving, arriving = _reach(start, ux, uy) + SHORT, length - _reach(end, ux, uy) - SHORT
    x1, y1 = start["x"] + ux * leaving + px, start["y"] + uy * leaving + py
    x2, y2 = start["x"] + ux * arriving + px, start["y"] + uy * arriving + py
    bx, by = x2 - ux * HEAD, y2 - uy * HEAD
    wings = (bx - uy * HALF_HEAD, by + ux * HALF_HEAD), (bx + uy * HALF_HEAD, by - ux * HALF_HEAD)
    corners = " ".join(f"{x:.0f} {y:.0f}" for x, y in wings)
    return f"M{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}", f"M{x2:.0f} {y2:.0f} {corners}z"


def _reach(placed: Placed, ux: float, uy: float) -> float:
    """How far it is from the middle of a box to its edge in a direction."""
    across = placed["width"] / 2 / abs(ux) if ux else math.inf
    down = placed["height"] / 2 / abs(uy) if uy else math.inf
    return min(across, down)


def draw_neighbours(approach: "ApproachPage", links: list[Link], numbers: Numbers) -> Chart:
    """The small map of one approach for narrow screens: its box at the left, its neighbours in a column."""
    width, gap = 400, 16
    labels = [box(link.approach.title_for_lists) for link in links]
    root = box(approach.title_for_lists)
    height = max(sum(label.height + gap for label in labels), root.height + gap)
    centre = _at(approach.pk, root, root.width // 2 + 1, height // 2)
    nodes, edges = [_node(approach, centre, numbers, Shown(chosen=frozenset({approach.pk})))], []
    top = gap // 2
    for link, label in zip(links, labels, strict=True):
        placed = _at(link.approach.pk, label, width - 175 + label.width // 2, top + label.height // 2)
        top += label.height + gap
        nodes.append(_node(link.approach, placed, numbers, Shown()))
        is_stated_here = link.words == link.kind.label
        line, head = _fan(centre, placed) if is_stated_here else _fan(placed, centre)
        words = f"{approach.title} {link.words} {link.approach.title}"
        edges.append(Edge(None, link.kind, line, "" if link.kind.is_symmetric else head, words, ""))
    return Chart(width, height, nodes, edges)


def _fan(start: Placed, end: Placed) -> tuple[str, str]:
    """A line between the facing sides of two boxes."""
    sides = sorted((start, end), key=lambda placed: placed["x"])
    points = {
        sides[0]["key"]: sides[0]["x"] + sides[0]["width"] // 2,
        sides[1]["key"]: sides[1]["x"] - sides[1]["width"] // 2,
    }
    return connect(_point(start, points[start["key"]]), _point(end, points[end["key"]]))


def _point(placed: Placed, x: int) -> Placed:
    return {**placed, "x": x, "width": 0, "height": 0}


def _at(key: int, label: Label, x: int, y: int) -> Placed:
    return {"key": key, "x": x, "y": y, "width": label.width, "height": label.height, "lines": list(label.lines)}
