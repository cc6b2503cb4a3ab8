"""What answers at the site's addresses: pages, pictures, robots.txt, security.txt."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.documents.views.serve import serve as serve_document
from wagtail.models import Page
from wagtail.views import serve as serve_page

from core import cards
from core.media_store import StoreError
from core.models import BasePage, SiteDocument
from core.page_cache.public import public, uses_arguments
from core.routing import current_site, find_page
from core.summaries import add_summaries
from core.visibility import visible

View = Callable[..., Any]

# Where Wagtail keeps pictures in their sizes, as they were uploaded, and those of editors. Not documents.
PUBLIC_FOLDERS = ("images", "original_images", "avatar_images")
# Names that are never used again for another picture (core.models.SiteImage), so that caches may keep each for ever.
NEVER_USED_AGAIN = re.compile(r"(?:images|original_images)/v[0-9a-f]{10}-[^/]+")
FOR_EVER = "public, max-age=31536000, immutable"
# Seconds after which somebody may ask again for a file that could not be read.
RETRY_AFTER = 10
# How many pages llms.txt names, in the order of the tree.
LLMS_TXT_PAGES = 500
SECURITY_TXT_LIFETIME = datetime.timedelta(days=180)


def read_only(view: View) -> View:
    """Answer GET, HEAD and OPTIONS; whatever else is sent gets 405, with no look at who may have forged it."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "OPTIONS"])(view))


def nothing(request: HttpRequest) -> HttpResponse:
    """Say that there is nothing here, in the place of a view that nobody should get to.

    Raises:
        Http404: always.
    """
    raise Http404


@public()
@read_only
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Serve the page at a path, as Wagtail does once it has found it."""
    found = find_page(request, path)
    request._wagtail_route_for_request = found  # ty: ignore[missing-attribute]
    if found is not None:
        uses_arguments(request, getattr(found.page, "query_arguments", ()))
    return serve_page(request, path)


@read_only
def media(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """Serve a picture that an editor has uploaded.

    Documents have an address of their own, which knows who may read them.

    Raises:
        Http404: when there is no such picture, whatever the path says.
    """
    try:
        folder, *rest = path.split("/")
        if folder not in PUBLIC_FOLDERS or ".." in rest:
            raise Http404
        answer = FileResponse(default_storage.open(path))
        if NEVER_USED_AGAIN.fullmatch(path):
            answer["Cache-Control"] = FOR_EVER
        else:
            answer["Last-Modified"] = http_date(default_storage.get_modified_time(path).timestamp())
    except StoreError:
        return not_now()
    except (OSError, ValueError, SuspiciousOperation) as error:  # too long, with a NUL, or out of the folder
        raise Http404 from error
    return shown_elsewhere(answer)


def not_now() -> HttpResponse:
    """Say that a file cannot be read at this moment."""
    answer = HttpResponse("This file cannot be read at the moment. Please try again in a minute.", status=503)
    answer["Content-Type"] = "text/plain; charset=utf-8"
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def shown_elsewhere(answer: Any) -> Any:
    """Let other sites show a picture, as readers of feeds and those who share a page do."""
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@read_only
def document(request: HttpRequest, pk: str, name: str) -> HttpResponse:
    """Serve a document, also at the addresses that it had before another file took its place.

    Any other name is refused, as by Wagtail: who may read a document has been given its address.

    Raises:
        Http404: there is no such document, or its file is gone.
    """
    found = SiteDocument.objects.filter(pk=pk).first()
    try:
        return serve_document(request, pk, found.filename if found and name in found.former_names else name)
    except FileNotFoundError as error:
        raise Http404 from error
    except StoreError:
        return not_now()


@public()
@read_only
def social_card(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """The picture of a page for those who share it (core.cards).

    Raises:
        Http404: readers may not see the page, or its card has another name by now.
    """
    found = visible(Page.objects.filter(pk=pk)).first()
    page = found.specific if found else None
    drawn = (cards.kept_card(pk, digest) or cards.draw_card_of(page, digest)) if isinstance(page, BasePage) else None
    if drawn is None:
        raise Http404
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Cache-Control"] = FOR_EVER
    return shown_elsewhere(answer)


@public()
@read_only
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What crawlers may read (RFC 9309)."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "Disallow: /feedback/",
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public()
@read_only
def llms_txt(request: HttpRequest) -> HttpResponse:
    """What is on the site, for language models (https://llmstxt.org): its sections and what lies beneath them."""
    site = current_site(request)
    said = getattr(site, "sitesettings", None)
    lines = [f"# {settings.WAGTAIL_SITE_NAME}", "", f"> {one_line(said.description)}" if said else "", ""]
    if site is not None:
        home = site.root_page
        pages = visible(Page.objects.descendant_of(home).filter(depth__lte=home.depth + 2))
        # Home's children begin a section; the order of the tree puts what lies beneath right after each.
        for page in add_summaries(pages.order_by("path")[:LLMS_TXT_PAGES]):
            lines += ["", f"## {one_line(page.title)}", ""] if page.depth == home.depth + 1 else []
            summary = one_line(page.summary_for_lists)  # ty: ignore[missing-attribute]
            told = f"- [{one_line(page.title)}]({page.get_full_url(request)})"
            lines.append(f"{told}: {summary}" if summary else told)
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def one_line(text: str) -> str:
    """A text without line breaks and without the brackets that begin and end a link in Markdown."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())


@public()
@read_only
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116). The date it expires is whole days ahead, so that it can be kept."""
    said = getattr(current_site(request), "sitesettings", None)
    contact = (said.security_contact if said else "") or settings.DEFAULT_FROM_EMAIL
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    expires = (midnight + SECURITY_TXT_LIFETIME).isoformat().replace("+00:00", "Z")
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
