"""Issues as emails: what is in them, that mail programs can show them, and that the web version says the same."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import PageViewRestriction

from newsletter.campaigns.letter import WIDTH, letter_of, version_tag
from newsletter.models import IssuePage
from tests import factories as make
from tests.html import parse

CLIPPED_BY_GMAIL = 102 * 1024


def parts(*values: tuple[str, Any]) -> Any:
    """A stream of parts from pairs of type and raw value."""
    block = IssuePage._meta.get_field("parts").stream_block
    return block.to_python([{"type": kind, "value": value} for kind, value in values])


def picked(page: Any, **fields: Any) -> tuple[str, Any]:
    return "page", {"page": page.pk, "summary": "", "with_picture": True} | fields


def latest(kind: str = "news", heading: str = "Latest news", most: int = 5) -> tuple[str, Any]:
    return "latest", {"heading": heading, "kind": kind, "most": most}


def titles(issue: IssuePage) -> list[str]:
    """The titles of the pages in an email, in their order."""
    return [link.get_text() for link in BeautifulSoup(letter_of(issue).html, "html.parser").select(".entry a")]


@pytest.fixture
def issue(tree: Any) -> IssuePage:
    story = make.CaseStoryPageFactory(
        title="Food & “Cornwall”", introduction="Why do people go hungry?", listing_image=make.SiteImageFactory()
    )
    make.NewsArticlePageFactory(title="A survey of everybody", introduction="What people said.")
    link = f'<a linktype="page" id="{tree.about.pk}">about us</a>'
    words = f'<p>Dear all, read {link} or <a href="https://example.org/?a=1&amp;b=2">this</a>.<br/>Soon</p><ul><li>One</li></ul>'
    return make.IssuePageFactory(
        title="What places taught us",
        slug="what-places-taught-us",
        introduction="Three stories.",
        preview_text="And what is new",
        parts=parts(("words", words), picked(story), latest()),
    )


def test_the_email_says_what_the_editor_put_together(issue, settings):
    letter = letter_of(issue)
    document = BeautifulSoup(letter.html, "html.parser")
    assert letter.subject == "What places taught us"
    assert document.h1.get_text() == "What places taught us"
    assert titles(issue) == ["Food & “Cornwall”", "A survey of everybody"]
    assert "Why do people go hungry?" in document.get_text()
    assert "And what is new" in document.body.find("div").get_text()
    for link in document("a"):
        assert link["href"].startswith((f"{settings.SITE_URL}/", "https://example.org/", "*|"))
    assert f"{settings.SITE_URL}/newsletter/issues/what-places-taught-us/" in [link["href"] for link in document("a")]
    assert f"{settings.SITE_URL}/about/" in letter.html


def test_the_plain_text_says_the_same(issue, settings):
    text = letter_of(issue).plain_text
    assert "<" not in text
    assert "&amp;" not in text
    for words in ("What places taught us", "Three stories.", f"about us ({settings.SITE_URL}/about/)", "- One"):
        assert words in text
    assert f"Food & “Cornwall”\nWhy do people go hungry?\n{settings.SITE_URL}/case-stories/" in text
    assert "Unsubscribe: *|UNSUB|*" in text


def test_mail_programs_can_show_it(issue, settings):
    """Tables of a fixed width, styles on the elements, pictures that are there for everybody, no script, no font."""
    html = letter_of(issue).html
    document = BeautifulSoup(html, "html.parser")
    assert len(html.encode()) < CLIPPED_BY_GMAIL
    widths = {int(width) for width in re.findall(r"width[=:\s\"]+(\d+)(?=px|\")", html)}
    assert max(widths - {1104}) <= WIDTH
    assert all(table.get("role") == "presentation" for table in document("table"))
    assert html.count("<!--[if mso") >= 4
    assert "color:#12261F" in document.find("h1").parent["style"].replace(" ", "")
    assert "font-size: 34px" in document.find("h1")["style"]
    [picture] = document("img")
    assert picture["src"].startswith(f"{settings.SITE_URL}/") and picture["src"].endswith(".jpg")
    assert picture["width"] == "552" and picture.get("alt") is not None
    assert not document(["script", "link", "form", "iframe", "object", "embed", "video", "mjml", "mj-text"])
    assert "prefers-color-scheme: dark" in html and "[data-ogsc]" in html
    assert "*|UNSUB|*" in html and "*|LIST:ADDRESSLINE|*" in html
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert parser.errors == []


def test_what_an_editor_types_stays_text(tree):
    evil = '<script>alert("x")</script>\x0b</mj-text><mj-raw> & *|'
    issue = make.IssuePageFactory(title=evil[:200], introduction=evil, subject=evil, preview_text=evil)
    letter = letter_of(issue)
    document = BeautifulSoup(letter.html, "html.parser")
    assert not document("script")
    assert '<script>alert("x")</script>' in document.h1.get_text()
    assert evil.replace("\x0b", "") in letter.plain_text.replace("\x0b", "")


def test_the_latest_are_those_since_the_issue_before(tree):
    now = timezone.now()

    def article(title: str, days: int) -> Any:
        return make.NewsArticlePageFactory(title=title, first_published_at=now - timedelta(days=days))

    article("Long ago", 40)
    make.IssuePageFactory(title="The issue before", first_published_at=now - timedelta(days=30))
    new, newer = article("New", 20), article("Newer", 10)
    issue = make.IssuePageFactory(parts=parts(latest(), latest("case-stories")), first_published_at=now)
    assert titles(issue) == ["Newer", "New"]
    make.NewsArticlePageFactory(title="For the next issue", first_published_at=now + timedelta(minutes=1))
    assert titles(issue) == ["Newer", "New"]
    issue.parts = parts(picked(new), latest())
    assert titles(issue) == ["New", "Newer"]
    issue.parts = parts(latest(most=1))
    assert titles(issue) == ["Newer"]
    PageViewRestriction.objects.create(page=newer, restriction_type=PageViewRestriction.LOGIN)
    assert titles(issue) == ["New"]


def test_pages_that_readers_may_not_see_are_left_out(tree):
    draft = make.NewsArticlePageFactory(title="Draft", live=False)
    issue = make.IssuePageFactory(parts=parts(picked(draft), latest()))
    assert titles(issue) == []
    assert "Draft" not in letter_of(issue).html


def test_the_fingerprint_is_that_of_what_readers_get(issue):
    letter = letter_of(issue)
    assert letter_of(issue).fingerprint == letter.fingerprint
    assert version_tag(letter.fingerprint) in letter.html
    for name in ("title", "introduction", "preview_text", "subject"):
        changed = IssuePage.objects.get(pk=issue.pk)
        setattr(changed, name, "Other words")
        assert letter_of(changed).fingerprint != letter.fingerprint


def test_the_web_version_and_the_archive(issue, tree, client, django_assert_max_num_queries):
    client.get(issue.url)  # makes the picture's sizes
    with django_assert_max_num_queries(12):
        page = client.get(issue.url)
    document = parse(page.content.decode())
    found = [heading.get_text(strip=True) for heading in document.select("main h2, main h3")]
    assert found[:3] == ["Food & “Cornwall”", "Latest news", "A survey of everybody"]
    assert "Dear all" in document.get_text()
    archive = parse(client.get(tree.issues.url).content.decode())
    assert [link["href"] for link in archive.select("ol.rows a")] == [issue.url]


def test_the_sign_up_page_leads_to_the_newest_issue(issue, tree, client):
    assert issue.url in [link["href"] for link in parse(client.get("/newsletter/").content.decode()).select("main a")]


def test_an_empty_archive_says_so(tree, client):
    assert "See what it is like" not in client.get("/newsletter/").content.decode()
    assert "No issue has been published yet" in client.get(tree.issues.url).content.decode()


def test_a_long_archive_has_pages(tree, client):
    for _ in range(21):
        make.IssuePageFactory()
    assert len(parse(client.get(tree.issues.url).content.decode()).select("ol.rows > li")) == 20
    assert len(parse(client.get(f"{tree.issues.url}?page=2").content.decode()).select("ol.rows > li")) == 1
    assert client.get(f"{tree.issues.url}?page=3").status_code == 404


def test_the_email_can_be_previewed_before_anything_is_saved(tree):
    answer = IssuePage(title="Just a title").make_preview_request(preview_mode="email")
    assert answer.status_code == 200
    assert "Just a title" in answer.content.decode()
