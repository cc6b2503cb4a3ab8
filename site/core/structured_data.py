"""JSON-LD objects of schema.org, for search engines. Pure functions from pages and settings to dictionaries."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from wagtail.models import Page

    from core.models import SiteSettings


def breadcrumb_list(pages: "Sequence[Page]", request: HttpRequest) -> dict[str, Any]:
    """The way from home to a page (https://schema.org/BreadcrumbList). Pages without an address are left out."""
    addresses = [(page.title, page.get_full_url(request)) for page in pages]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": title, "item": address}
            for position, (title, address) in enumerate(((t, a) for t, a in addresses if a), start=1)
        ],
    }


def organization(site_settings: "SiteSettings") -> dict[str, Any]:
    """Who is behind the site (https://schema.org/NGO)."""
    facts = {
        "@context": "https://schema.org",
        "@type": "NGO",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "foundingDate": "2004",
        "email": site_settings.email,
        "telephone": site_settings.telephone,
        "address": site_settings.postal_address,
        "sameAs": [link.value["address"] for link in site_settings.social_links],
    }
    return {name: value for name, value in facts.items() if value}


def article(page: Any, request: HttpRequest, kind: str = "Article") -> dict[str, Any]:
    """A page with a text and a date (https://schema.org/Article or a kind of it)."""
    facts = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": page.title,
        "description": page.description,
        "datePublished": _iso(getattr(page, "date", None) or page.first_published_at),
        "dateModified": _iso(page.last_published_at),
        "mainEntityOfPage": page.get_full_url(request),
        "author": _author(page),
        "publisher": {"@id": f"{settings.SITE_URL}/#organization"},
    }
    return {name: value for name, value in facts.items() if value}


def _iso(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def _author(page: Any) -> dict[str, str]:
    name = getattr(page, "author_label", "")
    if name:
        return {"@type": "Person", "name": name}
    return {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME}
