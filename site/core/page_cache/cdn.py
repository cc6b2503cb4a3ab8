"""Telling a CDN, or another cache in front of the site, what editors have changed.

It may keep public pages for a minute (`CDN_SECONDS`). What an editor publishes, and the lists above it, it is told to
forget at once, and once more a moment later: it may have asked again a machine that had not heard yet, or not have
answered the first time. Pictures that are gone it is told of as well, as those it may keep for ever. The worker tells
it, so that a CDN that does not answer holds up no editor.
"""

import logging
import threading
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from django_tasks import task
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from core.models.files import SiteImage, SiteRendition

logger = logging.getLogger(__name__)

# Whatever page changes, these may tell of it.
ALWAYS = ("/", "/sitemap.xml", "/llms.txt")
# Pages beneath a private one that are forgotten at once; a CDN limits what it is told in a time.
MOST_BENEATH = 500
# Between the two times that it is told: longer than other machines take to hear of a change (generation.py).
TOLD_AGAIN = timedelta(seconds=5)
# Wagtail's clients have no time limit of their own.
LONGEST_SECONDS = 30.0


def connect() -> None:
    """Listen to what editors do, when there is a CDN."""
    if not settings.WAGTAILFRONTENDCACHE:
        return
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_after_page, dispatch_uid="core.page_cache.cdn")
    for signal in (post_save, post_delete):
        signal.connect(_after_privacy, sender=PageViewRestriction, dispatch_uid="core.page_cache.cdn")
    for model in (SiteImage, SiteRendition):
        post_delete.connect(_after_picture, sender=model, dispatch_uid="core.page_cache.cdn")


def addresses_around(page: Page) -> list[str]:
    """Whole addresses of a page, of those above it, and of the data that each gives (feeds, calendars)."""
    above = page.get_ancestors().filter(depth__gt=1).specific(defer=True)
    around = [address for one in (page, *above) for address in _addresses_of(one)]
    return list(dict.fromkeys([*around, *(f"{settings.SITE_URL}{path}" for path in ALWAYS)]))


def _addresses_of(page: Page) -> list[str]:
    address = page.get_full_url()
    if not address:
        return []
    routes = page.get_subpage_urls() if isinstance(page, RoutablePageMixin) else []
    paths = {str(route.pattern) for route in routes if "<" not in str(route.pattern)}
    # Wagtail adds a slash to file names.
    return [address, *(f"{address}{path.rstrip('/') if '.' in path else path}" for path in sorted(paths - {""}))]


@task(backend="background", queue_name="background")
def purge_task(addresses: list[str]) -> None:
    """Have the CDN forget some addresses."""
    purging = threading.Thread(target=_purge, args=(addresses,), daemon=True)
    purging.start()
    purging.join(LONGEST_SECONDS)
    if purging.is_alive():
        logger.error("The CDN does not answer: it shows old pages for up to a minute")


def _purge(addresses: list[str]) -> None:
    for name, backend in get_backends().items():
        try:
            backend.purge_batch(addresses)
        except Exception:  # whatever its client raises: the page is right within a minute
            logger.exception("The CDN was not told what changed", extra={"cdn": name})


def _purge_soon(addresses: Iterable[str]) -> None:
    told = list(addresses)
    transaction.on_commit(partial(purge_task.enqueue, told), robust=True)
    transaction.on_commit(lambda: purge_task.using(run_after=timezone.now() + TOLD_AGAIN).enqueue(told), robust=True)


def _after_page(instance: Page, **kwargs: Any) -> None:
    addresses = addresses_around(instance)
    before, site = kwargs.get("url_path_before"), instance.get_site()
    if before and site:  # it moved
        addresses.append(f"{settings.SITE_URL}/{before.removeprefix(site.root_page.url_path)}")
    _purge_soon(addresses)


def _after_privacy(instance: PageViewRestriction, **kwargs: Any) -> None:
    page = instance.page.specific_deferred
    beneath = page.get_descendants().specific(defer=True)[:MOST_BENEATH]
    _purge_soon([*addresses_around(page), *(address for one in beneath for address in _addresses_of(one))])


def _after_picture(instance: SiteImage | SiteRendition, **kwargs: Any) -> None:
    _purge_soon([f"{settings.SITE_URL}{instance.file.url}"])
