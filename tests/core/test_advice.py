"""What editors are told to look at before they publish: each rule speaks up when it should, and only then."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from core.advice import advice_for
from core.advice.links import broken_links, vague_links
from core.advice.rules import (
    description_is_missing,
    headings_out_of_order,
    pictures_too_small,
    pictures_without_words,
    sample_text,
)
from core.checks import own_page_models
from home.models import PersonPage, StandardPage
from news.advice import picture_without_words
from news.models import NewsArticlePage
from newsletter.models import NewsletterPage
from programmes.advice import closing_date_has_passed, outcomes_without_source
from programmes.models import CaseStoryPage, ProgrammePage
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_with(*body: tuple[str, Any]) -> StandardPage:
    """A page that was never saved, with blocks written as an editor's form stores them."""
    field = StandardPage._meta.get_field("body")
    return StandardPage(title="A page", body=field.to_python([{"type": kind, "value": value} for kind, value in body]))


def text(markup: str) -> StandardPage:
    return page_with(("text", f"<p>{markup}</p>"))


def heading(level: int, words: str = "Words") -> tuple[str, Any]:
    return ("heading", {"text": words, "level": str(level)})


# --- The rules, both ways ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "advised"),
    [
        ({}, 1),
        ({"introduction": "Words"}, 0),
        ({"listing_summary": "Words"}, 0),
        ({"search_description": "Words"}, 0),
        ({"noindex": True}, 0),
    ],
)
def test_a_page_needs_a_description_unless_search_engines_are_kept_away(fields, advised):
    assert len(list(description_is_missing(StandardPage(title="A page", **fields)))) == advised


@pytest.mark.parametrize(
    ("words", "decorative", "advised"),
    [
        ("", False, 1),
        ("", True, 0),
        ("A market hall", False, 0),
        ("Cornwall, 2013", False, 0),
        ("harbour.JPG", False, 1),
        ("town_hall_final", False, 1),
        ("DSC 0042", False, 1),
        ("  ", False, 1),
    ],
)
def test_a_picture_needs_words_that_are_no_file_name(words, decorative, advised):
    picture = {"image": make.SiteImageFactory().pk, "alt_text": words, "decorative": decorative}
    page = page_with(("picture", {"image": picture, "caption": ""}))
    assert len(list(pictures_without_words(page))) == advised


def test_a_picture_block_without_a_picture_is_left_to_the_form():
    page = page_with(("picture", {"image": {"image": None, "alt_text": "", "decorative": False}, "caption": ""}))
    assert [*pictures_without_words(page), *pictures_too_small(page)] == []


@pytest.mark.parametrize(("width", "advised"), [(799, 1), (800, 0)])
def test_a_picture_in_a_text_is_wide_enough(width, advised):
    picture = {"image": make.SiteImageFactory(width=width, height=500).pk, "alt_text": "A hall", "decorative": False}
    assert len(list(pictures_too_small(page_with(("picture", {"image": picture, "caption": ""}))))) == advised


@pytest.mark.parametrize(("width", "height", "advised"), [(1200, 630, 0), (1199, 630, 2), (1200, 629, 2)])
def test_pictures_in_lists_and_when_shared_are_large_enough(width, height, advised):
    picture = make.SiteImageFactory(width=width, height=height)
    found = list(pictures_too_small(StandardPage(title="A page", listing_image=picture, social_image=picture)))
    assert [advice.field for advice in found] == ["Picture in lists", "Picture when shared"][:advised]
    portrait = PersonPage(
        title="Somebody", picture=make.SiteImageFactory(width=480, height=600 if not advised else 599)
    )
    assert len(list(pictures_too_small(portrait))) == bool(advised)


@pytest.mark.parametrize(
    ("levels", "advised"), [((2, 3, 3, 2), 0), ((3,), 1), ((), 0), ((2, 3, 2, 3), 0), ((3, 2, 3), 1)]
)
def test_headings_of_a_stream_leave_out_no_level(levels, advised):
    assert len(list(headings_out_of_order(page_with(*(heading(level) for level in levels))))) == advised


def test_blocks_with_a_heading_of_their_own_and_templates_count_as_sections():
    question = ("question", {"question": "What?", "answer": "<p>That.</p>"})
    assert list(headings_out_of_order(page_with(question, heading(3)))) == []
    stream = CaseStoryPage._meta.get_field("challenge")
    story = CaseStoryPage(title="A story", challenge=stream.to_python([{"type": "heading", "value": heading(3)[1]}]))
    assert list(headings_out_of_order(story)) == []


