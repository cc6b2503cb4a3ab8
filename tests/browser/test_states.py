"""The list of what the browser tests look at is whole. Needs no browser."""

from wagtail.models import Page, get_page_models

from core.models import BasePage
from tests.browser.furnish import FULL_PAGES
from tests.browser.states import TEMPLATES
from tests.loaded_site import load_site
from tests.snapshot import made_once


def test_every_type_of_page_is_looked_at(db):
    made_once(load_site)
    looked_at = {type(page) for page in Page.objects.live().specific() if page.url in TEMPLATES}
    looked_at |= {factory._meta.model for factory in FULL_PAGES}
    assert looked_at == {model for model in get_page_models() if issubclass(model, BasePage)}
