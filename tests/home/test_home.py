"""The home page shows what the other pages have to tell, and nothing when they have nothing."""

from datetime import date

import pytest
from wagtail.contrib.redirects.models import Redirect

from home.blocks import BeliefBlock
from home.models import HomePage
from tests import factories as make
from tests.html import parse
from tests.wsgi_browser import WsgiBrowser


def headings(client) -> list[str]:
    return [heading.get_text(strip=True) for heading in parse(client.get("/").content.decode()).select("main h2")]


@pytest.fixture
def home(tree) -> HomePage:
    tree.home.refresh_from_db()
    return tree.home


def test_a_new_site_has_a_heading_and_the_sign_up_and_nothing_empty(home, client):
    document = parse(client.get("/").content.decode())
    assert document.h1.get_text(strip=True) == "Leadership Centre"
    assert headings(client) == []
    assert document.find("form", attrs={"data-sign-up": True})


def test_each_part_appears_with_its_first_content(home, client, tree):
    belief = {"heading": "The citizen is central", "statement": "", "because": "it matters.", "stories": []}
    tree.beliefs.beliefs = [("belief", BeliefBlock().to_python(belief))]
    tree.beliefs.save()
    make.CaseStoryPageFactory(title="A story")
    make.ApproachPageFactory(title="An approach", group=make.ApproachGroupFactory(name="Systems"))
    make.NewsArticlePageFactory(title="An article")
    expected = ["What we believe", "Stories from places", "The Art of Change Making", "News"]
    assert headings(client) == expected
    text = parse(client.get("/").content.decode()).main.get_text()
    assert all(words in text for words in ("The citizen is central", "A story", "An approach", "Systems", "An article"))


def test_what_is_published_is_there_at_once(home, client):
    make.NewsArticlePageFactory(title="First")
    assert "Breaking" not in client.get("/").content.decode()
    draft = make.NewsArticlePageFactory(title="Breaking", live=False, date=date(2024, 5, 2))
    draft.save_revision().publish()
    for address in ("/", "/news/", "/news/feed/"):
        assert "Breaking" in client.get(address).content.decode(), address
    type(draft).objects.get(pk=draft.pk).unpublish()
    for address in ("/", "/news/", "/news/feed/"):
        assert "Breaking" not in client.get(address).content.decode(), address


def test_an_old_address_with_a_number_leads_on_also_when_home_is_kept(home, tree):
    Redirect.add_redirect("/?p=7", tree.about)
    browser = WsgiBrowser()
    for _ in range(2):
        assert browser.get("/").status_code == 200
        answer = browser.get("/?utm_source=x&p=7")
        assert (answer.status_code, answer["Location"]) == (301, "/about/")
    assert browser.get("/?p=8").content == browser.get("/").content
    assert browser.get("/?id=7")["Cache-Status"].endswith("hit")


def test_the_chosen_stories_come_first_and_the_newest_fill_up(home):
    old, *_, newest = (make.CaseStoryPageFactory(title=f"Story {number}") for number in range(5))
    assert [story.title for story in home.get_stories()] == ["Story 4", "Story 3", "Story 2"]
    home.chosen_stories = [("story", old)]
    home.save()
    assert [story.title for story in HomePage.objects.get().get_stories()] == ["Story 0", "Story 4", "Story 3"]
    newest.unpublish()
    old.unpublish()
    assert [story.title for story in HomePage.objects.get().get_stories()] == ["Story 3", "Story 2", "Story 1"]


def test_a_chosen_story_that_was_deleted_leaves_its_place_to_another(home, client):
    chosen, other = make.CaseStoryPageFactory(title="Chosen"), make.CaseStoryPageFactory(title="Other")
    home.chosen_stories = [("story", chosen)]
    home.save()
    chosen.delete()
    assert HomePage.objects.get().get_stories() == [other]
    assert client.get("/").status_code == 200


def test_the_words_of_the_hero_go_before_the_title(home, client):
    home.hero_heading = "Leading places"
    home.save()
    assert parse(client.get("/").content.decode()).h1.get_text(strip=True) == "Leading places"


def test_four_articles_are_shown(home, client):
    for number in range(6):
        make.NewsArticlePageFactory(title=f"Article {number}", date=date(2024, 1, 1 + number))
    shown = [
        heading.get_text(strip=True) for heading in parse(client.get("/").content.decode()).select("main .dated h3")
    ]
    assert shown == ["Article 5", "Article 4", "Article 3", "Article 2"]


def test_a_section_that_is_unpublished_is_not_linked(home, client, tree):
    make.NewsArticlePageFactory()
    make.ApproachPageFactory()
    tree.news.unpublish()
    tree.change_making.unpublish()
    document = parse(client.get("/").content.decode())
    assert document.main.find("a", href="/news/") is None
    assert "The Art of Change Making" not in document.main.get_text()
