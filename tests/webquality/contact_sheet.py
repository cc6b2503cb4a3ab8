"""Puts the screenshots of webquality.mjs on two sheets: `contact_sheet.py FOLDER_OF_SCREENSHOTS FOLDER_OF_SHEETS`.

One row for each page, one column for each width, the top of the page in each.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

WIDTHS = (360, 768, 1280, 1920)
# Pixels of the sheet for each pixel of a page, of a picture's height at most, and between pictures.
SCALE, TALLEST, GAP = 0.2, 300, 12
LABEL = 16
GROUND, INK = (128, 128, 128), (0, 0, 0)


def sheet(folder: Path, names: list[str], scheme: str) -> Image.Image:
    """All pages in one colour scheme."""
    rows = [[_small(folder / f"{name}-{width}-{scheme}.png") for width in WIDTHS] for name in names]
    width = GAP + sum(int(width * SCALE) + GAP for width in WIDTHS)
    heights = [max(picture.height for picture in row) + LABEL + GAP for row in rows]
    made = Image.new("RGB", (width, GAP + sum(heights)), GROUND)
    pen, top = ImageDraw.Draw(made), GAP
    for name, row, height in zip(names, rows, heights, strict=True):
        pen.text((GAP, top), name, fill=INK)
        left = GAP
        for picture in row:
            made.paste(picture, (left, top + LABEL))
            left += picture.width + GAP
        top += height
    return made


def _small(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        small = picture.convert("RGB").resize((int(picture.width * SCALE), int(picture.height * SCALE)))
    return small.crop((0, 0, small.width, min(small.height, TALLEST)))


def main() -> None:
    folder, target = map(Path, sys.argv[1:3])
    names = sorted(path.name.removesuffix("-360-light.png") for path in folder.glob("*-360-light.png"))
    for scheme in ("light", "dark"):
        sheet(folder, names, scheme).save(target / f"contact-sheet-{scheme}.webp", quality=60, method=6)


if __name__ == "__main__":
    main()
