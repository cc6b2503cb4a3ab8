"""The helpers that starting content is written with."""

import pytest

from core.blocks.body import BodyBlock
from core.writing import accordion, heading, key_figures, link, page_link, prose, question, related_pages, table, text


@pytest.mark.parametrize(
    ("words", "markup"),
    [
        ("One line.", "<p>One line.</p>"),
        ("  One\n    line.  ", "<p>One line.</p>"),
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One.\n   \n\n   Two.", "<p>One.</p><p>Two.</p>"),
        (
            "Before:\n\n- one\n  and more\n- two - half",
            "<p>Before:</p><ul><li>one and more</li><li>two - half</li></ul>",
        ),
        ("A dash - within.", "<p>A dash - within.</p>"),
        ("<b>Bold</b> stays.", "<p><b>Bold</b> stays.</p>"),
    ],
)
def test_prose_makes_paragraphs_and_lists(words: str, markup: str) -> None:
    assert prose(words) == markup


def test_blocks_are_what_the_body_stores() -> None:
    """Every helper's block is read back whole, with defaults for what it leaves out."""
    blocks = [
        heading("A section"),
        text("Words."),
        question("Why?", "Because."),
        accordion({"A part": "Its words."}),
        key_figures(("63", "local authorities"), ("£82bn", "of spending")),
        table("Bodies", ("Kind", "Number"), [("Fire authorities", "12")]),
    ]
    stream = BodyBlock().to_python(blocks)
    assert [block.block_type for block in stream] == [
        "heading",
        "text",
        "question",
        "accordion",
        "key_figures",
        "table",
    ]
    values = [block.value for block in stream]
    assert values[0].anchor == "a-section"
    assert [(item["figure"], item["source"]) for item in values[4]["figures"]] == [("63", ""), ("£82bn", "")]
    assert [[str(cell) for cell in row] for row in values[5]["table"].rows] == [["Fire authorities", "12"]]


def test_links_to_pages_that_are_gone_are_left_out() -> None:
    assert page_link(None, "Contact") == "Contact"
    assert link(None, "Contact")["page"] is None
    assert related_pages("Read on", None, None)["value"]["pages"] == []
