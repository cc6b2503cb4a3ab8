"""Marks on the map: one for each place with stories, and one for all that are too near to be told apart."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from changemaking.drawing.labels import text_width
from programmes.places.frame import HEIGHT, LETTERS_AT, WIDTH, on_sheet
from programmes.places.grid import position

# All in units of the sheet, which are kilometres.
RADII = {1: 11, 2: 17, 100: 21}  # of a mark with at least so many stories: a dot, and circles with numbers in them
APART = 44  # Nearer than this, two places share a mark. It bounds how many marks a sheet can hold, to some 250.
FONT = 28  # The size of a mark's name.
GAP = 7  # Between a mark and its name.

Box = tuple[float, float, float, float]  # left, top, right, bottom
LETTERS: list[Box] = [(x, y - 15, x + 30, y) for x, y in LETTERS_AT.values()]


class Side(NamedTuple):
    """Where a name may stand: its point, how it is anchored there, and the room that it takes."""

    x: int
    y: int
    anchor: str
    box: Box


@dataclass(frozen=True)
class Spot:
    """A place to be marked: how the list calls it, its grid reference, how many stories it has, where a click goes."""

    name: str
    reference: str
    stories: int
    address: str


@dataclass
class Mark:
    """A mark: where it is, its places (that with most stories first), and where its name stands if there is room."""

    number: int
    x: int
    y: int
    spots: list[Spot] = field(default_factory=list)
    name_at: tuple[int, int, str] | None = None  # x, y and the text's anchor

    def distance(self, x: int, y: int) -> float:
        """How far a point is from its middle."""
        return math.dist((x, y), (self.x, self.y))

    @property
    def stories(self) -> int:
        """How many stories its places have."""
        return sum(spot.stories for spot in self.spots)

    @property
    def radius(self) -> int:
        """How large it is drawn."""
        return max(radius for least, radius in RADII.items() if self.stories >= least)

    @property
    def address(self) -> str:
        """Where a click goes: to the stories of its place or, when it stands for several, to the list of places."""
        return self.spots[0].address if len(self.spots) == 1 else "#by-place"

    @property
    def name(self) -> str:
        """Its name on the map."""
        others = len(self.spots) - 1
        return f"{self.spots[0].name} and {others} more" if others else self.spots[0].name

    @property
    def places(self) -> str:
        """The names of all its places."""
        return ", ".join(spot.name for spot in self.spots)


def gather(spots: Iterable[Spot]) -> list[Mark]:
    """The marks of some places; none for a place whose grid reference says nothing of where it is.

    No two marks are nearer than `APART`: a place joins the nearest mark of a place with more stories.
    """
    marks: list[Mark] = []
    for spot in sorted(spots, key=lambda spot: (-spot.stories, spot.name)):
        metres = position(spot.reference)
        if metres is None:
            continue
        x, y = map(round, on_sheet(*metres))
        nearest = min(marks, key=lambda mark: mark.distance(x, y), default=None)
        if nearest is None or nearest.distance(x, y) >= APART:
            nearest = Mark(len(marks), x, y)
            marks.append(nearest)
        nearest.spots.append(spot)
    _name(marks)
    return marks


def _name(marks: Sequence[Mark]) -> None:
    """Give each mark's name the first side where it hides nothing, or nothing but the letters of a square.

    A name without room is left to the list.
    """
    taken = [_round(mark) for mark in marks]
    for mark in marks:
        sides = _sides(mark, text_width(mark.name, FONT))
        free = [side for side in sides if _is_on_sheet(side.box) and not _meets_any(side.box, taken)]
        if free:
            best = next((side for side in free if not _meets_any(side.box, LETTERS)), free[0])
            mark.name_at = best.x, best.y, best.anchor
            taken.append(best.box)


def _sides(mark: Mark, width: float) -> list[Side]:
    """Where a name of a width may stand, the best first: right of its mark, left, above, below."""
    away = mark.radius + GAP
    return [
        _side(mark.x + away, mark.y + 9, "start", mark.x + away, width),
        _side(mark.x - away, mark.y + 9, "end", mark.x - away - width, width),
        _side(mark.x, mark.y - away, "middle", mark.x - width / 2, width),
        _side(mark.x, mark.y + away + 21, "middle", mark.x - width / 2, width),
    ]


def _side(x: int, y: int, anchor: str, left: float, width: float) -> Side:
    return Side(x, y, anchor, (left, y - FONT * 0.75, left + width, y + FONT * 0.25))


def _round(mark: Mark) -> Box:
    return mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius


def _is_on_sheet(box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT


def _meets_any(box: Box, others: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in others)
