"""Finding the site and the page at an address in three queries, however deep the page lies.

Wagtail's own way takes two queries for each level, and one for each of the site's settings.
"""

from django.http import Http404, HttpRequest
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from core import memory
from core.addresses import answers_itself

# How many parts of an address are looked up. The site is not deeper, and an address may be as long as it likes.
MAX_LEVELS = 10


def current_site(request: HttpRequest) -> Site | None:
    """The site, read once for each request, together with its settings and navigation.

    There is one: SITE_URL names it, and Django has refused every other host by now. None before it is set up.
    """
    if not hasattr(request, "_wagtail_site"):  # where Wagtail looks for it too
        request._wagtail_site = memory.until_a_change("site", _read_site)  # ty: ignore[invalid-assignment]
    return request._wagtail_site  # ty: ignore[missing-attribute]


def _read_site() -> Site | None:
    sites = Site.objects.select_related("root_page", "sitesettings__privacy_page", "navigation")
    return sites.filter(is_default_site=True).first()


def find_page(request: HttpRequest, path: str) -> RouteResult | None:
    """The page at a path and what it is to be served with; None when there is no live page.

    Args:
        path: the path of the address, without the leading slash: "news/a-piece-of-news/".
    """
    site = current_site(request)
    if site is None:
        return None
    parts = [part for part in path.split("/") if part]
    trail = _trail(site.root_page, parts)
    *above, page = trail
    page = _load(page)
    page.pages_above = above  # ty: ignore[missing-attribute]
    try:
        return page.route(request, parts[len(above) :])
    except Http404:
        return None


def _trail(root: Page, parts: list[str]) -> list[Page]:
    """The pages from the root to the last one that the parts of an address name."""
    parts = parts[:MAX_LEVELS]
    below = Page.objects.descendant_of(root).filter(slug__in=parts, depth__lte=root.depth + len(parts))
    by_place = {(page.path[: -Page.steplen], page.slug): page for page in (below if parts else ())}
    trail = [root]
    for position, part in enumerate(parts):
        child = by_place.get((trail[-1].path, part))
        if child is None or answers_itself(trail[-1], parts[position:]):
            break
        trail.append(child)
    return trail


def _load(page: Page) -> Page:
    """The page with all its fields, and what its model says it is always shown with."""
    model = page.specific_class
    if model is None:
        return page
    return model._default_manager.select_related(*getattr(model, "shown_with", ())).get(pk=page.pk)
