"""A site with many pages, pictures and subscribers, for the benchmarks of large sites: one of each, made as people make
them, is copied by the database itself, table by table. A hundred thousand pages take seconds so. SQLite only.
"""

import io
import random
from typing import Any

# Keys of copies begin here, above those of the starting content.
FIRST = 1_000_000
MOMENT = "strftime('%Y-%m-%d %H:%M:%S.000000', 1500000000 + i * 300, 'unixepoch')"
UUID = "lower(hex(randomblob(16)))"
KEY = f"{FIRST} + i"
# A step of a page's place in the tree: four digits to the base 36 (django-treebeard).
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP = " || ".join(f"substr('{DIGITS}', ((i + 40000) / {36**power}) % 36 + 1, 1)" for power in (3, 2, 1, 0))
WORDS = ("rivers", "councils", "hospitals", "leaders", "places", "housing", "learning", "trust", "listening", "change")


def numbers(count: int) -> None:
    """Make the table of numbers that copies are counted by."""
    run("CREATE TEMPORARY TABLE IF NOT EXISTS numbers (i INTEGER PRIMARY KEY, title TEXT)")
    run("DELETE FROM numbers")
    chance = random.Random(1)  # the same titles in every run
    connection().cursor().executemany(
        "INSERT INTO numbers VALUES (%s, %s)",
        ((i, " ".join(chance.choices(WORDS, k=5)).capitalize() + f" {i}") for i in range(1, count + 1)),
    )


