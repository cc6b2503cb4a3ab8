"""What each block of a text shows, and what it leaves out when there is nothing to show."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.body import BodyBlock
from core.blocks.text import word_count
from tests import factories as make
from tests.html import parse

BODY = BodyBlock()
HEADING = ["h2", "h3"]


def block(name: str, value: Any) -> Any:
    return (name, BODY.child_blocks[name].to_python(value))


@pytest.fixture
def shown(tree, client):
    """The main part of a page that holds some blocks."""

    def show(*blocks: Any) -> BeautifulSoup:
        page = make.StandardPageFactory(body=list(blocks))
        return parse(client.get(page.url).content.decode()).main

    return show


def picture(**fields: Any) -> Any:
    image = {"image": make.SiteImageFactory().pk, "alt_text": "A market in the rain", "decorative": False}
    return block("picture", {"image": image | fields, "caption": "The market."})


def test_a_picture_is_described_in_words_and_has_its_caption_and_credit(shown):
    figure = shown(picture()).figure
    assert figure.img["alt"] == "A market in the rain"
    assert "width" in figure.img.attrs and "height" in figure.img.attrs
    assert [source["type"] for source in figure("source")] == ["image/avif", "image/webp"]
    assert figure.source["srcset"].count(".avif") >= 2
    assert figure.img["srcset"].count(".jpg") >= 2
    assert figure.figcaption.get_text(" ", strip=True) == "The market. Photograph by an editor"


def test_a_decorative_picture_is_silent(shown):
    assert shown(picture(alt_text="", decorative=True)).figure.img["alt"] == ""


def test_a_picture_without_words_must_be_said_to_be_decorative(db):
    name, value = picture(alt_text="")
    with pytest.raises(StructBlockValidationError):
        BODY.child_blocks[name].clean(value)


def test_the_name_of_a_file_is_never_an_alt_text(db):
    assert make.SiteImageFactory(title="IMG_4711.jpg").default_alt_text == ""
    assert make.SiteImageFactory(description="A market").default_alt_text == "A market"


def test_what_was_deleted_is_left_out_without_a_trace(shown):
    image, document = make.SiteImageFactory(), make.SiteDocumentFactory()
    keys = image.pk, document.pk
    image.delete(), document.delete()
    blocks = [
        block("picture", {"image": {"image": keys[0], "alt_text": "x", "decorative": False}, "caption": "Gone"}),
        block("download", {"document": keys[1], "description": "Gone"}),
        block("related_pages", {"heading": "Gone", "pages": [10**9]}),
    ]
    assert "Gone" not in shown(*blocks).get_text()


def test_related_pages_are_named_as_in_lists(shown, tree):
    page = make.CaseStoryPageFactory(title="Long title", listing_title="Short")
    pages = [page.pk, tree.news.pk, page.pk]
    main = shown(block("related_pages", {"heading": "See also", "pages": pages}))
    links = main.find(HEADING, string="See also").find_parent("section")("a")
    assert [(link.get_text(strip=True), link["href"]) for link in links] == [("Short", page.url), ("News", "/news/")]


def test_a_call_to_action_whose_page_is_a_draft_has_no_button(shown, tree):
    link = {"page": tree.about.pk, "address": "", "label": "Go"}
    value = {"heading": "Do this", "text": "", "link": link}
    assert shown(block("call_to_action", value)).find("a", class_="button", string="Go")["href"] == "/about/"
    tree.about.unpublish()
    main = shown(block("call_to_action", value))
    assert "Do this" in main.get_text()
    assert main.find("a", class_="button", string="Go") is None


def test_a_table_has_its_caption_and_headings(shown):
    table = {
        "columns": [{"type": "text", "heading": "Place"}, {"type": "number", "heading": "Number"}],
        "rows": [{"values": ["Cornwall", 1]}, {"values": ["Cumbria", None]}],
        "caption": "",
    }
    found = shown(block("table", {"caption": "Places", "table": table})).table
    assert found.caption.get_text(strip=True) == "Places"
    assert [(cell.get_text(strip=True), cell["scope"]) for cell in found("th")] == [("Place", "col"), ("Number", "col")]
    assert found.td.get_text(strip=True) == "Cornwall"


def test_a_quotation_names_its_source(shown):
    figure = shown(block("quotation", {"quotation": "Words", "source": "A leader", "source_detail": "Cornwall"})).figure
    assert figure.blockquote.get_text(strip=True) == "‘Words’"
    assert " ".join(figure.figcaption.get_text().split()) == "A leader, Cornwall"


def test_parts_of_an_accordion_open_without_script(shown):
    items = [{"heading": "Who?", "body": "<p>You.</p>"}, {"heading": "When?", "body": "<p>Now.</p>"}]
    folds = shown(block("accordion", {"items": items}))("details")
    assert [fold.summary.get_text(strip=True) for fold in folds] == ["Who?", "When?"]
    assert not any(fold.has_attr("open") for fold in folds)


def test_an_interview_has_its_questions_as_headings(shown):
    main = shown(block("question", {"question": "What now?", "answer": "<p>This.</p>"}))
    assert main.find(HEADING, string="What now?")


def test_figures_have_what_they_count_and_their_source(shown):
    figures = [{"figure": "63", "label": "authorities", "source": "The report"}]
    section = shown(block("key_figures", {"figures": figures})).dl
    assert (section.dt.get_text(strip=True), section.dd.get_text(strip=True)) == ("authorities", "63")
    assert "The report" in section.get_text()


def test_the_sign_up_can_stand_in_a_text(shown):
    section = shown(block("sign_up", {"heading": "Join us", "text": "News by email."}))
    assert section.find("form")["action"] == "/newsletter/"
    assert section.find("form")["method"] == "post"
    assert section.find(string="Join us")


def test_words_are_counted_without_the_markup():
    assert word_count("<p>Two <b>words</b></p>") == 2
    assert word_count("") == 0
