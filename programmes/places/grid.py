"""Grid references, of the National Grid and the Irish Grid: how they are written, where they are."""

import re

from django.core.exceptions import ValidationError

from programmes.places.projection import IRISH_GRID, NATIONAL_GRID

# The letters of squares of 100 km in rows from north to south. I is left out (Ordnance Survey).
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
SQUARE = 100_000  # metres
# The squares with land of the United Kingdom, the Isle of Man among them: a first letter, then the second ones.
ROWS = ("HPTUWXYZ", "NABCDFGHJKLMNORSTUWXYZ", "OV", "SCDEHJKMNOPRSTUVWXYZ", "TAFGLMQRV")
NATIONAL_SQUARES = frozenset(row[0] + letter for row in ROWS for letter in row[1:])
IRISH_SQUARES = frozenset("CDGHJ")  # those with land of Northern Ireland
REFERENCE = re.compile(r"([A-HJ-Z]{1,2})((?:\d\d){0,5})", re.ASCII)
DEGREES = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*°?\s*[,;\s]\s*([+-]?\d{1,2}(?:\.\d+)?)\s*°?\s*", re.ASCII)
EXAMPLES = (
    "a National Grid reference such as SW 83 45 (in Northern Ireland one of the Irish Grid such as J 33 74), "
    "or latitude and longitude such as 50.26, -5.05"
)


def read_place(written: str) -> str:
    """Bring what an editor wrote of where a place is, a grid reference or degrees, to the form `SW 83 45`.

    Raises:
        ValidationError: when it is neither, or does not lie in the United Kingdom.
    """
    degrees = DEGREES.fullmatch(written)
    if degrees is None:
        return clean_grid_reference(written)
    return _reference_at(float(degrees[1]), float(degrees[2]))


def clean_grid_reference(written: str) -> str:
    """Bring a grid reference to the form `SW 83 45` or, of the Irish Grid, `J 33 74`.

    Raises:
        ValidationError: when it is no reference of a square with land of the United Kingdom.
    """
    found = REFERENCE.fullmatch(re.sub(r"\s+", "", written).upper())
    if found is None:
        raise ValidationError(f"Write {EXAMPLES}.")
    letters, digits = found.groups()
    if letters not in NATIONAL_SQUARES | IRISH_SQUARES:
        raise ValidationError(f"{letters} is no square of the grid with land of the United Kingdom. Write {EXAMPLES}.")
    half = len(digits) // 2
    return " ".join(part for part in (letters, digits[:half], digits[half:]) if part)


def position(reference: str) -> tuple[float, float] | None:
    """The middle of a reference's square as easting and northing on the National Grid, in metres.

    None for no reference, for one without digits, which would be somewhere in 100 km, and for one not in the form of
    `clean_grid_reference`.
    """
    letters, _, digits = reference.partition(" ")
    half = digits.partition(" ")[0]
    if not half or letters not in NATIONAL_SQUARES | IRISH_SQUARES:
        return None
    size = SQUARE / 10 ** len(half)
    east, north = (int(part) * size + size / 2 for part in digits.split(" "))
    across, up = corner(letters)
    if len(letters) == 2:
        return across + east, up + north
    return NATIONAL_GRID.project(*IRISH_GRID.unproject(across + east, up + north))


def corner(letters: str) -> tuple[int, int]:
    """The south-west corner of a square in metres on its own grid."""
    down, across = divmod(LETTERS.index(letters[-1]), 5)
    if len(letters) == 1:
        return across * SQUARE, (4 - down) * SQUARE
    # The first letter names a square of 500 km; SV, the origin, is in the second row and the third column from VV's.
    far_down, far_across = divmod(LETTERS.index(letters[0]), 5)
    return ((far_across - 2) * 5 + across) * SQUARE, ((3 - far_down) * 5 + 4 - down) * SQUARE


def _reference_at(latitude: float, longitude: float) -> str:
    """The square of 1 km that a point in degrees lies in."""
    grid = IRISH_GRID if _is_northern_ireland(latitude, longitude) else NATIONAL_GRID
    squares = IRISH_SQUARES if grid is IRISH_GRID else NATIONAL_SQUARES
    easting, northing = grid.project(latitude, longitude)
    of = int(easting // SQUARE) * SQUARE, int(northing // SQUARE) * SQUARE
    letters = next((name for name in squares if corner(name) == of), None)
    if letters is None:
        raise ValidationError(f"{latitude}, {longitude} is not in the United Kingdom. Write {EXAMPLES}.")
    return f"{letters} {int(easting % SQUARE) // 1000:02} {int(northing % SQUARE) // 1000:02}"


def _is_northern_ireland(latitude: float, longitude: float) -> bool:
    """Whether a point of the United Kingdom is in Northern Ireland: west of Scotland, and south of its islands."""
    return longitude < -5.4 and 54 < latitude < (55.35 if longitude < -6 else 55.2)
