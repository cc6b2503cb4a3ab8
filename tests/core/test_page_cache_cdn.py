"""What a CDN in front of the site is told."""

import datetime
import http.server
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django_tasks_db.models import DBTaskResult
from wagtail.models import PageViewRestriction

from config import environment
from core.models import SiteImage, SiteRendition
from core.page_cache import cdn
from tests import factories as make


class Cache(http.server.BaseHTTPRequestHandler):
    """A cache that takes PURGE."""

    purged: list[tuple[str, str]] = []

    def do_PURGE(self) -> None:
        self.purged.append((self.headers["Host"], self.path))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def cache(settings: Any) -> Iterator[type[Cache]]:
    """A running one, which the settings name."""
    Cache.purged = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cache) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        settings.WAGTAILFRONTENDCACHE = environment.frontend_cache("CDN_PURGE_URL", address)
        settings.CDN_SECONDS = 60
        yield Cache
        server.shutdown()
        thread.join()


@pytest.fixture
def told(cache: type[Cache], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """The paths that the cache was told to forget while something was done. The task runs at once."""
    now = SimpleNamespace(enqueue=cdn.purge_task.func)
    monkeypatch.setattr(cdn, "purge_task", SimpleNamespace(enqueue=now.enqueue, using=lambda run_after: now))
    uids = {"dispatch_uid": "core.page_cache.cdn"}
    cdn.connect()

    def run(do: Any) -> set[str]:
        cache.purged.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        assert {host for host, _ in cache.purged} <= {"testserver"}
        return {path for _, path in cache.purged}

    yield run
    for signal in (cdn.page_published, cdn.page_unpublished, cdn.post_page_move):
        signal.disconnect(**uids)
    for signal in (cdn.post_save, cdn.post_delete):
        signal.disconnect(sender=PageViewRestriction, **uids)
    for model in (SiteImage, SiteRendition):
        cdn.post_delete.disconnect(sender=model, **uids)


ALWAYS = {"/", "/sitemap.xml", "/llms.txt"}
NEWS = {"/news/", "/news/feed/", "/news/feed.json"}


def test_what_is_published_and_the_lists_above_it(tree, told):
    article = make.NewsArticlePageFactory(slug="a-piece")
    assert told(lambda: article.save_revision().publish()) == {"/news/a-piece/", *NEWS, *ALWAYS}
    assert told(lambda: article.unpublish()) == {"/news/a-piece/", *NEWS, *ALWAYS}


def test_where_a_page_was(tree, told):
    page = make.StandardPageFactory(parent=tree.about, slug="pear")
    assert told(lambda: page.move(tree.home, pos="last-child")) >= {"/about/pear/", "/pear/", *ALWAYS}


def test_what_lies_beneath_a_page_that_is_made_private(tree, told):
    make.NewsArticlePageFactory(slug="a-piece")
    restriction = {"page": tree.news, "restriction_type": PageViewRestriction.LOGIN}
    assert told(lambda: PageViewRestriction.objects.create(**restriction)) == {"/news/a-piece/", *NEWS, *ALWAYS}


def test_a_picture_that_is_gone_with_its_sizes(tree, told):
    image = make.SiteImageFactory()
    addresses = {image.file.url, image.get_rendition("width-40").url}
    assert told(image.delete) == addresses


def test_it_is_told_once_more_in_case_it_asked_again_too_soon(tree, cache, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cdn._purge_soon(["http://testserver/about/"])
    first, second = DBTaskResult.objects.order_by("enqueued_at")
    assert first.args_kwargs == second.args_kwargs
    assert datetime.timedelta(seconds=4) < second.run_after - first.enqueued_at < datetime.timedelta(seconds=8)


def test_a_cache_that_does_not_answer_is_not_waited_for(monkeypatch, settings, caplog):
    hang = threading.Event()
    monkeypatch.setattr(cdn, "LONGEST_SECONDS", 0.05)
    monkeypatch.setattr(cdn, "_purge", lambda addresses: hang.wait(5))
    cdn.purge_task.func(["http://testserver/"])
    hang.set()
    assert "does not answer" in caplog.text


def test_a_refused_purge_is_logged_and_harms_nothing(settings, caplog):
    settings.WAGTAILFRONTENDCACHE = environment.frontend_cache("CDN_PURGE_URL", "http://127.0.0.1:1")
    cdn.purge_task.func(["http://testserver/about/"])
    assert "Couldn't purge" in caplog.text


def test_pages_say_how_long_it_may_keep_them(tree, cache, client):
    assert "s-maxage=60" in client.get("/about/")["Cache-Control"]
    assert "s-maxage" not in client.get("/search/")["Cache-Control"]


def test_without_one_nothing_is_told_and_nothing_kept(tree, client, django_capture_on_commit_callbacks):
    assert "s-maxage" not in client.get("/about/")["Cache-Control"]
    with django_capture_on_commit_callbacks() as callbacks:
        tree.about.save_revision().publish()
    assert not [callback for callback in callbacks if "purge" in repr(callback)]


def test_cloudflare_by_its_address():
    read = environment.frontend_cache("CDN_PURGE_URL", "cloudflare://token:a%2Fb@0123abc")["cdn"]
    assert (read["ZONEID"], read["BEARER_TOKEN"]) == ("0123abc", "a/b")


@pytest.mark.parametrize(
    "wrong", ["varnish", "ftp://host", "cloudflare://zone", "cloudflare://token:@x", "http://[x", "http://"]
)
def test_a_wrong_address_is_one_clear_line(wrong):
    with pytest.raises(ImproperlyConfigured, match="CDN_PURGE_URL cannot be read") as error:
        environment.frontend_cache("CDN_PURGE_URL", wrong)
    assert "\n" not in str(error.value)