@pytest.mark.parametrize(
    ("body", "advised"),
    [("<h2>One</h2><h3>Two</h3>", []), ("<h3>Two</h3><p>Words</p>", ["Two"]), ("<h2>One</h2><h4>Deep</h4>", ["Deep"])],
)
def test_headings_of_a_formatted_text_leave_out_no_level(body, advised):
    found = list(headings_out_of_order(NewsletterPage(title="Newsletter", body=body)))
    assert len(found) == len(advised)
    assert all(words in advice.message for advice, words in zip(found, advised, strict=True))


@pytest.mark.parametrize(
    ("words", "advised"),
    [
        ("Click here", 1),
        ("here", 1),
        ("Read  more »", 1),
        ("https://www.example.org/report", 1),
        ("Read more about Cornwall", 0),
        ("the survey of 2016", 0),
        ("Hereford", 0),
    ],
)
def test_the_words_of_a_link_say_where_it_leads(words, advised):
    assert len(list(vague_links(text(f'See <a href="https://www.example.org/">{words}</a>.')))) == advised
    button = {"page": None, "address": "https://www.example.org/", "label": words}
    action = ("call_to_action", {"heading": "Next", "text": "", "link": button})
    assert len(list(vague_links(page_with(action)))) == advised


@pytest.mark.parametrize(
    ("address", "advised"),
    [
        ("/about/", 0),
        ("/about", 0),
        ("/about/?from=home#top", 0),
        ("/", 0),
        ("/search/?q=place", 0),
        ("/newsletter/", 0),
        ("/news/feed/", 0),
        ("/no-such-page/", 1),
        ("/about/no-such-page/", 1),
        ("/no.such.file.pdf", 1),
        ("/old-address/", 0),
        ("https://www.example.org/no-such-page/", 0),
        ("//www.example.org/", 0),
        ("mailto:somebody@example.org", 0),
        ("#top", 0),
        ("http://[", 0),
        ("http://testserver.example.org/no-such-page/", 0),
    ],
)
def test_addresses_of_this_site_lead_somewhere(tree, settings, address, advised):
    Redirect.objects.create(old_path="/old-address", redirect_page=tree.about)
    assert len(list(broken_links(text(f'<a href="{address}">words</a>')))) == advised
    if address.startswith("/") and not address.startswith("//"):
        full = settings.SITE_URL + address
        button = {"page": None, "address": full, "label": "Words"}
        action = ("call_to_action", {"heading": "Next", "text": "", "link": button})
        assert len(list(broken_links(page_with(action)))) == advised


def link_to(key: int) -> StandardPage:
    """A page that leads to another in each of the ways there are."""
    return page_with(
        ("text", f'<p><a linktype="page" id="{key}">words</a></p>'),
        ("call_to_action", {"heading": "Next", "text": "", "link": {"page": key, "address": "", "label": "Words"}}),
        ("related_pages", {"heading": "More", "pages": [key]}),
    )


def test_pages_that_are_linked_can_be_seen_by_readers(tree):
    assert list(broken_links(link_to(tree.about.pk))) == []
    for hide in (
        lambda page: page.unpublish(),
        lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
        lambda page: page.delete(),
    ):
        page = make.StandardPageFactory()
        key = page.pk
        hide(page)
        assert len(list(broken_links(link_to(key)))) == 3


def test_documents_that_are_linked_are_there(tree):
    document = make.SiteDocumentFactory()
    page = [("text", f'<p><a linktype="document" id="{document.pk}">words</a></p>')]
    page.append(("download", {"document": document.pk, "description": ""}))
    assert list(broken_links(page_with(*page))) == []
    document.delete()
    assert len(list(broken_links(page_with(*page)))) == 2


def test_links_deep_inside_blocks_are_found():
    inside = {"heading": "A part", "body": '<p><a href="https://www.example.org/">here</a></p>'}
    assert len(list(vague_links(page_with(("accordion", {"items": [inside]}))))) == 1
    cells = {"columns": [{"type": "rich_text", "heading": "A"}], "rows": [{"values": [inside["body"]]}]}
    assert len(list(vague_links(page_with(("table", {"caption": "A table", "table": cells}))))) == 1


def test_sample_text_is_pointed_out():
    assert len(list(sample_text(text("<b>Sample text:</b> the charity writes this.")))) == 1
    assert list(sample_text(text("A text with a sample."))) == []


