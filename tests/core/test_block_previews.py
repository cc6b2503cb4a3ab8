"""Every block shows itself, with an example, before an editor places it."""

import pytest
from django.urls import reverse
from wagtail import blocks
from wagtail.blocks.base import Block

from core.checks import own_page_models
from core.fields import StreamField
from tests import factories as make
from tests.html import parse


def blocks_that_editors_choose() -> dict[str, Block]:
    """Our own blocks that stand in a StreamField, by the name of their class."""
    found: dict[str, Block] = {}
    for model in own_page_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                collect(field.stream_block, found)
    return found


def collect(block: Block, found: dict[str, Block]) -> None:
    children = getattr(block, "child_blocks", {})
    if isinstance(block, blocks.StreamBlock):
        found |= {
            type(child).__name__: child
            for child in children.values()
            if not type(child).__module__.startswith("wagtail")
        }
    for child in [*children.values(), getattr(block, "child_block", None)]:
        if child is not None:
            collect(child, found)


BLOCKS = [pytest.param(block, id=name) for name, block in blocks_that_editors_choose().items()]


def test_all_our_blocks_are_found():
    names = set(blocks_that_editors_choose())
    assert {"HeadingBlock", "SignUpBlock", "BeliefBlock", "PrincipleBlock", "FigureOutcomeBlock", "LinkBlock"} <= names


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("filled", [False, True], ids=["nothing uploaded", "with files"])
def test_a_block_shows_itself_before_it_is_placed(tree, editor_client, block, filled):
    if filled:
        make.SiteImageFactory(), make.SiteDocumentFactory()
    assert block.is_previewable
    assert block.get_description()
    assert block.meta.group
    answer = editor_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert answer.status_code == 200
    shown = parse(answer.content.decode()).main
    assert shown.get_text(strip=True) or not filled
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("block", BLOCKS)
def test_the_preview_value_of_a_block_is_one_that_an_editor_could_save(tree, block):
    make.SiteImageFactory(), make.SiteDocumentFactory()
    block.clean(block.get_preview_value())
