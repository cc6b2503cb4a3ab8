"""The picture of a page when somebody shares it: its title beside its map, in the site's own type and colours."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from core.drawing.contours import Shape, Survey, is_index, survey
from core.drawing.lines import smooth

# What the networks that show such pictures ask for (The Open Graph protocol, and their own guides).
WIDTH, HEIGHT = 1200, 630
# Drawn larger and made smaller at the end, which smooths every line.
SCALE = 2
EDGE = 64
WORDS_WIDTH = 640
MAP = Shape(
    width=WIDTH, height=HEIGHT, step=20, hills=13, levels=18, points=7, clear=0.6, tolerance=0.9, marker=12
)  # fmt: skip
TITLE_SIZES = (76, 68, 60, 52, 44)
TITLE_LINES = 6
SMALL_SIZE, MARK_SIZE = 27, 38

# The light tokens of static/css/site.css.
INK, LINK, CONTOUR = "#12261F", "#86094C", "#7F430D"
GROUNDS = {"moss": "#DDE8C8", "water": "#CFE7EE", "sand": "#F4E3BF", "heath": "#EADCEC", "": "#EEF2EA"}
# Raised when cards are to look different, so that kept ones are drawn again.
DESIGN = 1

FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
# Letters that are in a file of their own (the `unicode-range` of static/css/site.css).
_EXTENDED = re.compile("[\u0100-\u0130\u0132-\u0148\u0174-\u0178\u1e80-\u1e85\u1ef2-\u1ef3]")


@dataclass(frozen=True)
class Card:
    """What a card shows.

    Attributes:
        seed: what the map is grown from: the page's slug.
        ground: one of GROUNDS.
        kicker: a word or two above the title; may be empty.
    """

    title: str
    seed: str
    ground: str = ""
    kicker: str = ""


class Face:
    """A typeface at a size and weight, over the two files that hold its letters."""

    def __init__(self, name: str, size: int, weight: int) -> None:
        self.size = size * SCALE
        self._fonts = {
            extended: _font(f"{name}{'-ext' if extended else ''}.woff2", self.size, weight)
            for extended in (False, True)
        }

    def length(self, text: str) -> float:
        """The width of a line of text."""
        return sum(font.getlength(run) for run, font in self._runs(text))

    def draw(self, canvas: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: str) -> None:
        """Write a line of text; `place` is where its baseline begins."""
        x, y = place
        for run, font in self._runs(text):
            canvas.text((x, y), run, fill=colour, font=font, anchor="ls")
            x += font.getlength(run)

    def _runs(self, text: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        known = "".join(self._known(letter) for letter in text)
        for extended, letters in groupby(known, key=lambda letter: bool(_EXTENDED.match(letter))):
            yield "".join(letters), self._fonts[extended]

    def _known(self, letter: str) -> str:
        """The letter itself when the files hold it, else without its accent, else nothing."""
        if not letter.isprintable():
            return ""
        for candidate in (letter, unicodedata.normalize("NFD", letter)[0]):
            font = self._fonts[bool(_EXTENDED.match(candidate))]
            if candidate == " " or font.getmask(candidate).getbbox():
                return candidate
        return ""


@cache
def _font(file_name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONTS / file_name, size)
    font.set_variation_by_axes([weight])
    return font


def draw_card(card: Card) -> bytes:
    """Draw a card as a PNG of 1200 by 630 pixels."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUNDS.get(card.ground, GROUNDS[""]))
    canvas = ImageDraw.Draw(picture)
    _draw_map(canvas, survey(card.seed, MAP), GROUNDS.get(card.ground, GROUNDS[""]))
    _write(canvas, card)
    file = BytesIO()
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_map(canvas: ImageDraw.ImageDraw, measured: Survey, ground: str) -> None:
    for number, lines in enumerate(measured.contours):
        colour = _mix(ground, CONTOUR, 0.6 if is_index(number) else 0.4)
        for line in lines:
            canvas.line(
                [tuple(point) for point in smooth(line) * SCALE], fill=colour, width=4 if is_index(number) else 2
            )
    for a, b in measured.sights:
        canvas.line([(a[0] * SCALE, a[1] * SCALE), (b[0] * SCALE, b[1] * SCALE)], fill=INK, width=4)
    for x, y in measured.points:
        _triangle(canvas, x, y + MAP.marker / 2, 2 * MAP.marker, LINK, ground)


