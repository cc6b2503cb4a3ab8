"""The explorer with much in it, and with little."""

import pytest

from changemaking.layouts import refresh_layouts
from changemaking.models import ApproachPage, Connection
from tests import factories as make
from tests.loaded_site import load_site
from tests.snapshot import as_it_is, made_once


@pytest.fixture
def starting(db) -> None:
    """The site with its starting content, as `load_content` leaves it."""
    made_once(load_site)


@pytest.fixture
def small(tree) -> dict[str, ApproachPage]:
    """a builds on b, b pairs with c, and d alone; a and b are of one group, c of another."""
    return made_once(build_small)


def build_small() -> dict[str, ApproachPage]:
    first, second = make.ApproachGroupFactory(slug="first", order=1), make.ApproachGroupFactory(slug="second", order=2)
    groups = {"a": first, "b": first, "c": second, "d": None}
    pages = {slug: make.ApproachPageFactory(slug=slug, title=slug.upper(), group=groups[slug]) for slug in "abcd"}
    Connection.objects.create(page=pages["a"], to=pages["b"], kind="builds_on", sentence="A rests.")
    Connection.objects.create(page=pages["b"], to=pages["c"], kind="pairs_with", sentence="Both talk.")
    refresh_layouts()
    return {slug: as_it_is(page) for slug, page in pages.items()}
