"""Where everything stands in the drawing: no two boxes overlap, all is on the sheet, the same data give the same."""

from itertools import combinations

import pytest

from changemaking.drawing import labels
from changemaking.drawing.chart import Shown, draw, draw_neighbours, group_numbers
from changemaking.drawing.labels import FONT, MOST_LINES, PADDING, STUB, WIDEST, text_width, wrap
from changemaking.drawing.layout import NO_GROUP, Layout, fingerprint, lay_out
from changemaking.graph import Graph
from tests.changemaking.starting_graph import approach, connection, random_graph, starting_graph

GRAPHS = {
    "starting content": starting_graph(),
    "one": random_graph(1, approaches=1, connections=0),
    "two": random_graph(2, approaches=2, connections=3),
    "seventy": random_graph(3, approaches=70, connections=90, groups=9),
}


@pytest.fixture(scope="module", params=GRAPHS)
def laid_out(request) -> tuple[Graph, Layout]:
    return GRAPHS[request.param], lay_out(GRAPHS[request.param])


@pytest.fixture(scope="module")
def starting() -> Layout:
    return lay_out(GRAPHS["starting content"])


def sides(box: dict) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what stands on the sheet."""
    across, down = box["width"] / 2, box["height"] / 2
    return box["x"] - across, box["y"] - down, box["x"] + across, box["y"] + down


def apart(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """How far two boxes are from each other, across or down; negative when they overlap."""
    return max(b[0] - a[2], a[0] - b[2], b[1] - a[3], a[1] - b[3])


def test_no_two_labels_come_near_each_other(laid_out):
    _, layout = laid_out
    boxes = [sides(box) for box in (*layout["approaches"], *layout["groups"])]
    assert all(apart(a, b) >= 16 for a, b in combinations(boxes, 2))


def test_everything_is_on_the_sheet_once(laid_out):
    graph, layout = laid_out
    assert sorted(box["key"] for box in layout["approaches"]) == sorted(graph.approaches)
    groups = {one.group_id for one in graph.approaches.values() if one.group_id}
    assert {area["key"] for area in layout["groups"]} == groups
    for box in (*layout["approaches"], *layout["groups"]):
        left, top, right, bottom = sides(box)
        assert left > 0 and top > 0, box
        assert right < layout["width"] and bottom < layout["height"], box


def test_words_fit_their_boxes(laid_out):
    _, layout = laid_out
    for box in layout["approaches"]:
        assert max(map(text_width, box["lines"])) <= box["width"] - STUB - 2 * PADDING
        assert len(box["lines"]) * FONT < box["height"]


def test_the_same_data_give_the_same_drawing(laid_out):
    graph, layout = laid_out
    assert lay_out(graph) == layout


def test_the_drawing_of_the_starting_content_is_readable(starting):
    """Lines that cross, and lines that run behind the boxes of others, are few."""
    places = {box["key"]: box for box in starting["approaches"]}
    lines = [(one.page_id, one.to_id) for one in GRAPHS["starting content"].connections]
    behind = [
        (line, key)
        for line in lines
        for key, box in places.items()
        if key not in line and meets(places[line[0]], places[line[1]], sides(box))
    ]
    assert len(behind) <= 1, behind
    crossing = [
        (first, second)
        for first, second in combinations(lines, 2)
        if not {*first} & {*second} and cross(*(places[key] for key in (*first, *second)))
    ]
    assert len(crossing) <= 4, crossing


def meets(start: dict, end: dict, box: tuple[float, float, float, float]) -> bool:
    """Whether a line between two middles runs through a box, looked at in a thousand places."""
    points = (
        (start["x"] + (end["x"] - start["x"]) * n / 1000, start["y"] + (end["y"] - start["y"]) * n / 1000)
        for n in range(1001)
    )
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)


def cross(a: dict, b: dict, c: dict, d: dict) -> bool:
    def turn(p: dict, q: dict, r: dict) -> bool:
        return (q["x"] - p["x"]) * (r["y"] - p["y"]) > (q["y"] - p["y"]) * (r["x"] - p["x"])

    return turn(a, c, d) != turn(b, c, d) and turn(a, b, c) != turn(a, b, d)


def test_the_measure_of_crossings_can_tell():
    points = [{"x": x, "y": y} for x, y in ((0, 0), (10, 10), (0, 10), (10, 0))]
    assert cross(*points)
    assert not cross(points[0], points[2], points[1], points[3])
    assert meets(points[0], points[1], (4, 4, 6, 6))
    assert not meets(points[0], points[1], (7, 0, 9, 2))


def test_nothing_is_laid_out_as_nothing():
    layout = lay_out(Graph([], []))
    assert layout["approaches"] == []
    assert draw(layout, Graph([], []), {None: 0}, Shown()) is None


def test_what_a_layout_depends_on_changes_its_fingerprint_and_nothing_else_does():
    def graph(title: str = "One", end: int = 2, kind: str = "uses", slug: str = "one") -> Graph:
        pages = [approach(1, title, None), approach(2, "Two", None), approach(3, "Three", None)]
        pages[0].slug = slug
        return Graph(pages, [connection(1, 1, end, kind)])

    assert fingerprint(graph()) == fingerprint(graph(kind="answers", slug="other"))
    assert len({fingerprint(graph()), fingerprint(graph(title="Another")), fingerprint(graph(end=3))}) == 3


def test_lines_are_drawn_for_public_approaches_only_and_stand_side_by_side():
    pages = [approach(key, f"Approach {key}", None) for key in (1, 2, 3)]
    lines = [connection(1, 1, 2, "uses"), connection(2, 2, 1, "complements"), connection(3, 1, 3)]
    layout = lay_out(Graph(pages, lines))
    graph = Graph(pages[:2], lines)
    chart = draw(layout, graph, group_numbers(graph), Shown())
    assert chart is not None
    assert [node.approach.pk for node in chart.nodes] == [1, 2]
    assert len({edge.line for edge in chart.edges}) == len(chart.edges) == 2
    assert [bool(edge.head) for edge in chart.edges] == [True, False]  # only what reads in one direction has an arrow


def test_the_small_map_shows_every_neighbour_without_overlaps():
    graph = GRAPHS["starting content"]
    for key, links in graph.links.items():
        chart = draw_neighbours(graph.approaches[key], links, group_numbers(graph))
        boxes = [(n.x, n.y, n.x + n.width, n.y + n.height) for n in chart.nodes]
        assert all(apart(a, b) > 10 for a, b in combinations(boxes, 2))
        assert all(min(b) >= 0 and b[2] <= chart.width and b[3] <= chart.height for b in boxes)
        assert [node.approach.pk for node in chart.nodes[1:]] == [link.approach.pk for link in links]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Nudge", ["Nudge"]),
        ("Understanding networks", ["Understanding", "networks"]),
        ("", ["–"]),
        ("  ", ["–"]),
    ],
)
def test_titles_break_between_words(title, lines):
    assert wrap(title, WIDEST) == lines


@pytest.mark.parametrize("title", ["W" * 255, "word " * 51, "ŵ😀" * 60, "a-b/c " * 40, "Llanfairpwllgwyngyllgogerych"])
def test_no_title_is_too_long_for_a_box(title):
    lines = wrap(title, WIDEST)
    assert 1 <= len(lines) <= MOST_LINES
    assert all(text_width(line) <= WIDEST for line in lines)
    assert labels.box(title).width <= WIDEST + STUB + 2 * PADDING + 2


def test_approaches_without_a_group_have_no_area(starting):
    layout = lay_out(Graph([approach(1, "Alone", None)], []))
    assert layout["groups"] == []
    assert NO_GROUP not in {area["key"] for area in starting["groups"]}
