"""What an editor types is shown as text: markup in any field comes out escaped, in pages, data and feeds."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import models
from django.template import Context, Template
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from core.anchors import IDS_OF_TEMPLATES, taken_ids, unique_id
from core.models import SiteSettings
from tests import factories as make
from tests.block_values import RICH_TEXT
from tests.html import parse, problems, structured_data

MARK = '"\'><script>alert("Vandal")</script>&amp;</title><!--'
SHORT = '<i>&amp;"'


def vandalise_value(block: Any, value: Any) -> Any:
    """Put markup into every plain text of a block's raw value, however deep."""
    if isinstance(block, blocks.StreamBlock):
        return [part | {"value": vandalise_value(block.child_blocks[part["type"]], part["value"])} for part in value]
    if isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        return {name: vandalise_value(block.child_blocks[name], part) for name, part in value.items()}
    if isinstance(block, blocks.ListBlock):
        return [part | {"value": vandalise_value(block.child_block, part["value"])} for part in value]
    if isinstance(block, blocks.CharBlock | blocks.TextBlock) and not isinstance(block, blocks.URLBlock):
        return MARK if value else value
    return value


OF_MACHINES = {"slug", "path", "url_path", "map_seed", "map_sheet", "map_detail", "file", "file_hash"}


def vandalise(record: Any) -> None:
    """Put markup into every text field of a record that an editor can fill."""
    for field in record._meta.concrete_fields:
        value = getattr(record, field.name)
        if isinstance(field, StreamField):
            raw = vandalise_value(field.stream_block, field.stream_block.get_prep_value(value))
            setattr(record, field.name, field.stream_block.to_python(raw))
        elif is_plain_text(field) and value:
            setattr(record, field.name, (MARK if (field.max_length or 999) > 60 else SHORT)[: field.max_length])
    record.save()


def is_plain_text(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, RichTextField)
    return is_text and not field.choices and field.editable and field.name not in OF_MACHINES


@pytest.fixture
def vandalised(full_site):
    for model in (m for m in make.FACTORIES if not hasattr(m, "url_path")):
        for record in model._default_manager.all():
            vandalise(record)
    for page in full_site:
        vandalise(page)
    words = {"description": MARK, "telephone": SHORT, "postal_address": MARK}
    SiteSettings.objects.create(site=full_site[0].get_site(), **words)
    return full_site


def test_markup_in_every_field_of_every_page_comes_out_as_text(vandalised, client):
    for page in vandalised:
        html = client.get(page.url).content.decode()
        assert problems(html) == [], page.url
        assert '<script>alert("Vandal")' not in html
        assert all("Vandal" not in script.text for script in parse(html)("script", type="module"))
        assert parse(html).footer.find(string=re.compile(re.escape(MARK))) is not None
        if type(page).__name__ != "ThankYouPage":
            assert parse(html).h1.get_text(strip=True) == MARK, page.url


def test_structured_data_of_hostile_titles_is_read_back_as_written(vandalised, client):
    for page in vandalised:
        html = client.get(page.url).content.decode()
        for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
            assert not set("<>&") & set(script)
        text = json.dumps(structured_data(parse(html)))
        assert json.dumps(MARK)[1:-1] in text


def test_the_announcement_keeps_its_links_and_the_footer_shows_markup_as_text(tree, client):
    words = {"announcement": RICH_TEXT, "charity_number": '"><b>', "email": "a@example.org"}
    SiteSettings.objects.create(site=tree.home.get_site(), **words)
    document = parse(client.get("/").content.decode())
    assert document.find("aside").find("a")["href"] == "https://www.example.org/"
    assert '"><b>' in document.footer.get_text()


def render(template: str, **context: Any) -> str:
    return Template("{% load core_tags %}" + template).render(Context(context))


HOSTILE = ["</script><script>alert(1)</script>", "<!--", "]]>", "\u2028", "&lt;", "</SCRIPT >", '"']


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_script_of_data_cannot_be_left(tree, rf, hostile):
    page = make.NewsArticlePageFactory(title=hostile, author_name=hostile)
    html = render("{% json_ld %}", page=page, request=rf.get("/"))
    document = BeautifulSoup(html, "html.parser")
    assert [script["type"] for script in document("script")] == ["application/ld+json"] * 2
    article = json.loads(document.script.string)
    assert (article["headline"], article["author"]["name"]) == (hostile, hostile)
    assert not set("<>&") & set("".join(script.string for script in document("script")))


def test_nothing_without_a_page_has_structured_data(rf):
    assert render("{% json_ld %}") == render("{% json_ld %}", page=object(), request=rf.get("/")) == ""


@pytest.mark.parametrize(
    ("url", "path", "said"),
    [
        ("/news/", "/news/", 'aria-current="page"'),
        ("/news/", "/news/a/", 'aria-current="true"'),
        ("/", "/news/", ""),
        ("/", "/", 'aria-current="page"'),
        ("", "/", ""),
        ("/new", "/news/", ""),
        ("https://www.example.org/", "/", ""),
    ],
)
def test_a_link_says_whether_it_is_the_current_page(rf, url, path, said):
    assert render("{% is_current url %}", url=url, request=rf.get(path)) == said


def test_a_moment_is_written_for_machines_and_people():
    assert render("{% time_element day words %}", day=date(2024, 5, 1), words="<1 May>") == (
        '<time datetime="2024-05-01">&lt;1 May&gt;</time>'
    )


def test_the_kind_of_a_document_is_its_ending(db):
    assert render("{{ document|file_kind }}", document=make.SiteDocumentFactory()) == "PDF"


def test_ids_of_a_page_are_all_different(rf):
    request = rf.get("/")
    words = ["food", "food-2", "food", "food", "related", "main", ""]
    ids = [unique_id(taken_ids(request), word) for word in words]
    assert ids == ["food", "food-2", "food-3", "food-4", "related-2", "main-2", ""]
    assert unique_id(taken_ids(rf.get("/")), "food") == "food"
    assert unique_id(taken_ids(None), "food") == "food"


def test_the_ids_that_templates_write_are_known():
    """A heading of an editor must not take them."""
    templates = Path(__file__).resolve().parents[2] / "templates"
    texts = [path.read_text() for path in templates.rglob("*.html") if "modeladmin" not in path.parts]
    public = [text for text in texts if "wagtailadmin" not in text]
    written = set(re.findall(r'\bid="([a-z][a-z-]*)"', "".join(public)))
    assert "main" in written
    assert written - IDS_OF_TEMPLATES == set()
