"""Whether a page has the part that a link names after its `#`."""

import logging

from bs4 import BeautifulSoup, SoupStrainer
from django.conf import settings
from django.test import RequestFactory
from wagtail.models import Page

from editorial.models import PageLink

log = logging.getLogger(__name__)


def ids_of(page: Page) -> set[str] | None:
    """The ids of a live page's elements, as readers get it; None when it cannot be drawn.

    It is drawn, because templates, blocks and headings that are written alike all have a say in them.
    """
    specific = page.specific
    request = RequestFactory().get(specific.url or "/", headers={"host": settings.ALLOWED_HOSTS[0]})
    try:
        answer = specific.serve(request)
        html = answer.render().content if hasattr(answer, "render") else answer.content
    except Exception:  # whatever a template does: a page that cannot be drawn must not end the audit of others
        log.exception("a page could not be drawn", extra={"page": page.pk})
        return None
    elements = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer(id=True)).find_all(id=True)
    return {str(element["id"]) for element in elements}


def settle_anchors(target: Page) -> None:
    """Say of every link to a part of this page whether the part is there."""
    links = list(PageLink.objects.filter(target_page=target.pk).exclude(anchor=""))
    ids = ids_of(target) if links and target.live else None
    if ids is None:
        return
    for link in links:
        fault = "" if link.anchor in ids else PageLink.Fault.ANCHOR
        if link.fault in ("", PageLink.Fault.ANCHOR) and link.fault != fault:
            link.fault, link.ignored_at, link.ignored_by = fault, None, None
            link.save(update_fields=["fault", "ignored_at", "ignored_by"])