@pytest.mark.parametrize(("days", "status", "advised"), [(-1, "open", 1), (0, "open", 0), (-1, "completed", 0)])
def test_an_open_programme_has_a_closing_date_to_come(days, status, advised):
    closing = timezone.localdate() + datetime.timedelta(days=days)
    assert len(list(closing_date_has_passed(ProgrammePage(title="P", status=status, closing_date=closing)))) == advised
    assert list(closing_date_has_passed(ProgrammePage(title="P", status="open"))) == []


@pytest.mark.parametrize(("source", "advised"), [("", 2), ("The report of 2015", 0)])
def test_outcomes_have_a_source(source, advised):
    figure = {"figure": "18", "unit": "%", "measure": "fewer visits", "source": source, "date": ""}
    sentence = {"sentence": "They meet each month.", "source": source, "date": ""}
    stream = CaseStoryPage._meta.get_field("outcomes")
    outcomes = stream.to_python([{"type": "figure", "value": figure}, {"type": "sentence", "value": sentence}])
    found = list(outcomes_without_source(CaseStoryPage(title="A story", outcomes=outcomes)))
    assert len(found) == advised
    assert not found or "18% fewer visits" in found[0].message


@pytest.mark.parametrize(("description", "advised"), [("", 1), ("A market hall", 0)])
def test_the_picture_of_news_is_described(description, advised):
    article = NewsArticlePage(title="News", listing_image=make.SiteImageFactory(description=description))
    assert len(list(picture_without_words(article))) == advised


# --- All rules together ---------------------------------------------------------------------------------


def test_a_page_with_every_field_and_block_gives_no_rule_trouble(full_site):
    """The test's blocks lead to an address elsewhere and have sources: only what they lack may be said."""
    for page in full_site:
        assert all(
            "no source" in advice.message or "no alt text" in advice.message or "described" in advice.message
            for advice in advice_for(page)
        ), page


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in own_page_models()])
def test_a_page_with_nothing_but_a_title_can_be_advised_on(model):
    assert [advice.field for advice in advice_for(model(title="Half a page"))] == ["Description in search engines"]


# --- Where editors read it -------------------------------------------------------------------------------


def form_of(page: StandardPage, **fields: Any) -> dict[str, Any]:
    body = streamfield([("text", rich_text('<p>See <a href="https://www.example.org/">here</a>.</p>'))])
    return nested_form_data({"title": page.title, "slug": page.slug, "body": body, "introduction": ""} | fields)


def test_the_panel_beside_the_form_lists_it(tree, editor_client):
    address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
    shown = editor_client.get(address).content.decode()
    assert "Before you publish" in shown
    assert "There is no description" in shown
    assert "Issues found" in shown  # Wagtail's own checks stay
    tree.about.introduction = "Who we are."
    tree.about.save_revision()
    assert "Nothing to mend was found" in editor_client.get(address).content.decode()


def test_a_new_page_has_nothing_to_look_at_yet(tree, editor_client):
    shown = editor_client.get(reverse("wagtailadmin_pages:add", args=["home", "standardpage", tree.home.pk]))
    assert "as soon as the page is saved as a draft" in shown.content.decode()


def test_it_follows_what_the_form_saves_by_itself_without_a_message(tree, editor_client):
    address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
    saved = editor_client.post(address, form_of(tree.about), headers={"Accept": "application/json"}).json()
    assert saved["success"]
    assert 'data-w-teleport-target-value="[data-advice]"' in saved["html"]
    assert "The words of the link “here” do not say where it leads." in saved["html"]
    assert "Worth a look" not in editor_client.get(address).content.decode()


@pytest.mark.parametrize("publish", [False, True])
def test_advice_is_told_after_saving_and_stops_nobody(tree, editor_client, publish):
    address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
    data = form_of(tree.about, title="About <us>") | ({"action-publish": "1"} if publish else {})
    shown = editor_client.post(address, data, follow=True).content.decode()
    assert "Worth a look" in shown
    assert "The words of the link “here” do not say where it leads." in shown
    tree.about.refresh_from_db()
    assert (tree.about.title == "About <us>") is publish
    assert tree.about.get_latest_revision_as_object().title == "About <us>"


def test_what_an_editor_wrote_never_becomes_markup_in_the_message(tree, editor_client):
    body = streamfield([("heading", {"text": "<script>alert(1)</script>", "level": "3"})])
    address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
    shown = editor_client.post(address, form_of(tree.about, body=body), follow=True).content.decode()
    assert "The heading “&lt;script&gt;" in shown
    assert "<script>alert(1)" not in shown
