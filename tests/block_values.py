"""Raw values that fill a block to the last field, made from the block's definition.

A block that is added to the project is filled, rendered and counted by the tests without a line here,
unless it holds a kind of field that no other block has: then `fill` says so.
"""

import uuid
from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.blocks.base import Block
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from core.blocks.links import LinkBlock
from core.blocks.media import VideoBlock

WORDS = "Words of an editor"
RICH_TEXT = (
    '<p>Some <b>bold</b> and <i>plain</i> words with <a href="https://www.example.org/">a link</a>.</p>'
    "<ul><li>One</li><li>Two</li></ul>"
)
# Gives the primary key of an existing record of a model, for blocks that choose one.
Target = Callable[[Any], int]


def fill(block: Block, target: Target) -> Any:
    """The raw value of a block with every field filled and every kind of child block present.

    Raises:
        TypeError: when the block is of a kind that is not known here.
    """
    for kind, value in FILLERS:
        if isinstance(block, kind):
            return value(block, target)
    raise TypeError(f"tests.block_values does not know how to fill a {type(block).__name__}")


def fill_stream(block: blocks.StreamBlock, target: Target) -> list[dict[str, Any]]:
    """One of each kind of child block."""
    return [
        {"type": name, "value": fill(child, target), "id": str(uuid.uuid4())}
        for name, child in block.child_blocks.items()
    ]


def fill_struct(block: blocks.StructBlock, target: Target) -> dict[str, Any]:
    """All fields."""
    return {name: fill(child, target) for name, child in block.child_blocks.items()}


def fill_list(block: blocks.ListBlock, target: Target) -> list[Any]:
    """Two items, so that what stands between items is seen too."""
    return [{"type": "item", "value": fill(block.child_block, target), "id": str(uuid.uuid4())} for _ in range(2)]


def fill_link(block: LinkBlock, target: Target) -> dict[str, Any]:
    """A link elsewhere: a link is to a page or to an address, never to both."""
    return {"page": None, "address": "https://www.example.org/elsewhere", "label": "Elsewhere"}


def fill_video(block: VideoBlock, target: Target) -> dict[str, Any]:
    """A video of a service on the list."""
    return {"address": "https://vimeo.com/1084537", "title": WORDS, "transcript": RICH_TEXT}


def fill_picture(block: ImageBlock, target: Target) -> dict[str, Any]:
    """A picture with its description in words."""
    image = block.child_blocks["image"].model_class
    return {"image": target(image), "alt_text": "A market in the rain", "decorative": False}


def fill_table(block: TypedTableBlock, target: Target) -> dict[str, Any]:
    """A table of two rows with a column of every kind."""
    kinds = list(block.child_blocks.items())
    return {
        "caption": WORDS,
        "columns": [{"type": name, "heading": f"Column {name}"} for name, _ in kinds],
        "rows": [{"values": [fill(child, target) for _, child in kinds]} for _ in range(2)],
    }


def fill_text(block: Any, target: Target) -> str:
    """Words as long as the block allows, at most a short line."""
    return WORDS[: getattr(block.field, "max_length", None) or 80]


FILLERS: list[tuple[Any, Callable[[Any, Target], Any]]] = [
    (LinkBlock, fill_link),
    (VideoBlock, fill_video),
    (ImageBlock, fill_picture),
    (TypedTableBlock, fill_table),
    (blocks.StreamBlock, fill_stream),
    (blocks.StructBlock, fill_struct),
    (blocks.ListBlock, fill_list),
    ((blocks.PageChooserBlock, ImageChooserBlock, DocumentChooserBlock), lambda b, t: t(b.model_class)),
    (blocks.RichTextBlock, lambda b, t: RICH_TEXT),
    (blocks.ChoiceBlock, lambda b, t: next(value for value, _ in b.field.choices if value)),
    (blocks.URLBlock, lambda b, t: "https://www.example.org/"),
    (blocks.IntegerBlock, lambda b, t: 3),
    (blocks.FloatBlock, lambda b, t: 12.5),
    (blocks.BooleanBlock, lambda b, t: True),
    (blocks.DateBlock, lambda b, t: "2031-02-28"),
    ((blocks.CharBlock, blocks.TextBlock), fill_text),
]


def leave_empty(block: Block) -> Any:
    """The raw value of a block as it is right after an editor has added it and emptied its fields."""
    if isinstance(block, TypedTableBlock):
        return {"caption": "", "columns": [], "rows": []}
    if isinstance(block, blocks.StreamBlock):
        return []
    if isinstance(block, blocks.StructBlock):
        return {name: leave_empty(child) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [{"type": "item", "value": leave_empty(block.child_block), "id": str(uuid.uuid4())}]
    if not isinstance(block, blocks.FieldBlock):
        return None
    return block.get_prep_value(block.value_from_form(block.field.to_python(None)))


def leave_stream_empty(block: blocks.StreamBlock) -> list[dict[str, Any]]:
    """One of each kind of child block, with nothing in it."""
    return [{"type": name, "value": leave_empty(child)} for name, child in block.child_blocks.items()]
