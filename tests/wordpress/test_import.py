"""An old site comes over once, whole, and every item of it is accounted for."""

import csv
import datetime
import io
import signal

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from core import leases
from core.models import SiteDocument, SiteImage
from home.models import StandardPage
from news.models import NewsArticlePage, NewsCategory
from programmes.models import CaseStoryPage
from tests import factories as make
from tests.html import problems
from tests.wordpress.old_site import ADDRESS, BROKEN, SPAM, OldSite, build, filed, meta
from wordpress.models import ImportedItem
from wordpress.run import Import

EVERYTHING = (Page, Revision, Redirect, SiteImage, SiteDocument, NewsCategory, ImportedItem)


@pytest.fixture
def bring(tree, tmp_path, settings, capsys):
    """Bring over a site; give the lines of the report by number, and what the command said in `bring.said`."""
    settings.MEDIA_ROOT = str(tmp_path / "media")

    def run(site: OldSite, *arguments: str, with_media: bool = True) -> dict[str, dict[str, str]]:
        export, media = site.write(tmp_path)
        report = tmp_path / "report.csv"
        media_arguments = ("--media", str(media)) if with_media else ()
        try:
            call_command("import_wordpress", str(export), *media_arguments, "--report", str(report), *arguments)
        finally:
            run.said = capsys.readouterr().out
        with report.open(encoding="utf-8-sig", newline="") as file:
            return {row["Number"]: row for row in csv.DictReader(file)}

    return run


def everything() -> list[list[object]]:
    """What is in the tables that the command writes to."""
    return [list(model.objects.order_by("pk").values()) for model in EVERYTHING]


def test_a_whole_site_comes_over_and_a_second_run_changes_nothing(bring, client):
    site = build(posts=10)
    lines = bring(site)
    assert len(lines) == len(site.items)
    assert {line["What became of it"] for line in lines.values()} == {
        "brought over",
        "brought over as a draft",
        "left out",
    }
    counted = {
        words.strip().split(" ", 1)[1]: int(words.split()[0]) for words in bring.said.splitlines() if words[:1] == " "
    }
    assert counted["brought over"] + counted["brought over as a draft"] + counted["left out"] == len(site.items)
    pages = [*NewsArticlePage.objects.live(), *CaseStoryPage.objects.live(), *StandardPage.objects.live()]
    for page in pages:
        html = client.get(page.url).content.decode()
        assert problems(html) == []
        for foreign in ("alert(", "document.write", "viagra", "onclick", "onerror", "style=", "pills.example"):
            assert foreign not in html, (page.url, foreign)
    before = everything()
    again = bring(site)
    assert everything() == before
    assert {line["What became of it"] for line in again.values()} == {"brought over before", "left out"}
    assert [line["To do"] for line in again.values()] == [line["To do"] for line in lines.values()]


