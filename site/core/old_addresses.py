"""Redirects from the old addresses of pages, which Wagtail makes, and what it leaves wrong."""

from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move


def connect() -> None:
    """Listen to pages that move or are renamed."""
    for changed in (page_slug_changed, post_page_move):
        changed.connect(_after_change, dispatch_uid="core.old_addresses")


def _after_change(instance: Page, **kwargs: Any) -> None:
    """Delete redirects from the addresses that a page and those beneath it have now.

    A page that came back to an old address would be sent from there to itself, over and over, once it is unpublished.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return
    above = len(site.root_page.url_path) - 1
    made = Redirect.objects.filter(redirect_page__path__startswith=instance.path, automatically_created=True)
    made = made.values_list("pk", "old_path", "redirect_page__url_path", "redirect_page_route_path")
    wrong = [pk for pk, old, place, route in made if old == Redirect.normalise_path(place[above:].rstrip("/") + route)]
    Redirect.objects.filter(pk__in=wrong).delete()
