"""An editor writes in the CMS, and readers see it at once: at its address, in lists, on the home page, in feeds."""

import re
from typing import Any

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from programmes.models import CaseStoryPage
from tests import factories as make
from tests.html import parse, problems


def send(client: Any, kind: str, parent: Page, data: dict[str, Any]) -> Any:
    """Fill in the form of a new page and publish it."""
    return client.post(f"/admin/pages/add/{kind}/{parent.pk}/", nested_form_data(data | {"action-publish": "1"}))


def block(kind: str, **value: Any) -> tuple[str, Any]:
    return (kind, value)


def test_a_case_story_with_two_outcomes(tree, editor_client, client):
    place, theme = make.PlaceFactory(name="Cornwall"), make.ThemeFactory(name="Food")
    figure = block("figure", figure="18", unit="%", measure="fewer empty plates", source="The report", date="2015")
    change = block("sentence", sentence="Leaders meet each month.", source="", date="")
    answer = send(
        editor_client,
        "programmes/casestorypage",
        tree.stories,
        {
            "title": "Food and Cornwall",
            "slug": "food-and-cornwall",
            "introduction": "No one goes hungry.",
            "place": place.pk,
            "theme": theme.pk,
            "ground": "moss",
            "partners": streamfield([("partner", "A council")]),
            "challenge": streamfield([("text", rich_text("<p>Many went hungry.</p>"))]),
            "what_was_done": streamfield([]),
            "outcomes": streamfield([figure, change]),
            "learned": streamfield([]),
            "approaches_used": inline_formset([]),
            "related_stories": inline_formset([]),
        },
    )
    assert answer.status_code == 302
    html = client.get("/case-stories/food-and-cornwall/").content.decode()
    assert problems(html) == []
    text = parse(html).main.get_text(" ", strip=True)
    for words in ("Cornwall", "18", "fewer empty plates", "Leaders meet each month.", "Many went hungry.", "A council"):
        assert words in text
    for address in ("/", "/case-stories/", "/case-stories/?theme=" + theme.slug, "/search/?q=hungry", "/sitemap.xml"):
        shown = client.get(address).content.decode()
        assert "Food and Cornwall" in shown or "/case-stories/food-and-cornwall/" in shown, address
    story = CaseStoryPage.objects.get()
    assert story.map_seed == "food-and-cornwall"
    assert "<svg" in story.map_sheet


def test_a_piece_of_news_with_an_interview(tree, editor_client, client):
    category = make.NewsCategoryFactory(slug="interviews")
    questions = [
        block("question", question=f"Question {number}?", answer=rich_text(f"<p>Answer {number}.</p>"))
        for number in (1, 2)
    ]
    answer = send(
        editor_client,
        "news/newsarticlepage",
        tree.news,
        {
            "title": "Seven questions",
            "slug": "seven-questions",
            "date": "21/11/2026",
            "category": category.pk,
            "tags": "people, places",
            "author_name": "An editor",
            "body": streamfield(questions),
            "related_links": streamfield([]),
        },
    )
    assert answer.status_code == 302
    main = parse(client.get("/news/seven-questions/").content.decode()).main
    headings = [heading.get_text(strip=True) for heading in main(["h2", "h3"])]
    assert headings[:2] == ["Question 1?", "Question 2?"]
    for address in ("/", "/news/", "/news/category/interviews/", "/news/feed/", "/news/feed.json", "/search/?q=seven"):
        shown = re.sub("</?mark>", "", client.get(address).content.decode())
        assert "Seven questions" in shown, address


def test_an_editor_sees_the_form_of_every_page_type(tree, editor_client):
    parents = {
        "home/standardpage": tree.about,
        "home/personpage": tree.people,
        "programmes/programmepage": tree.programmes,
        "programmes/casestorypage": tree.stories,
        "news/newsarticlepage": tree.news,
        "changemaking/approachpage": tree.change_making,
    }
    for kind, parent in parents.items():
        assert editor_client.get(f"/admin/pages/add/{kind}/{parent.pk}/").status_code == 200, kind


def test_an_editor_can_open_every_page_there_is_and_see_its_draft(full_site, editor_client):
    for page in full_site:
        assert editor_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200, page.url
        page.title = "A draft"
        page.save_revision()
        shown = parse(editor_client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode())
        assert shown.h1.get_text(strip=True) in ("A draft", getattr(page, "hero_heading", "Check your inbox")), page.url


def test_the_maps_stay_out_of_the_history_and_come_back_when_it_is_restored(tree):
    story = make.CaseStoryPageFactory(slug="one")
    drawn = story.map_sheet
    revision = story.save_revision()
    assert "map_sheet" not in revision.content
    revision.publish()
    assert CaseStoryPage.objects.get(pk=story.pk).map_sheet == drawn
    story = CaseStoryPage.objects.get(pk=story.pk)
    story.slug = "two"
    story.save_revision().publish()
    assert CaseStoryPage.objects.get(pk=story.pk).map_sheet != drawn


def test_a_map_is_drawn_when_the_slug_is_new_and_not_at_every_save(tree, monkeypatch):
    drawn = []
    monkeypatch.setattr("core.models.base.draw_map", lambda seed, shape: drawn.append(seed) or "<svg></svg>")
    story = make.CaseStoryPageFactory(slug="one")
    story.title = "Another title"
    story.save()
    assert drawn == ["one", "one"]  # the sheet and the detail
    story.slug = "two"
    story.save(update_fields=["slug"])
    assert drawn[2:] == ["two", "two"]
    assert CaseStoryPage.objects.get(pk=story.pk).map_seed == "two"


@pytest.mark.parametrize("is_permanent", [True, False])
def test_an_address_that_editors_have_redirected_leads_on(tree, client, is_permanent):
    Redirect.objects.create(old_path="/old/place", redirect_page=tree.about, is_permanent=is_permanent)
    answer = client.get("/old/place/")
    assert answer.status_code == (301 if is_permanent else 302)
    assert answer.url == "http://testserver/about/" or answer.url == "/about/"
