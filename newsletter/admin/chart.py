"""A bar chart as SVG: where each bar stands. The colours are the stylesheet's."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 120
LABEL_HEIGHT = 18
BASELINE = HEIGHT - LABEL_HEIGHT
_GAP = 8


@dataclass(frozen=True)
class Bar:
    """A bar with its number above it, in units of the drawing.

    Attributes:
        middle: where its texts stand.
        above: the baseline of its number.
    """

    x: float
    y: float
    width: float
    height: float
    middle: float
    above: float
    number: int
    label: str


def bars(numbers: Sequence[tuple[str, int]]) -> list[Bar]:
    """Place a bar for each label and number. The highest fills the drawing; without any, all lie flat."""
    if not numbers:
        return []
    step = WIDTH / len(numbers)
    highest = max(number for _, number in numbers) or 1
    room = HEIGHT - LABEL_HEIGHT * 2
    placed = []
    for place, (label, number) in enumerate(numbers):
        height = round(room * number / highest, 1)
        y = HEIGHT - LABEL_HEIGHT - height
        x = round(place * step + _GAP / 2, 1)
        width = round(step - _GAP, 1)
        placed.append(Bar(x, y, width, height, round(x + width / 2, 1), round(y - 4, 1), number, label))
    return placed
