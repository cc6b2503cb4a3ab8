"""Draw the sheet of the map of the United Kingdom: the coast, from open boundary data, and the grid's squares.

A developer runs it when the data change; what it writes is kept in the repository.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    python script/support/uk_outline.py package/countries-10m.json > templates/programmes/places/sheet.svg

The package is Natural Earth 4.1.0 (https://www.naturalearthdata.com/, public domain) at 1:10 million as TopoJSON, put
together by Michael Bostock (ISC licence). What is drawn is projected on the National Grid, cut to the map's frame and
made simple, with a kilometre as the unit.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from core.drawing.lines import Points, simplify  # noqa: E402
from programmes.places.frame import HEIGHT, LETTERS_AT, WIDTH, on_sheet  # noqa: E402
from programmes.places.grid import SQUARE  # noqa: E402
from programmes.places.projection import NATIONAL_GRID  # noqa: E402

UNITED_KINGDOM = ("826",)
AROUND = ("372", "250", "833")  # Ireland, France, the Isle of Man: ISO 3166-1 numbers
TOLERANCE = 1.8  # How far the drawn coast may be from the data's, in kilometres.
SMALLEST = 3.5  # Smaller islands, in square kilometres, are specks.


def arcs_of(topology: dict[str, Any]) -> list[Points]:
    """The lines of a TopoJSON file as longitudes and latitudes. They are kept as steps of whole numbers."""
    transform = topology["transform"]
    return [np.cumsum(arc, axis=0) * transform["scale"] + transform["translate"] for arc in topology["arcs"]]


def rings_of(topology: dict[str, Any], countries: tuple[str, ...]) -> Iterator[Points]:
    """The outer rings of some countries. A negative number of an arc means that arc backwards."""
    arcs = arcs_of(topology)
    for country in topology["objects"]["countries"]["geometries"]:
        if country.get("id") in countries:
            for polygon in [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]:
                yield np.concatenate([arcs[number] if number >= 0 else arcs[~number][::-1] for number in polygon[0]])


def cut(ring: Points) -> Points:
    """What of a closed ring is in the frame, with a margin that hides the cut (Sutherland and Hodgman, 1974)."""
    margin = 10
    for axis, sign, limit in ((0, 1, -margin), (0, -1, -WIDTH - margin), (1, 1, -margin), (1, -1, -HEIGHT - margin)):
        kept: list[Points] = []
        for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            before, after = sign * start[axis] - limit, sign * end[axis] - limit
            if before >= 0:
                kept.append(start)
            if before * after < 0:
                kept.append(start + (end - start) * before / (before - after))
        ring = np.array(kept).reshape(-1, 2)
    return ring


def area(ring: Points) -> float:
    """The area of a closed ring, in square units."""
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def drawn(topology: dict[str, Any], countries: tuple[str, ...]) -> str:
    """Some countries as path data: whole numbers, each ring with its first point whole and the others as steps."""
    paths = []
    for degrees in rings_of(topology, countries):
        ring = np.array([on_sheet(*NATIONAL_GRID.project(lat, lon)) for lon, lat in degrees[:-1] if -15 < lon < 8])
        ring = cut(ring) if len(ring) > 2 else ring
        if len(ring) > 2 and area(ring) >= SMALLEST:
            corners = np.rint(simplify(np.concatenate([ring, ring[:1]]), TOLERANCE)).astype(int)
            paths.append(path(corners))
    return "".join(paths)


def path(ring: np.ndarray) -> str:
    """A closed ring of whole numbers as relative path data. A minus sign separates as well as a space does."""
    steps = np.diff(ring[:-1], axis=0)
    steps = steps[steps.any(axis=1)]
    numbers = "".join(str(step) if step < 0 else f" {step}" for step in steps.ravel().tolist())
    return f"M{ring[0][0]} {ring[0][1]}l{numbers.lstrip()}z"


def squares() -> tuple[str, str]:
    """The lines of the National Grid every 100 km as path data, and the letters of its squares as spans of text."""
    across = range(0, 700_000, SQUARE)
    down = range(0, 1_300_000, SQUARE)
    lines = [f"M{on_sheet(easting, 0)[0]:.0f} 0v{HEIGHT}" for easting in across]
    lines += [f"M0 {on_sheet(0, northing)[1]:.0f}h{WIDTH}" for northing in down]
    spans = [f'<tspan x="{x:.0f}" y="{y:.0f}">{name}</tspan>' for name, (x, y) in sorted(LETTERS_AT.items())]
    return "".join(lines), "".join(spans)


def main() -> None:
    """Write the fragment of SVG to standard output."""
    topology = json.loads(Path(sys.argv[1]).read_text())
    lines, letters = squares()
    print(f'<defs><g id="coast"><path d="{drawn(topology, AROUND)}"/>')
    print(f'<path id="land" d="{drawn(topology, UNITED_KINGDOM)}"/></g></defs>')
    print('<use class="sea" href="#coast"/><use class="sea near" href="#coast"/>')
    print('<use class="around" href="#coast"/><use class="land" href="#land"/>')
    print(f'<path class="squares" d="{lines}"/><text class="letters">{letters}</text>')


if __name__ == "__main__":
    main()
