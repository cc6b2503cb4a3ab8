"""The map of the United Kingdom: its coast, its marks, and that none hides another."""

import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from core.anchors import IDS_OF_TEMPLATES
from programmes.places.frame import HEIGHT, WIDTH, on_sheet
from programmes.places.grid import NATIONAL_SQUARES, position
from programmes.places.marks import APART, FONT, RADII, Spot, gather
from tests.html import parse

SHEET = (Path(settings.BASE_DIR) / "templates/programmes/places/sheet.svg").read_text()
# Inland, so that a simple coast holds them: name, grid reference, whether it is in the United Kingdom.
INLAND = [
    ("Birmingham", "SP 06 86", True),
    ("Truro", "SW 82 44", True),
    ("Gloucester", "SO 83 18", True),
    ("Norwich", "TG 23 08", True),
    ("Leeds", "SE 29 33", True),
    ("Brecon", "SO 04 28", True),
    ("Perth", "NO 11 23", True),
    ("Inverness", "NH 66 44", True),
    ("Omagh", "H 45 72", True),
    ("Portree", "NG 47 44", True),
    ("Mainland, Shetland", "HU 40 52", True),
    ("Mainland, Orkney", "HY 33 15", True),
    ("Lewis", "NB 30 35", True),
    ("the North Sea", "NO 90 10", False),
    ("the Irish Sea", "SH 10 90", False),
    ("Isle of Man", "SC 30 85", False),
]


def rings(path: str) -> list[np.ndarray]:
    """The rings of path data: a point, then steps."""
    numbers = (re.findall(r"-?\d+", ring) for ring in path.split("z") if ring)
    return [np.cumsum(np.array(ring, dtype=int).reshape(-1, 2), axis=0) for ring in numbers]


def holds(ring: np.ndarray, x: float, y: float) -> bool:
    """Whether a point lies in a ring: a ray from it crosses the ring an odd number of times."""
    after = np.roll(ring, -1, axis=0)
    spans = (ring[:, 1] > y) != (after[:, 1] > y)
    start, end = ring[spans], after[spans]
    return bool((start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0]) > x).sum() % 2)


@pytest.fixture(scope="module")
def land() -> list[np.ndarray]:
    return rings(parse(SHEET).select_one("#land")["d"])


@pytest.mark.parametrize(("name", "reference", "is_inside"), INLAND, ids=[row[0] for row in INLAND])
def test_towns_lie_on_the_land_and_the_seas_beside_it(land, name, reference, is_inside):
    x, y = on_sheet(*position(reference))
    assert any(holds(ring, x, y) for ring in land) == is_inside


def test_the_whole_country_is_on_the_sheet_shetland_and_scilly_among_it(land):
    points = np.concatenate(land)
    assert points.min() >= 0
    assert (points.max(axis=0) <= (WIDTH, HEIGHT)).all()
    for reference in ("HP 62 12", "SV 91 11", "TM 54 93", "G 98 54"):  # the farthest north, south, east and west
        x, y = on_sheet(*position(reference))
        assert min(np.hypot(*(points - (x, y)).T)) < 20, reference
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_places_stand_to_each_other_as_they_do_in_the_country():
    at = {name: on_sheet(*position(reference)) for name, reference, _ in INLAND}
    southward = [
        "Mainland, Shetland",
        "Mainland, Orkney",
        "Inverness",
        "Perth",
        "Omagh",
        "Leeds",
        "Birmingham",
        "Truro",
    ]
    eastward = ["Omagh", "Truro", "Brecon", "Gloucester", "Birmingham", "Leeds", "Norwich"]
    assert sorted(southward, key=lambda name: at[name][1]) == southward
    assert sorted(eastward, key=lambda name: at[name][0]) == eastward


