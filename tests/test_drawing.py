"""Maps drawn from a seed: the same every time, small, valid, and free of anything the seed says."""

import gzip
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from core.drawing import DETAIL, SHAPES, SHEET, Shape, draw_map
from core.drawing.lines import curve, simplify

SEEDS = ["home", "food-and-cornwall", "gloucestershire", "alcohol-strategy", *(f"place-{n}" for n in range(40))]
HOSTILE = ['"><script>alert(1)</script>', "'; drop", "&amp;", "\x00", "\ud800", "", "é" * 5000, "</svg>"]
SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    """Inline SVG carries no namespace; XML needs one to be SVG."""
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(named)  # noqa: S314 - what our own code has just made


def markers(svg: str) -> list[tuple[int, int]]:
    """Where the triangulation points stand: below the tip of each triangle by two thirds of its height."""
    path = parse(svg).find(f"{SVG}path[@class='p']")
    assert path is not None
    tips = re.findall(r"M(-?\d+) (-?\d+)l(\d+) \d+h", path.attrib["d"])
    return [(int(x), int(y) + int(half) + 1) for x, y, half in tips]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_one_seed_gives_one_map_and_another_seed_another(shape: Shape):
    assert draw_map("cornwall", shape) == draw_map("cornwall", shape)
    assert draw_map("cornwall", shape) != draw_map("cornwall-2", shape)


@pytest.mark.parametrize(
    ("shape", "least", "most"), [(SHEET, 2000, 5000), (DETAIL, 700, 1600)], ids=["sheet", "detail"]
)
def test_a_map_has_enough_lines_and_stays_small(shape: Shape, least: int, most: int):
    sizes = {seed: len(gzip.compress(draw_map(seed, shape).encode(), 9)) for seed in SEEDS}
    assert {seed: size for seed, size in sizes.items() if not least <= size <= most} == {}


@pytest.mark.parametrize("seed", [*SEEDS[:6], *HOSTILE], ids=ascii)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_map_is_well_formed_hidden_and_carries_only_known_attributes(shape: Shape, seed: str):
    root = parse(draw_map(seed, shape))
    assert root.attrib["aria-hidden"] == "true"
    assert root.attrib["focusable"] == "false"
    assert root.attrib["viewBox"] == f"0 0 {shape.width} {shape.height}"
    for element in root:
        assert element.tag == f"{SVG}path"
        assert set(element.attrib) == {"class", "d"}
        assert element.attrib["class"] in {"c", "i", "n", "p"}
        assert re.fullmatch(r"[MLlqthz0-9 .-]*", element.attrib["d"])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_points_stand_inside_the_sheet_and_clear_of_the_words(shape: Shape, seed: str):
    points = markers(draw_map(seed, shape))
    assert 3 <= len(points) <= shape.points
    for x, y in points:
        assert shape.clear * shape.width < x < shape.width
        assert shape.height * 0.2 <= y <= shape.height * 0.8, "seen in a low, wide box too"


@pytest.mark.parametrize("seed", SEEDS)
def test_sight_lines_join_points_that_are_there(seed: str):
    svg = draw_map(seed, SHEET)
    lines = re.search(r'class="n" d="([^"]+)"', svg)
    assert lines is not None
    ends = {(int(x), int(y)) for x, y in re.findall(r"[ML](-?\d+) (-?\d+)", lines[1])}
    assert ends == set(markers(svg)), "every point is joined to another, and nothing else is"


def test_no_line_starts_under_the_words():
    for seed in SEEDS:
        starts = re.findall(r"M(-?\d+) -?\d+q", draw_map(seed, SHEET))
        assert min(map(int, starts)) > 0.25 * SHEET.width, seed


def test_simplify_keeps_the_ends_and_every_corner_and_drops_the_rest():
    line = np.array([[0, 0], [5, 0.2], [10, 0], [10, 5], [10.1, 8], [10, 10.0]])
    assert simplify(line, 0.5).tolist() == [[0, 0], [10, 0], [10, 10]]
    assert len(simplify(line, 0.05)) > 3


def test_simplify_of_a_ring_does_not_collapse():
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    simple = simplify(ring, 2)
    assert 6 <= len(simple) < 30
    assert simple[0].tolist() == pytest.approx(simple[-1].tolist())


def test_a_curve_runs_through_the_middles_and_comes_back_to_its_start():
    square = np.array([[0, 0], [20, 0], [20, 20], [0, 20], [0, 0.0]])
    path = curve(square)
    assert path == "M0 10q0-10 10-10t10 10-10 10-10-10z"
    numbers = [int(n) for n in re.findall(r"-?\d+", path.split("t")[1])]
    steps = [(10, -10), *zip(numbers[::2], numbers[1::2], strict=True)]
    assert [sum(axis) for axis in zip(*steps, strict=True)] == [0, 0]


def test_a_curve_of_fewer_than_three_corners_is_nothing():
    assert curve(np.array([[0, 0], [4, 4], [0, 0.0]])) == ""
    assert curve(np.array([[0, 0], [0.1, 0], [0, 0.1], [0.0, 0]])) == ""


def test_sight_lines_never_cross():
    """Neighbours in a Gabriel graph cannot: the drawing relies on it to stay readable."""
    svg = draw_map("home", SHEET)
    found = re.search(r'class="n" d="([^"]+)"', svg)
    assert found is not None
    ends = [tuple(map(int, pair)) for pair in re.findall(r"(\d+) (\d+)", found[1])]
    lines = list(zip(ends[::2], ends[1::2], strict=True))

    def side(a, b, c) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    for number, (a, b) in enumerate(lines):
        for c, d in lines[number + 1 :]:
            if len({a, b, c, d}) == 4:
                assert side(a, b, c) * side(a, b, d) > 0 or side(c, d, a) * side(c, d, b) > 0


def test_no_two_places_share_a_map():
    assert len({draw_map(seed, DETAIL) for seed in SEEDS}) == len(SEEDS)
