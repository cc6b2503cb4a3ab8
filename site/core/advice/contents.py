"""Walk through what is on a page: its streams, the blocks inside their blocks, and its texts."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bs4 import BeautifulSoup
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from core.blocks.links import LinkBlock


class Part(NamedTuple):
    """A block on a page, or a part of one: the field it stands in, what kind of block it is, and what it holds."""

    field: str
    block: blocks.Block
    value: Any


def label(page: Any, name: str) -> str:
    """The name of a field, as the form shows it."""
    return str(capfirst(page._meta.get_field(name).verbose_name))


def parts(page: Any, *names: str) -> Iterator[Part]:
    """All blocks on a page in their order, each before its parts.

    Args:
        names: of the fields to look at; all streams when none is given.
    """
    for field in page._meta.get_fields():
        if isinstance(field, StreamField) and (not names or field.name in names):
            for child in getattr(page, field.name) or ():
                for block, value in _walk(child.block, child.value):
                    yield Part(label(page, field.name), block, value)


def _walk(block: blocks.Block, value: Any) -> Iterator[tuple[blocks.Block, Any]]:
    yield block, value
    if isinstance(block, (ImageBlock, LinkBlock)) or not value:  # a picture and a link are each one thing
        return
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _walk(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _walk(block.child_block, item)
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from _walk(child.block, child.value)
    elif rows := getattr(value, "rows", None):  # a table, whose columns are of different kinds
        for row in rows:
            for cell in row:
                yield from _walk(cell.block, cell.value)


def texts(page: Any) -> Iterator[tuple[str, str]]:
    """The formatted texts on a page: the label of the field that each stands in, and its stored markup."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField) and (source := getattr(page, field.name)):
            yield label(page, field.name), source
    for field, _, value in parts(page):
        if isinstance(value, RichText) and value.source:
            yield field, value.source


def elements(page: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The elements of a name in all formatted texts of a page, such as its links (`a`)."""
    for field, source in texts(page):
        for element in BeautifulSoup(source, "html.parser").find_all(name):
            yield field, element
