"""The rules that hold for pages of every type."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bs4 import BeautifulSoup
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock

from core.advice import Advice
from core.advice.contents import label, parts, texts
from core.advice.links import broken_links, vague_links
from core.blocks.media import PictureBlock
from core.blocks.text import HeadingBlock

# A picture in a text is shown up to 52rem wide (components/blocks/picture.html).
PICTURE_WIDTH = 800
FILE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)$|^(dsc|img)?[\W_]*\d+$|_", re.IGNORECASE)
# The name of the field `search_description` in the form.
DESCRIPTION = "Description in search engines"
# How the starting content marks what only the charity can write.
SAMPLE = "Sample text"


def description_is_missing(page: Any) -> Iterator[Advice]:
    """A page that neither search engines nor people who share it can say anything about."""
    if not (page.noindex or page.search_description or page.summary_for_lists):
        yield Advice(
            DESCRIPTION,
            "There is no description for search engines and for people who share the page.",
            "Write an introduction, or a description under Promote.",
        )


def pictures_without_words(page: Any) -> Iterator[Advice]:
    """Pictures that say nothing to people who cannot see them (WCAG 1.1.1)."""
    for field, block, picture in parts(page):
        if not isinstance(block, ImageBlock) or picture is None or picture.decorative:
            continue
        words = (picture.contextual_alt_text or "").strip()
        if not words:
            message = f"The picture “{picture.title}” has no alt text."
            yield Advice(field, message, "Say in a few words what it shows, or tick that it is decorative.")
        elif FILE_NAME.search(words):
            message = f"The alt text “{words}” of a picture looks like the name of a file."
            yield Advice(field, message, "Say in a few words what the picture shows.")


def pictures_too_small(page: Any) -> Iterator[Advice]:
    """Pictures that would look blurred where they are shown."""
    for name, (width, height) in page.smallest_pictures.items():
        picture = getattr(page, name)
        if picture is not None and (picture.width < width or picture.height < height):
            yield _too_small(label(page, name), picture, f"at least {width} by {height} pixels")
    for field, block, value in parts(page):
        picture = value.get("image") if isinstance(block, PictureBlock) else None
        if picture is not None and picture.width < PICTURE_WIDTH:
            yield _too_small(field, picture, f"at least {PICTURE_WIDTH} pixels wide")


def _too_small(field: str, picture: Any, wanted: str) -> Advice:
    message = f"The picture “{picture.title}” is too small: {picture.width} by {picture.height} pixels."
    return Advice(field, message, f"Choose one that is {wanted}.")


def headings_out_of_order(page: Any) -> Iterator[Advice]:
    """Headings that leave out a level, so that the outline of the page has a gap (WCAG 1.3.1)."""
    for field in page._meta.get_fields():
        if not isinstance(field, StreamField | RichTextField):
            continue
        above = 2 if field.name in page.fields_beneath_headings else 1
        headings = [(above, ""), *_headings(page, field)]
        for (above, _), (level, words) in pairwise(headings):
            if level > above + 1:
                message = f"The heading “{words}” is of a lower level than what stands above it allows."
                yield Advice(label(page, field.name), message, "Make it a section, or put a section above it.")


def _headings(page: Any, field: Any) -> Iterator[tuple[int, str]]:
    """Level and words of the headings in a field, in their order."""
    if isinstance(field, StreamField):
        for _, block, value in parts(page, field.name):
            if isinstance(block, HeadingBlock):
                yield int(value.get("level") or 2), value.get("text") or ""
            elif not {"heading", "question"}.isdisjoint(getattr(block, "child_blocks", ())):
                yield 2, ""  # blocks with a heading of their own show it as that of a section
        return
    for element in BeautifulSoup(getattr(page, field.name) or "", "html.parser").find_all(re.compile(r"^h[1-6]$")):
        yield int(element.name[1]), element.get_text()


def sample_text(page: Any) -> Iterator[Advice]:
    """Places where the charity has still to write what only it can know."""
    for field, source in texts(page):
        if SAMPLE in source:
            yield Advice(field, "It still holds sample text.", "Write what is true, or take the sample out.")


COMMON_RULES = (
    description_is_missing,
    pictures_without_words,
    pictures_too_small,
    headings_out_of_order,
    vague_links,
    broken_links,
    sample_text,
)
