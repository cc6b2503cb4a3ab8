"""Where grid references are, and how latitude and longitude become one."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from programmes.models import Place
from programmes.places.grid import IRISH_SQUARES, NATIONAL_SQUARES, clean_grid_reference, corner, position, read_place
from programmes.places.projection import IRISH_GRID, NATIONAL_GRID

# Ordnance Survey, "A guide to coordinate systems in Great Britain", the worked example of appendix C.
CAISTER = (52 + 39 / 60 + 27.2531 / 3600, 1 + 43 / 60 + 4.5177 / 3600), (651409.903, 313177.270)


def test_the_projection_gives_the_ordnance_surveys_own_example_to_the_millimetre():
    degrees, metres = CAISTER
    assert NATIONAL_GRID.project(*degrees) == pytest.approx(metres, abs=0.001)
    assert NATIONAL_GRID.unproject(*metres) == pytest.approx(degrees, abs=1e-7)


@given(st.floats(49, 61), st.floats(-9, 2))
def test_a_point_comes_back_from_either_grid(latitude, longitude):
    for grid in (NATIONAL_GRID, IRISH_GRID):
        assert grid.unproject(*grid.project(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-6)


# Town halls and the like, as maps give them, and the squares of 1 km that the grids' own maps put them in.
TOWNS = {
    "Truro": ("50.263, -5.051", "SW 82 44"),
    "Gloucester": ("51.8657, -2.2431", "SO 83 18"),
    "Lerwick": ("60.1549, -1.1494", "HU 47 41"),
    "Belfast": ("54.5968, -5.9301", "J 33 74"),
    "Charing Cross": ("51.5074, -0.1278", "TQ 30 80"),
    "Edinburgh": ("55.9533, -3.1883", "NT 25 73"),
    "Campbeltown": ("55.4243, -5.6064", "NR 71 20"),
    "Rathlin": ("55.2920, -6.1920", "D 14 50"),
}


@pytest.mark.parametrize(("degrees", "reference"), TOWNS.values(), ids=TOWNS)
def test_latitude_and_longitude_become_a_grid_reference(degrees, reference):
    letters, east, north = read_place(degrees).split()
    assert letters == reference.split()[0]
    # The grids' datums differ from that of today by some 100 m, so that a square's neighbour may be right too.
    assert max(abs(int(a) - int(b)) for a, b in zip((east, north), reference.split()[1:], strict=True)) <= 1


@pytest.mark.parametrize(
    "written", ["50.26,-5.05", " 50.26  -5.05 ", "50.26°, -5.05°", "50.26; -5.05", "+50.26, -5.05"]
)
def test_degrees_may_be_written_as_maps_write_them(written):
    assert read_place(written) == read_place("50.26, -5.05")


ELSEWHERE = [
    "48.86, 2.35",
    "53.35, -6.26",
    "49.2, -2.13",
    "-50.26, 5.05",
    "-5.05, 50.26",
    "0, 0",
    "90, 180",
    "51.5, -12",
]


@pytest.mark.parametrize("written", [*ELSEWHERE, "AA 12 34", "VV 00 00", "B 12 34", "Truro", "50.26", "1e9, 2"])
def test_what_is_not_in_the_united_kingdom_is_refused_with_examples(written):
    with pytest.raises(ValidationError, match=r"SW 83 45.*J 33 74.*50\.26, -5\.05"):
        read_place(written)


@given(st.sampled_from(sorted(NATIONAL_SQUARES | IRISH_SQUARES)), st.text("0123456789", max_size=10))
def test_the_middle_of_a_square_is_in_it(letters, digits):
    assume(len(digits) % 2 == 0)
    reference = clean_grid_reference(letters + digits)
    place = position(reference)
    if not digits:
        assert place is None
    elif len(letters) == 2:
        half = len(digits) // 2
        size = 100_000 / 10**half
        west, south = corner(letters)
        middle = west + (int(digits[:half]) + 0.5) * size, south + (int(digits[half:]) + 0.5) * size
        assert place == pytest.approx(middle)


def test_no_two_squares_of_a_grid_lie_in_the_same_place():
    for squares in (NATIONAL_SQUARES, IRISH_SQUARES):
        assert len({corner(name) for name in squares}) == len(squares)
    assert (corner("SV"), corner("HP"), corner("TV"), corner("J")) == (
        *((0, 0), (400_000, 1_200_000), (500_000, 0)),
        (300_000, 300_000),
    )


@pytest.mark.parametrize("reference", ["", "SW", "AA 1 2", "Cornwall", "SW8344"])
def test_what_says_nothing_of_where_it_is_has_no_position(reference):
    assert position(reference) is None


def test_an_editor_may_give_latitude_and_longitude(admin_client, db):
    form = {"name": "Belfast", "slug": "belfast", "grid_reference": "54.596834512345678, -5.930123456789012"}
    assert admin_client.post("/admin/snippets/programmes/place/add/", form).status_code == 302
    assert Place.objects.get().grid_reference == "J 33 74"


def test_an_editors_place_elsewhere_is_refused_at_its_field_and_nothing_is_lost(admin_client, db):
    form = {"name": "Boston", "slug": "boston", "grid_reference": "42.36, -71.06"}
    answer = admin_client.post("/admin/snippets/programmes/place/add/", form)
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "42.36, -71.06 is not in the United Kingdom" in said
    assert 'value="Boston"' in said
    assert not Place.objects.exists()
