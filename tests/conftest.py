"""Fixtures of all tests: guards that are always on, and a small site to test pages with."""

import functools
import gc
import ipaddress
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Site

from tests.snapshot import as_it_is, made_once

pytest_plugins = [
    "tests.plugins.groups",
    "tests.plugins.requirements_of_machine",
    "tests.plugins.uses_of_database",
]

# How long one example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")


# --- Guards ------------------------------------------------------------------------------------------


class OutsideNetwork(AssertionError):
    """A test reached for another machine."""


def is_on_this_machine(address: Any) -> bool:
    """Whether a socket address is a loopback one or no network address at all (a Unix socket)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).strip("[]")
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_outside_network() -> Iterator[None]:
    """Refuse connections and name look-ups that leave this machine."""

    def guarded(original: Any, address_of: Callable[..., Any]) -> Any:
        @functools.wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            address = address_of(*args)
            if not is_on_this_machine(address):
                raise OutsideNetwork(f"a test reached for {address!r}")
            return original(*args, **kwargs)

        return call

    def connected(connection: Any, address: Any) -> Any:
        return address

    def looked_up(host: str | bytes | None, *rest: Any) -> tuple[str]:
        return (host.decode() if isinstance(host, bytes) else host or "",)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect, connected))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex, connected))
        patch.setattr(socket, "getaddrinfo", guarded(socket.getaddrinfo, looked_up))
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Start each test with an empty cache, which also holds Wagtail's paths of site roots, and with nothing shared."""
    from core import memory

    cache.clear()
    memory._latest = memory._Shared()


def pytest_collection_finish() -> None:
    """Leave all that is loaded by now out of Python's garbage collections: each would look through all of it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def maps_drawn_once() -> Iterator[None]:
    """Draw the map of each slug once in a run: tests make the same pages again and again."""
    from core.models import base

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "draw_map", functools.cache(base.draw_map))
        yield


# --- A small site ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tree:
    """The home page and its sections, published, with nothing in them yet."""

    home: Any
    beliefs: Any
    principles: Any
    about: Any
    people: Any
    programmes: Any
    stories: Any
    news: Any
    change_making: Any
    newsletter: Any
    thank_you: Any
    issues: Any


def build_tree() -> Tree:
    """Make the sections of the site, at the addresses of the real one."""
    from tests import factories as make

    home = make.HomePageFactory(title="Leadership Centre", slug="leadership-centre")
    site = Site.objects.get(is_default_site=True)
    welcome, site.root_page = site.root_page, home
    site.save()
    Page.objects.get(pk=welcome.pk).delete()
    home.refresh_from_db()
    tree = Tree(
        home=home,
        beliefs=make.BeliefsPageFactory(title="What we believe", slug="beliefs"),
        principles=make.PrinciplesPageFactory(title="Our approach", slug="approach"),
        about=make.StandardPageFactory(title="About", slug="about"),
        people=make.PeoplePageFactory(title="People", slug="people"),
        programmes=make.ProgrammesPageFactory(title="Programmes", slug="programmes"),
        stories=make.CaseStoriesPageFactory(title="Case stories", slug="case-stories"),
        news=make.NewsIndexPageFactory(title="News", slug="news"),
        change_making=make.ChangeMakingPageFactory(title="The Art of Change Making", slug="art-of-change-making"),
        newsletter=make.NewsletterPageFactory(title="Newsletter", slug="newsletter"),
        thank_you=make.ThankYouPageFactory(title="Thank you", slug="thank-you"),
        issues=make.IssuesPageFactory(title="Issues", slug="issues"),
    )
    return Tree(**{name: as_it_is(page) for name, page in vars(tree).items()})


def build_full_site() -> list[Any]:
    """Fill the sections of the site, and put a full page into each."""
    from tests import factories as make
    from tests.html import all_pages

    children = [make.PersonPageFactory, make.ApproachPageFactory, make.ProgrammePageFactory, make.CaseStoryPageFactory]
    for factory in (*children, make.NewsArticlePageFactory):
        factory()  # what full pages point to
    for factory in (*children, make.NewsArticlePageFactory, make.IssuePageFactory):
        factory(full=True)
    for section in [page for page in all_pages() if type(page).max_count or page.slug == "about"]:
        make.fill_in(section)
    return [page for page in all_pages() if page.listing_title]


@pytest.fixture
def tree(db: None) -> Tree:
    """The site as it is before anybody has written anything."""
    return made_once(build_tree)


@pytest.fixture
def full_site(tree: Tree) -> list[Any]:
    """Every page with every field filled, and every block placed."""
    return made_once(build_full_site)


@pytest.fixture
def editor(db: None) -> Any:
    """A person who may write and publish pages."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    user = get_user_model()._default_manager.create_user("editor", password="a long password for tests")
    user.groups.set(Group.objects.filter(name__in=("Editor", "Publisher")))
    return user


@pytest.fixture
def editor_client(editor: Any) -> Client:
    """A browser in which the editor is logged in."""
    client = Client()
    client.force_login(editor)
    return client