def test_the_sheet_is_small_and_its_ids_are_kept_from_headings():
    assert len(SHEET) < 10_000
    assert {element["id"] for element in parse(SHEET)(id=True)} <= IDS_OF_TEMPLATES
    assert {letters.get_text() for letters in parse(SHEET)("tspan")} == NATIONAL_SQUARES


def spot(name: str, reference: str, stories: int = 1) -> Spot:
    return Spot(name, reference, stories, f"?place={name.lower()}#stories")


REFERENCES = st.builds(
    "{} {:02} {:02}".format, st.sampled_from(sorted(NATIONAL_SQUARES)), st.integers(0, 99), st.integers(0, 99)
)
SPOTS = st.lists(
    st.builds(Spot, st.text("Aabc de", min_size=1, max_size=30), REFERENCES, st.integers(1, 200), st.just("?"))
)


@given(SPOTS)
def test_no_mark_hides_another_and_no_place_is_lost(spots):
    marks = gather(spots)
    assert sorted(map(repr, spots)) == sorted(repr(one) for mark in marks for one in mark.spots)
    assert [mark.number for mark in marks] == list(range(len(marks)))
    for one, other in combinations(marks, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= APART > one.radius + other.radius


def name_box(mark) -> tuple[float, float, float, float]:
    """Where a name is drawn, by a rough measure of its width that is less than the real one."""
    x, y, anchor = mark.name_at
    width = len(mark.name) * FONT * 0.24
    left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    return left, y - FONT / 2, left + width, y


def meet(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(SPOTS)
def test_no_name_hides_a_mark_or_another_name_or_leaves_the_sheet(spots):
    marks = gather(spots)
    names = [name_box(mark) for mark in marks if mark.name_at]
    circles = [
        (mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius) for mark in marks
    ]
    assert not any(meet(one, other) for one, other in combinations(names, 2))
    assert not any(meet(name, circle) for name in names for circle in circles)
    assert all(left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT for left, top, right, bottom in names)


def test_one_place_is_marked_and_named_where_it_is():
    (mark,) = gather([spot("Cornwall", "SW 82 44")])
    assert (mark.x, mark.y) == (192, 1186)  # 182.5 and 44.5 km, from the corner at -10 and 1230
    assert (mark.name, mark.places, mark.stories, mark.address) == (
        "Cornwall",
        "Cornwall",
        1,
        "?place=cornwall#stories",
    )
    assert mark.name_at == (mark.x + 18, mark.y + 9, "start")


@pytest.mark.parametrize("stories", [1, 2, 99, 100, 9999])
def test_a_mark_is_as_large_as_its_number_needs(stories):
    (mark,) = gather([spot("Cornwall", "SW 82 44", stories)])
    assert mark.radius in RADII.values()
    size = 19 if stories > 99 else 23  # as the style sheet has it; figures are 0.58 of it wide
    assert stories == 1 or len(str(stories)) * size * 0.55 <= 2 * mark.radius


def test_neighbours_share_the_mark_of_the_one_with_more_stories():
    marks = gather([spot("Salford", "SJ 82 98"), spot("Manchester", "SJ 84 98", 3), spot("Leeds", "SE 29 33")])
    assert [(mark.name, mark.places, mark.stories) for mark in marks] == [
        ("Manchester and 1 more", "Manchester, Salford", 4),
        ("Leeds", "Leeds", 1),
    ]
    assert [mark.address for mark in marks] == ["#by-place", "?place=leeds#stories"]


def test_a_place_without_a_reference_has_no_mark_and_a_name_too_long_is_left_to_the_list():
    assert gather([spot("Somewhere", ""), spot("The south west", "SW")]) == []
    (mark,) = gather([spot("M" * 120, "SP 06 86")])
    assert mark.name_at is None


def test_a_sheet_full_of_places_has_few_marks():
    everywhere = [spot(name, f"{name} {x}5 {y}5") for name in NATIONAL_SQUARES for x in range(10) for y in range(10)]
    assert len(everywhere) > 5000
    assert len(gather(everywhere)) < 400