def test_a_post_becomes_news_with_all_that_was_said_of_it(bring, client):
    person = make.PersonPageFactory(title="a writer & co")
    site = OldSite()
    site.picture(1, "2015/03/a.jpg", alt="A field")
    terms = filed("uncategorized", "Uncategorized") + filed("events", "Events") + filed("talks", "Talks")
    extra = (
        terms
        + filed("food", "Food", "post_tag")
        + filed("f", "FOOD", "post_tag")
        + meta("_thumbnail_id", "1")
        + meta("_yoast_wpseo_metadesc", "Why")
    )
    site.add(7, title="Food", excerpt="<p>In short</p>", extra=extra + meta("_wp_old_slug", "older"), post_name="food")
    bring(site)
    article = NewsArticlePage.objects.get()
    assert (article.title, article.slug, article.introduction, article.search_description) == (
        "Food",
        "food",
        "In short",
        "Why",
    )
    assert article.date == datetime.date(2015, 3, 8)
    assert article.first_published_at == datetime.datetime(2015, 3, 8, 9, 10, tzinfo=datetime.UTC)
    assert article.last_published_at == datetime.datetime(2016, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    assert (article.author_person.pk, article.author_name) == (person.pk, "")
    assert (article.category.slug, set(article.tags.names())) == ("events", {"Talks", "Food"})
    assert article.listing_image.default_alt_text == "A field"
    assert [usage.pk for usage, _ in article.listing_image.get_usage()] == [article.pk]
    moved = {
        "/2015/03/food/": article.url,
        "/2015/03/older": article.url,
        "/?p=7": article.url,
        "/feed/": "/news/feed/",
    }
    moved |= {
        "/category/events/": "/news/category/events/",
        "/wp-content/uploads/2015/03/a.jpg": article.listing_image.file.url,
    }
    for old, new in moved.items():
        answer = client.get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (301, new), old
    assert client.get("/?p=8").status_code == 200
    assert "Food" in client.get("/?q=food").content.decode()


def test_pages_keep_their_tree_whatever_order_they_are_in(bring):
    site = OldSite()
    site.add(3, "page", post_name="deep", post_parent=2)
    site.add(2, "page", post_name="middle", post_parent=1)
    site.add(1, "page", post_name="top")
    site.add(4, "page", post_name="lost", post_parent=99)
    site.add(5, "page", post_name="one", post_parent=6)
    site.add(6, "page", post_name="other", post_parent=5)  # a circle
    lines = bring(site)
    addresses = {page.slug: page.url for page in StandardPage.objects.filter(slug__in=("deep", "lost", "one", "other"))}
    assert addresses["deep"] == "/top/middle/deep/"
    assert addresses["lost"] == "/lost/"
    assert addresses["one"] in ("/one/", "/other/one/")
    assert "stands at the top" in lines["4"]["To do"]


def test_what_readers_did_not_see_is_a_draft_and_what_was_thrown_away_stays_behind(bring, client):
    site = OldSite()
    for number, state in enumerate(("draft", "private", "pending", "future", "odd"), start=1):
        site.add(number, status=state, post_name=state, post_date_gmt="2030-01-01 00:00:00")
    site.add(8, post_password="secret", post_name="secret")
    left = {
        9: ("post", "trash"),
        10: ("post", "auto-draft"),
        11: ("nav_menu_item", "publish"),
        12: ("event", "publish"),
    }
    for number, (kind, state) in left.items():
        site.add(number, kind, status=state)
    site.add(13, title="Cheap viagra")
    site.items.append(site.items[0])  # the same number again
    lines = bring(site)
    assert not NewsArticlePage.objects.live().exists()
    assert NewsArticlePage.objects.count() == 6
    assert NewsArticlePage.objects.get(slug="future").go_live_at.year == 2030
    assert {number for number, line in lines.items() if line["What became of it"] == "left out"} >= {
        "9",
        "10",
        "11",
        "12",
        "13",
    }
    assert client.get("/2015/03/secret/").status_code == 404
    assert "11 items in the export" not in bring.said
    assert "     12 items in the export" in bring.said
    assert "type “event”" in lines["12"]["To do"]
    assert not Redirect.objects.filter(redirect_page__isnull=False).exclude(old_path="/feed").exists()


def test_an_editors_work_is_never_undone(bring):
    site = OldSite()
    for number in (1, 2, 3):
        site.add(number, title=f"Post {number}")
    bring(site)
    changed, deleted, _ = NewsArticlePage.objects.order_by("pk")
    changed.title = "An editor's title"
    changed.save_revision().publish()
    deleted.delete()
    newer = OldSite()
    for number in (1, 2, 3):
        newer.add(number, title=f"Newer {number}", post_modified_gmt="2020-01-01 00:00:00")
    lines = bring(newer)
    assert set(NewsArticlePage.objects.values_list("title", flat=True)) == {"An editor's title", "Post 3"}
    assert "deleted here since" in lines["2"]["Changed"]
    assert "left as it is" in lines["1"]["To do"]


def test_a_dry_run_writes_nothing_and_tells_the_same(bring):
    site = OldSite()
    site.picture(1, "a.jpg")
    site.picture(2, "gone.jpg", there=False)
    site.add(3, "page", content=BROKEN)
    site.add(4, status="draft")
    site.add(5, content='[gallery ids="1,2"]')
    site.add(6, "page", post_name="about")
    before = everything()
    dry = bring(site, "--dry-run")
    assert everything() == before
    real = bring(site)
    assert {number: line["What became of it"] for number, line in dry.items()} == {
        number: line["What became of it"] for number, line in real.items()
    }


@pytest.mark.parametrize("after", [0, 4, 8])
def test_a_run_that_is_stopped_goes_on_where_it_was(bring, monkeypatch, after):
    site = OldSite()
    site.picture(1, "a.jpg")
    for number in range(2, 7):
        site.add(number, content=f'A <a href="{ADDRESS}/2015/03/post-{number % 5 + 2}/">link</a>')
    steps = iter(range(100))
    each = Import._each

    def stopping(self, what, positions):
        for line in each(self, what, positions):
            if next(steps) == after:
                signal.raise_signal(signal.SIGTERM)
            yield line

    monkeypatch.setattr(Import, "_each", stopping)
    with pytest.raises(SystemExit):
        bring(site)
    assert "Stopped" in bring.said
    assert ImportedItem.objects.count() <= 6
    monkeypatch.undo()
    bring(site)
    assert NewsArticlePage.objects.live().count() == 5
    assert all('linktype="page"' in article.body.raw_data[0]["value"] for article in NewsArticlePage.objects.all())
    assert ImportedItem.objects.filter(finished_at=None).count() == 0


def test_an_item_that_fails_does_not_stop_the_others(bring, monkeypatch):
    site = OldSite()
    for number in (1, 2, 3):
        site.add(number, title=f"Post {number}")
    save = NewsArticlePage.save_revision

    def failing(self, *args, **kwargs):
        if self.title == "Post 2":
            raise ValueError("a reason")
        return save(self, *args, **kwargs)

    monkeypatch.setattr(NewsArticlePage, "save_revision", failing)
    with pytest.raises(SystemExit):
        bring(site)
    assert "      1 failed" in bring.said
    assert NewsArticlePage.objects.live().count() == 2
    monkeypatch.undo()
    bring(site)
    assert NewsArticlePage.objects.live().count() == 3


def test_an_address_that_is_taken_makes_a_draft_and_the_old_one_leads_to_the_page_here(bring, client, tree):
    site = OldSite()
    site.add(1, "page", post_name="about", title="Who we were", link=f"{ADDRESS}/who/about/")
    site.add(2, "page", post_name="history", post_parent=1)
    site.add(3, "page", post_name="search", title="Search")
    site.add(4, "page", post_name="start", link=f"{ADDRESS}/")
    lines = bring(site)
    assert "“About” has its address" in lines["1"]["To do"]
    assert "front page" in lines["4"]["To do"]
    assert client.get("/who/about/").headers["Location"] == "/about/"
    assert client.get("/about/history/").status_code == 200
    drafts = StandardPage.objects.filter(live=False)
    assert set(drafts.values_list("slug", flat=True)) == {"about-2", "start"}
    assert client.get("/search-2/").status_code == 200


def test_files_are_checked_and_missing_ones_told(bring, tmp_path):
    site = OldSite()
    site.picture(1, "there.jpg")
    site.picture(2, "gone.jpg", there=False)
    site.document(3, "report.pdf")
    site.document(4, "evil.svg", b"<svg onload='alert(1)'/>")
    site.document(5, "fake.jpg", b"no picture")
    site.document(6, "run.exe", b"MZ")
    site.document(7, "../outside.pdf")
    lines = bring(site)
    assert {number: line["What became of it"] for number, line in lines.items()} == {
        **dict.fromkeys("13", "brought over"),
        **dict.fromkeys("24567", "left out"),
    }
    assert "missing" in lines["2"]["To do"]
    assert (SiteImage.objects.count(), SiteDocument.objects.count()) == (1, 1)
    assert "--media" in bring(OldSite(items=site.items), with_media=False)["2"]["To do"]


def test_a_case_story_is_told_by_its_category_and_divided_by_its_headings(bring, tree):
    place, theme = make.PlaceFactory(name="Cornwall"), make.ThemeFactory(name="Food poverty")
    text = "<h2>The challenge</h2>Hunger<h3>More</h3>more<h2>What we did</h2>Asked<h2>What we learned</h2>Much"
    site = OldSite()
    extra = filed("stories", "Stories") + filed("c", "cornwall", "post_tag") + filed("f", "Food Poverty", "post_tag")
    site.add(1, content=text, extra=extra)
    bring(site, "--stories", "stories")
    story = CaseStoryPage.objects.get()
    assert [block["type"] for block in story.challenge.raw_data] == ["text", "heading", "text"]
    assert story.what_was_done.raw_data[0]["value"] == "<p>Asked</p>"
    assert story.learned.raw_data[0]["value"] == "<p>Much</p>"
    assert (story.place, story.theme) == (place, theme)


def test_somebody_elses_redirect_is_left_alone(bring, client, tree):
    Redirect.add_redirect("/2015/03/post-1/", tree.about)
    site = OldSite()
    site.add(1)
    bring(site)
    assert client.get("/2015/03/post-1/").headers["Location"] == "/about/"


def test_odd_titles_and_addresses(bring):
    site = OldSite()
    site.add(1, title="", post_name="", content="")
    site.add(2, title="=cmd()|' /C calc'!A0", post_name="%e2%80%99caf%c3%a9")
    site.add(3, title="T" * 400, post_name="feed")
    site.add(4, title="T", post_name="s" * 400, link=f"{ADDRESS}/{'s' * 400}/")
    lines = bring(site)
    assert {article.slug[:20] for article in NewsArticlePage.objects.all()} == {"item-1", "cafe", "feed-2", "s" * 20}
    assert NewsArticlePage.objects.get(slug="item-1").title == "Without a title (1)"
    assert lines["2"]["Title"].startswith("'=cmd")
    assert "too long for a redirect" in lines["4"]["To do"]


def test_a_terminal_shows_a_bar_and_anything_else_lines(bring, tmp_path):
    site = OldSite()
    for number in range(1, 4):
        site.add(number)
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    report = str(tmp_path / "dry.csv")
    call_command("import_wordpress", str(site.write(tmp_path)[0]), "--dry-run", "--report", report, stdout=terminal)
    assert "\rTexts  ██████████░░░░░░░░░░░░░░░░░░░░ 1/3\r" in terminal.getvalue()
    bring(site)
    assert "\r" not in bring.said
    assert "Texts: 30% of 3\nTexts: 60% of 3\nTexts: 100% of 3\n" in bring.said


def test_an_export_in_several_files_is_one(bring, tmp_path):
    files, posts, other = OldSite(), OldSite(), OldSite()
    files.picture(1, "a.jpg", alt="A field")
    posts.add(2, content='<img class="wp-image-1">')
    paths = [tmp_path / "1.xml", tmp_path / "2.xml", tmp_path / "3.xml"]
    for path, data in zip(
        paths, (files.xml, posts.xml, other.xml.replace(b"old.example", b"new.example")), strict=True
    ):
        path.write_bytes(data)
    files.write(tmp_path)
    arguments = [str(path) for path in paths]
    with pytest.raises(CommandError, match="and the file before it of"):
        call_command("import_wordpress", *arguments)
    call_command(
        "import_wordpress", *arguments[:2], "--media", str(tmp_path / "uploads"), "--report", str(tmp_path / "r")
    )
    assert [block["type"] for block in NewsArticlePage.objects.get().body.raw_data] == ["picture"]


def test_what_cannot_be_begun_is_said(bring, tree, tmp_path):
    site = OldSite()
    site.add(1, content=SPAM[2])
    path = tmp_path / "broken.xml"
    path.write_bytes(site.xml[:-40])
    with pytest.raises(CommandError, match="broken in line"):
        call_command("import_wordpress", str(path))
    with pytest.raises(CommandError, match="is no folder"):
        call_command("import_wordpress", str(path), "--media", str(tmp_path / "none"))
    assert NewsArticlePage.objects.count() == 0
    with leases.hold("import_wordpress", 60), pytest.raises(CommandError, match="under way"):
        bring(site)
    tree.stories.delete()
    with pytest.raises(CommandError, match="load_content"):
        bring(site)
