"""Words on the sheet: how wide they are, and how a title breaks into the lines of a box.

The server has no fonts, so it goes by a table of the widths of the site's text face, Atkinson Hyperlegible Next at
weight 500, in hundredths of its size. All lengths are in units of the view box.
"""

from dataclasses import dataclass

FONT = 17.0  # The size of the words in a box.
LINE = 20
MOST_LINES = 3
WIDEST = 132.0  # The widest line. "Understanding" and "Appreciative" fit, with room to spare.
STUB, PADDING = 24, 9  # The field of the mark at the left of a box; the space either side of the words.

_WIDTHS = {
    24: "' ,.:",
    28: "il’j",
    35: "()ftr-",
    42: "I1",
    51: "yzsvcxk7Jaâà‘",
    58: "euLéèüêhnoF2ñôgbdpqET93SY5",
    66: "PVZ6B48RKACX0DU",
    74: "GHNwO&Q",
    87: "MmW",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDTH_OF_OTHERS = 87  # Better too wide than out of the box.


@dataclass(frozen=True)
class Label:
    """The lines of a title, and the size of what they stand in."""

    lines: tuple[str, ...]
    width: int
    height: int


def text_width(text: str, size: float = FONT) -> float:
    """The width of words of a size, never less than what a browser makes of them in the site's text face."""
    return sum(_WIDTH_OF.get(letter, _WIDTH_OF_OTHERS) for letter in text) * size / 100


def box(title: str) -> Label:
    """The box of an approach: a mark in its stub, then the title in up to three lines."""
    lines = wrap(title, WIDEST)
    widest = max(text_width(line) for line in lines)
    return Label(tuple(lines), _even(STUB + 2 * PADDING + widest), LINE * len(lines) + 12)


def lettering(name: str) -> Label:
    """The name of a group, written across its land in letters of the same size, set wide."""
    lines = wrap(name, WIDEST)
    widest = max(text_width(line) for line in lines) * 1.12
    return Label(tuple(lines), _even(widest + 2 * PADDING), LINE * len(lines) + 6)


def wrap(title: str, widest: float) -> list[str]:
    """Break a title into lines no wider than `widest`.

    A word too long for a line is broken with a hyphen. What does not fit three lines ends in an ellipsis; the lists
    have the title in full.
    """
    lines: list[str] = []
    for word in (part for whole in title.split() for part in _parts(whole, widest)):
        if lines and text_width(f"{lines[-1]} {word}") <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) <= MOST_LINES:
        return lines or ["–"]
    kept = lines[:MOST_LINES]
    while text_width(f"{kept[-1]}…") > widest:
        kept[-1] = kept[-1][:-1]
    return [*kept[:-1], f"{kept[-1]}…"]


def _parts(word: str, widest: float) -> list[str]:
    """A word in parts that each fit a line, all but the last ending in a hyphen."""
    parts, rest = [], word
    while text_width(rest) > widest:
        length = next(n for n in range(len(rest), 0, -1) if n == 1 or text_width(f"{rest[:n]}-") <= widest)
        parts.append(f"{rest[:length]}-")
        rest = rest[length:]
    return [*parts, rest]


def _even(length: float) -> int:
    """The next even whole number, so that a middle is a whole number too."""
    return 2 * -int(-length // 2)
