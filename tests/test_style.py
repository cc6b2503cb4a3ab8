"""What every page carries stays within its budget, and every colour stands out from every ground it is used on."""

import re
from itertools import product
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).resolve().parent.parent / "static"
CSS = (STATIC / "css" / "site.css").read_text()
KB = 1024
GROUNDS = ("sheet", "panel", "moss", "water", "sand", "heath")
# Words on grounds (WCAG 1.4.6: 7:1; large 4.5:1), and lines (1.4.11: 3:1). Axe looks at those of the green field.
WORDS = [*product(("ink", "ink-2", "link", "link-hover"), GROUNDS), ("error", "sheet"), ("error", "panel")]
# Brown writes large figures only.
LARGE_WORDS = list(product(("contour",), GROUNDS))
LINES = list(product(("rule",), GROUNDS))


def compressed(*paths: Path) -> int:
    """Bytes as they go over the wire, each file by itself."""
    return sum(len(brotli.compress(path.read_bytes())) for path in paths)


def test_all_scripts_together_are_small():
    scripts = sorted((STATIC / "js").glob("**/*.js"))
    assert scripts
    assert compressed(*scripts) <= 10 * KB


def test_the_styles_of_a_page_are_small():
    assert compressed(*(STATIC / "css").glob("*.css")) <= 12 * KB


def test_the_fonts_of_a_page_are_small():
    """Those of which every page may need all: the others come with letters that are rare in English."""
    faces = re.findall(r"@font-face \{(.*?)\}", CSS, re.DOTALL)
    usual = [face for face in faces if "unicode-range" not in face and "url(" in face]
    files = {re.search(r'url\("\.\./(.*?)"\)', face)[1] for face in usual}
    assert len(files) == 3
    assert sum((STATIC / name).stat().st_size for name in files) <= 65 * KB


def test_a_script_is_asked_for_by_a_page_and_there(settings):
    templates = Path(settings.BASE_DIR) / "templates"
    asked = {name for path in templates.rglob("*.html") for name in re.findall(r"'js/(.*?)'", path.read_text())}
    assert asked == {path.name for path in (STATIC / "js").glob("*.js")}


def colours(scheme: int) -> dict[str, str]:
    """The colours by name, light (0) or dark (1)."""
    pairs = re.findall(r"--([a-z0-9-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
    return {name: values[scheme] for name, *values in pairs}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(WORDS, 7), (LARGE_WORDS, 4.5), (LINES, 3)], ids=["words", "large words", "lines"]
)
def test_colours_stand_out_from_their_grounds(pairs, least, scheme):
    known = colours(scheme)
    found = {f"{a} on {b}": round(contrast(known[a], known[b]), 2) for a, b in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_contrast_is_reckoned_as_the_guidelines_say():
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == 21
    assert round(contrast("#767676", "#FFFFFF"), 2) == 4.54
