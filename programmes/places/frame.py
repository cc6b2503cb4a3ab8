"""The sheet that the United Kingdom is drawn on: a kilometre of the National Grid is a unit, north is up."""

from programmes.places.grid import NATIONAL_SQUARES, corner

WEST, NORTH = -10, 1230  # The sheet's top left corner, in kilometres of easting and northing.
WIDTH, HEIGHT = 680, 1240  # From the Isles of Scilly to the north of Shetland, where they are.


def on_sheet(easting: float, northing: float) -> tuple[float, float]:
    """Where a point of the National Grid, in metres, is on the sheet: across and down."""
    return easting / 1000 - WEST, NORTH - northing / 1000


# Where the letters of each square begin: in its south-west corner.
LETTERS_AT = {
    name: (across + 7, down - 9)
    for name, (across, down) in ((name, on_sheet(*corner(name))) for name in NATIONAL_SQUARES)
}
