"""JSON-LD objects of schema.org, for search engines. Pure functions from pages and settings to dictionaries."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from wagtail.rich_text import get_text_for_indexing

from core import cards

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue
    from wagtail.models import Page

    from core.models import BasePage, SiteImage, SiteSettings

CONTEXT = "https://schema.org"


def thing(kind: str, **facts: Any) -> dict[str, Any]:
    """An object of a kind of schema.org with the facts that are known: empty ones are left out."""
    return {"@type": kind} | {name: value for name, value in facts.items() if value}


def document(kind: str, **facts: Any) -> dict[str, Any]:
    """An object that stands by itself in a page."""
    return {"@context": CONTEXT} | thing(kind, **facts)


def breadcrumb_list(pages: "Sequence[Page]", request: HttpRequest) -> dict[str, Any]:
    """The way from home to a page (https://schema.org/BreadcrumbList). Pages without an address are left out."""
    addresses = [(page.title, page.get_full_url(request)) for page in pages]
    items = [
        thing("ListItem", position=position, name=title, item=address)
        for position, (title, address) in enumerate(((t, a) for t, a in addresses if a), start=1)
    ]
    return document("BreadcrumbList", itemListElement=items)


def organization(site_settings: "SiteSettings") -> dict[str, Any]:
    """Who is behind the site (https://schema.org/NGO)."""
    return {
        "@id": f"{settings.SITE_URL}/#organization",
        **document(
            "NGO",
            name=settings.WAGTAIL_SITE_NAME,
            url=f"{settings.SITE_URL}/",
            logo=_whole(static("icons/icon-180.png")),
            foundingDate="2004",
            email=site_settings.email,
            telephone=site_settings.telephone,
            address=site_settings.postal_address,
            sameAs=[link.value["address"] for link in site_settings.social_links],
        ),
    }


def web_site() -> dict[str, Any]:
    """The site and its search (https://schema.org/WebSite)."""
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{settings.SITE_URL}{reverse('search')}?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }
    return document(
        "WebSite",
        name=settings.WAGTAIL_SITE_NAME,
        url=f"{settings.SITE_URL}/",
        inLanguage="en-GB",
        publisher=_us(),
        potentialAction=search,
    )


def article(page: Any, request: HttpRequest, kind: str = "Article", **facts: Any) -> dict[str, Any]:
    """A page with a text and a date (https://schema.org/Article or a kind of it).

    Args:
        facts: what else is known of it, such as its keywords.
    """
    return document(
        kind,
        headline=page.title,
        description=page.description,
        image=picture_of(page),
        datePublished=_moment(getattr(page, "date", None) or page.first_published_at),
        dateModified=_moment(page.last_published_at),
        inLanguage="en-GB",
        mainEntityOfPage=page.get_full_url(request),
        author=_author(page, request),
        publisher=_us(),
        **facts,
    )


def course(page: Any, request: HttpRequest, audience: str, instances: list[dict[str, Any]]) -> dict[str, Any]:
    """Something that people take part in to learn (https://schema.org/Course).

    Args:
        audience: whom it is for; may be empty.
        instances: its dates, each a CourseInstance; may be empty.
    """
    return document(
        "Course",
        name=page.title,
        description=page.description,
        url=page.get_full_url(request),
        image=picture_of(page),
        inLanguage="en-GB",
        provider=_us(),
        audience=thing("Audience", audienceType=audience) if audience else None,
        hasCourseInstance=instances,
    )


def person(page: Any, request: HttpRequest, role: str, picture: "SiteImage | None") -> dict[str, Any]:
    """Somebody of the organisation (https://schema.org/Person)."""
    return document(
        "Person",
        name=page.title,
        jobTitle=role,
        description=page.summary_for_lists,
        url=page.get_full_url(request),
        image=_whole(picture.file.url) if picture else "",
        worksFor=_us(),
    )


def questions(*bodies: "StreamValue") -> list[dict[str, Any]]:
    """The questions and answers of some texts as one FAQPage (https://schema.org/FAQPage); none when there are none.

    The texts are read as they are stored: making blocks of them here would read the pages that they link to too soon.
    """
    asked = [block["value"] for body in bodies for block in body.raw_data if block["type"] == "question"]
    entities = [
        thing("Question", name=value["question"], acceptedAnswer=thing("Answer", text=text))
        for value in asked
        if (text := get_text_for_indexing(value["answer"]).strip())
    ]
    return [document("FAQPage", mainEntity=entities)] if entities else []


def picture_of(page: "BasePage") -> str:
    """Whole address of a page's picture, or of its card."""
    return _whole(page.listing_image.file.url if page.listing_image else cards.card_address(page))


def _whole(address: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", address) if address else ""


def _us() -> dict[str, str]:
    """The organisation, as the front page describes it."""
    return {
        "@type": "NGO",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": f"{settings.SITE_URL}/",
    }


def _moment(day: datetime.date | None) -> str:
    """A day or a moment with its time zone, which search engines ask for."""
    if day is None:
        return ""
    if not isinstance(day, datetime.datetime):
        day = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    return day.isoformat()


def _author(page: Any, request: HttpRequest) -> dict[str, Any]:
    name = getattr(page, "author_label", "")
    if not name:
        return _us()
    writer = getattr(page, "author_page", None)
    return thing("Person", name=name, url=writer.get_full_url(request) if writer else "")
