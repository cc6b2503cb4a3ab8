"""Links of editors: to one place, with words, and never to what readers may not see or a browser would run."""

import re

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import expand_db_html

from core.blocks.links import LinkBlock
from core.blocks.text import PROSE
from tests import factories as make

BLOCK = LinkBlock()


def link(page=None, address="", label=""):
    return BLOCK.to_python({"page": page.pk if page else None, "address": address, "label": label})


def errors(value) -> set[str]:
    try:
        BLOCK.clean(value)
    except StructBlockValidationError as error:
        return set(error.block_errors)
    return set()


def test_a_link_leads_to_a_page_or_to_an_address_elsewhere(tree):
    here, elsewhere = link(page=tree.about), link(address="https://www.example.org/", label="Elsewhere")
    assert (here.url, here.text) == ("/about/", "About")
    assert (elsewhere.url, elsewhere.text) == ("https://www.example.org/", "Elsewhere")
    assert errors(here) == errors(elsewhere) == set()


def test_the_words_of_an_editor_go_before_the_title(tree):
    assert link(page=tree.about, label="Who we are").text == "Who we are"


def test_a_link_has_exactly_one_target_and_words(tree):
    assert errors(link()) == {"page", "address"}
    assert errors(link(page=tree.about, address="https://www.example.org/", label="x")) == {"page", "address"}
    assert errors(link(address="https://www.example.org/")) == {"label"}
    assert errors(link(address="https://www.example.org/", label="x" * 81)) == {"label"}


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)"),
        *("data:text/html,x", "vbscript:x", "/about/", "about", "https://", "https://exa mple.org"),
    ],
)
def test_an_address_that_a_browser_would_run_or_misread_is_refused(db, address):
    assert "address" in errors(link(address=address, label="x"))


def test_a_link_to_a_page_that_is_gone_or_a_draft_is_empty(tree):
    page = make.StandardPageFactory()
    value = link(page=page)
    assert value.url == page.url
    page.unpublish()
    assert link(page=page).url == ""
    key = page.pk
    page.delete()
    assert BLOCK.to_python({"page": key, "address": "", "label": ""}).url == ""


def rich_text(href: str) -> str:
    """What is kept of a link that somebody pasted into the editor's text."""
    html = ContentstateConverter(PROSE).from_database_format(f'<p data-block-key="a"><a href="{href}">words</a></p>')
    return expand_db_html(ContentstateConverter(PROSE).to_database_format(html))


def test_a_link_in_a_text_is_kept(db):
    assert 'href="https://www.example.org/"' in rich_text("https://www.example.org/")
    assert 'href="mailto:name@example.org"' in rich_text("mailto:name@example.org")


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "&#106;avascript:alert(1)", "data:text/html,x", "vbscript:x"],
)
def test_a_link_in_a_text_that_a_browser_would_run_is_dropped(db, href):
    kept = rich_text(href).lower()
    assert "script:" not in kept
    assert "data:" not in kept
    assert "words" in kept


def test_markup_pasted_into_a_text_is_dropped(db):
    hostile = '<script>alert(1)</script><iframe src="x"></iframe><img src="x" onerror="y"/>'
    converter = ContentstateConverter(PROSE)
    pasted = converter.from_database_format(f'<p data-block-key="a" onclick="x()">A{hostile}</p>')
    assert re.fullmatch(r'<p data-block-key="\w+">A(alert\(1\))?</p>', converter.to_database_format(pasted))