def _triangle(canvas: ImageDraw.ImageDraw, x: float, y: float, size: float, colour: str, ground: str) -> None:
    """A triangulation point, which is also the site's mark: a triangle with a hole. `y` is its foot."""
    half, hole = 0.54 * size, 0.17 * size
    corners = [(x, y - size), (x + half, y), (x - half, y)]
    canvas.polygon([(across * SCALE, down * SCALE) for across, down in corners], fill=colour)
    middle = y - 0.33 * size
    box = [(x - hole) * SCALE, (middle - hole) * SCALE, (x + hole) * SCALE, (middle + hole) * SCALE]
    canvas.ellipse(box, fill=ground)


def _write(canvas: ImageDraw.ImageDraw, card: Card) -> None:
    small, mark = Face("text", SMALL_SIZE, 400), Face("display", MARK_SIZE, 700)
    if card.kicker:
        small.draw(canvas, (EDGE * SCALE, (EDGE + SMALL_SIZE) * SCALE), _shorten(card.kicker, small), INK)
    face, lines = _fit(card.title)
    leading = face.size * 1.12
    y = (EDGE + 2.2 * SMALL_SIZE) * SCALE + face.size * 0.8
    for line in lines:
        face.draw(canvas, (EDGE * SCALE, y), line, INK)
        y += leading
    foot = HEIGHT - EDGE
    _triangle(canvas, EDGE + 18, foot, 34, LINK, GROUNDS.get(card.ground, GROUNDS[""]))
    mark.draw(canvas, ((EDGE + 50) * SCALE, foot * SCALE), settings.WAGTAIL_SITE_NAME, INK)


def _fit(title: str) -> tuple[Face, list[str]]:
    """The largest type in which the title fits, and its lines; a title that never fits is cut short."""
    room = (HEIGHT - 2 * EDGE - 3 * SMALL_SIZE - 2 * MARK_SIZE) * SCALE
    for size in TITLE_SIZES:
        face = Face("display", size, 700)
        lines = _break(title, face)
        if len(lines) <= TITLE_LINES and len(lines) * face.size * 1.12 <= room:
            return face, lines
    most = int(room / (face.size * 1.12))
    return face, [*lines[: most - 1], _shorten(" ".join(lines[most - 1 :]), face)] if len(lines) > most else lines


def _break(text: str, face: Face) -> list[str]:
    """Break a text into lines between words; a word too long for a line is broken itself."""
    lines: list[str] = []
    for word in text.split():
        together = f"{lines[-1]} {word}" if lines else word
        if lines and face.length(together) <= WORDS_WIDTH * SCALE:
            lines[-1] = together
            continue
        while face.length(word) > WORDS_WIDTH * SCALE:
            cut = _longest(word, face)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines


def _longest(text: str, face: Face) -> int:
    """How many letters of a text fit into a line, at least one."""
    fitting = bisect_right(range(1, len(text) + 1), WORDS_WIDTH * SCALE, key=lambda number: face.length(text[:number]))
    return max(fitting, 1)


def _shorten(text: str, face: Face) -> str:
    """A text that fits into a line, with an ellipsis when it was cut."""
    if face.length(text) <= WORDS_WIDTH * SCALE:
        return text
    return text[: max(_longest(f"{text}…", face) - 2, 1)].rstrip() + "…"


def _mix(ground: str, ink: str, share: float) -> str:
    """A colour between two, as if the second were printed over the first with so much ink."""
    a, b = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (ground, ink))
    return "#{:02X}{:02X}{:02X}".format(*(round(x + (y - x) * share) for x, y in zip(a, b, strict=True)))
