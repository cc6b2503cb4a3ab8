"""What pages share while nothing public changes, and what nobody else gets."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from wagtail.models import Site

from core import memory
from core.models import Navigation
from core.page_cache import wsgi
from tests.html import parse
from tests.wsgi_browser import WsgiBrowser


@pytest.fixture
def read() -> Any:
    """Gives 1, then 2, and so on."""
    numbers: Iterator[int] = iter(range(1, 100))
    return lambda: next(numbers)


def in_request(generation: str | None, read: Any, ask: Any = memory.until_a_change) -> tuple[int, int]:
    """What a request gets that asks twice."""
    with memory.remembered(generation):
        return ask("it", read), ask("it", read)


def test_requests_of_a_generation_share_what_the_first_has_read(read):
    assert in_request("a", read) == in_request("a", read) == (1, 1)


def test_a_change_ends_it(read):
    assert in_request("a", read) == (1, 1)
    assert in_request("b", read) == (2, 2)
    assert in_request("a", read) == (3, 3)  # as after a change that was taken back: nothing is as it was


def test_so_does_time(read, monkeypatch):
    assert in_request("a", read) == (1, 1)
    monkeypatch.setattr(memory, "LONGEST_SHARED", -1)
    assert in_request("a", read) == (2, 2)


def test_a_page_made_of_it_is_right_within_a_minute_of_a_change_that_nobody_noticed():
    assert memory.LONGEST_SHARED + wsgi.FRESH_SECONDS < 60


@pytest.mark.parametrize("generation", [None, ""])
def test_who_is_not_rendered_for_all_reads_for_themselves(read, generation):
    assert in_request("a", read) == (1, 1)
    assert in_request(generation, read) == (2, 2)
    assert in_request(generation, read) == (3, 3)
    assert in_request("a", read) == (1, 1)


def test_outside_a_request_everything_is_read_each_time(read):
    assert [memory.until_a_change("it", read) for _ in range(2)] == [1, 2]


def test_what_is_read_once_for_a_request_is_not_shared(read):
    assert in_request("a", read, memory.once) == (1, 1)
    assert in_request("a", read, memory.once) == (2, 2)


def test_a_request_within_another_leaves_the_first_as_it_was(read):
    with memory.remembered("a"):
        assert memory.until_a_change("it", read) == 1
        assert in_request(None, read) == (2, 2)
        assert memory.until_a_change("it", read) == 1


def test_a_part_of_a_template_is_rendered_once():
    part = Template("{% load core_tags %}{% shared 'part' %}{{ word }}{% endshared %} {{ word }}")
    with memory.remembered("a"):
        assert part.render(Context({"word": "<one>"})) == "&lt;one&gt; &lt;one&gt;"
        assert part.render(Context({"word": "two"})) == "&lt;one&gt; two"
    assert part.render(Context({"word": "three"})) == "three three"


def test_a_part_without_a_name_is_refused():
    with pytest.raises(TemplateSyntaxError, match="takes a name"):
        Template("{% load core_tags %}{% shared %}{% endshared %}")


def test_no_visitor_can_name_a_generation(tree, client, monkeypatch):
    named = []
    monkeypatch.setattr(memory, "_values_of", named.append)
    client.get("/about/", headers={"page_cache.generation": "a", "page-cache-generation": "a"})
    assert named == []


def test_all_pages_rendered_after_a_change_show_it(tree, django_capture_on_commit_callbacks):
    """The menu and the footer, through the page cache: read for one page, they are on all others."""
    browser = WsgiBrowser()

    def menus() -> set[str]:
        pages = (parse(browser.get(address).content.decode()) for address in ("/", "/about/", "/news/"))
        return {
            page.select_one(".menu-row a").get_text() + page.select_one("footer nav a").get_text() for page in pages
        }

    navigation = Navigation.for_site(Site.objects.get(is_default_site=True))
    link: dict[str, Any] = {"page": tree.about, "address": ""}
    for label in ("First", "Second"):
        browser.cache._watcher.seen = browser.cache._watcher.token = label  # adopted
        with django_capture_on_commit_callbacks(execute=True):
            navigation.menu = [("link", {**link, "label": label})]
            navigation.footer = [("column", {"heading": "More", "links": [{**link, "label": label}]})]
            navigation.save()
        assert menus() == {label * 2}