def copies(table: str, key: str, one: Any, count: int, own: dict[str, str], where: str = "1") -> None:
    """Copy one row so many times.

    Args:
        key: the column by which the row is found, whose value is `one`.
        own: for columns in which copies differ, an SQL expression of their number `i`.
        where: which numbers are copied at all.
    """
    with connection().cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')  # noqa: S608 (our own names, here and below)
        names = [column[0] for column in cursor.description]
        values = ", ".join(own.get(name, f'one."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM numbers, "{table}" AS one '  # noqa: S608
            f'WHERE one."{key}" = %s AND i <= %s AND {where}',
            [one, count],
        )


def run(statement: str, *values: Any) -> None:
    """Run one statement."""
    connection().cursor().execute(statement, list(values))


def connection() -> Any:
    """The connection to the database."""
    from django.db import connection

    return connection


def fill(pages: int, pictures: int, subscribers: int) -> None:
    """Fill the database with copies, in one transaction."""
    from django.db import transaction

    run("PRAGMA cache_size=-400000")
    user, article = make_one_page()
    with transaction.atomic():
        numbers(max(pages, pictures, subscribers))
        copy_pages(article, pages)
        copy_pictures(pictures, user)
        copy_subscribers(subscribers)
        copy_redirects(min(pages, 20_000), article)
    run("ANALYZE")


def make_one_page() -> tuple[Any, Any]:
    """A superuser, and an article that they have written, published and changed again, which then was looked over."""
    from django.contrib.auth import get_user_model

    from editorial.audit import audit
    from news.models import NewsArticlePage, NewsCategory, NewsIndexPage

    user = get_user_model()._default_manager.create_superuser("benchmark", password="only for a benchmark")
    links = "".join(f'<p><a href="https://example.org/{n}">report {n}</a></p>' for n in range(3))
    article = NewsArticlePage(
        title="One article",
        introduction="An introduction.",
        category=NewsCategory.objects.earliest("pk"),
        owner=user,
        body=[("text", f"<p>Words.</p>{links}" * 3)],
    )
    NewsIndexPage.objects.get().add_child(instance=article)
    article.save_revision(user=user, log_action=True).publish(user=user)
    audit(article)
    return user, article


def copy_pages(article: Any, count: int) -> None:
    """Copy the article with all that belongs to it. One in a hundred is a draft, is scheduled, or has a broken link."""
    article.refresh_from_db()
    parent, pk, revision = article.get_parent(), article.pk, article.latest_revision_id
    slug = "'made-' || i"
    own = {
        "id": KEY,
        "path": f"'{parent.path}' || {STEP}",
        "translation_key": UUID,
        "title": "numbers.title",
        "draft_title": "numbers.title",
        "slug": slug,
        "url_path": f"'{parent.url_path}' || {slug} || '/'",
        "live": "i % 100 != 1",
        "has_unpublished_changes": "i % 100 IN (1, 2)",
        "latest_revision_id": KEY,
        "live_revision_id": f"CASE WHEN i % 100 != 1 THEN {KEY} END",
        "last_published_at": MOMENT,
        "first_published_at": MOMENT,
        "latest_revision_created_at": MOMENT,
        "expire_at": "CASE WHEN i % 500 = 0 THEN datetime('now', '+' || (i / 500 % 60) || ' days') END",
    }
    revisions = {
        "id": KEY,
        "object_id": f"CAST({KEY} AS TEXT)",
        "created_at": MOMENT,
        "approved_go_live_at": "CASE WHEN i % 500 = 1 THEN datetime('now', '+' || (i / 500 % 60) || ' days') END",
    }
    copies("wagtailcore_revision", "id", revision, count, revisions)
    copies("wagtailcore_page", "id", pk, count, own)
    copies("news_newsarticlepage", "page_ptr_id", pk, count, {"page_ptr_id": KEY, "date": f"date({MOMENT})"})
    run("UPDATE wagtailcore_page SET numchild = numchild + %s WHERE id = %s", count, parent.pk)
    for number, entry in enumerate(values("SELECT id FROM wagtailcore_pagelogentry WHERE page_id = %s", pk)):
        identity = {"id": f"{KEY} + {number + 1} * 10000000", "page_id": KEY, "uuid": UUID, "timestamp": MOMENT}
        copies("wagtailcore_pagelogentry", "id", entry, count, identity | {"label": "numbers.title"})
    for name in ("wagtailsearch_indexentry", "wagtailcore_referenceindex"):
        of_page = f'"{name}" WHERE object_id = %s'
        for number, row in enumerate(values(f"SELECT id FROM {of_page}", str(pk))):  # noqa: S608
            texts = {"title": "numbers.title", "autocomplete": "numbers.title"}
            identity = {"id": f"{KEY} + {number + 1} * 10000000", "object_id": f"CAST({KEY} AS TEXT)"}
            copies(name, "id", row, count, identity | (texts if name.startswith("wagtailsearch") else {}))
    copies(
        "editorial_pageaudit",
        "page_id",
        pk,
        count,
        {
            "page_id": KEY,
            "audited_at": "datetime('now', '+1 day')",
            "review_by": "CASE WHEN i % 50 = 0 THEN date('now', (i / 50 % 60 - 20) || ' days') END",
        },
    )
    for number, row in enumerate(values("SELECT id FROM editorial_pagelink WHERE page_id = %s", pk)):
        identity = {"id": f"{KEY} + {number} * 10000000", "page_id": KEY}
        broken = {"fault": "CASE WHEN i % 100 = 3 THEN 'elsewhere' ELSE '' END"} if number == 0 else {}
        copies("editorial_pagelink", "id", row, count, identity | broken)


def values(statement: str, *arguments: Any) -> list[Any]:
    """The first column of what a statement finds."""
    with connection().cursor() as cursor:
        cursor.execute(statement, list(arguments))
        return [row[0] for row in cursor.fetchall()]


def copy_pictures(count: int, user: Any) -> None:
    """Pictures and documents, which share one file each."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from core.models import SiteDocument, SiteImage

    data = io.BytesIO()
    Image.new("RGB", (800, 600), "#48a").save(data, "PNG")
    picture = SiteImage.objects.create(
        title="One picture", file=ContentFile(data.getvalue(), name="one.png"), uploaded_by_user=user
    )
    own = {"id": KEY, "title": "numbers.title", "created_at": MOMENT}
    copies("core_siteimage", "id", picture.pk, count, own)
    document = SiteDocument.objects.create(
        title="One document", file=ContentFile(b"%PDF-1.4", name="one.pdf"), uploaded_by_user=user
    )
    copies("core_sitedocument", "id", document.pk, min(count, 10_000), own)


def copy_subscribers(count: int) -> None:
    """People on the list, each with a consent, a delivered entry and a history."""
    from newsletter.models.consent import FALLBACK_WORDING
    from newsletter.service import SignUp, sign_up
    from tests.benchmarks.million_subscribers import MOMENT as MOMENTS
    from tests.benchmarks.million_subscribers import OWN

    one = sign_up(SignUp(email="one@example.org", wording=FALLBACK_WORDING))
    for table, own in OWN.items():
        key = "id" if table == "newsletter_subscriber" else "subscriber_id"
        copies(
            table, key, one.pk, count, {name: value.replace("{moment}", MOMENTS[True]) for name, value in own.items()}
        )


def copy_redirects(count: int, page: Any) -> None:
    """Redirects from old addresses."""
    from wagtail.contrib.redirects.models import Redirect

    one = Redirect.objects.create(old_path="/old", redirect_page=page)
    copies("wagtailredirects_redirect", "id", one.pk, count, {"id": KEY, "old_path": "'/old-' || i"})
