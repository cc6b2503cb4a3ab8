"""The site map for search engines (https://www.sitemaps.org/protocol.html), with dates and pictures.

A small site has one file. A large one has an index of parts, each made on its own in a constant number of queries and
from no more than its own rows, however many pages there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BigIntegerField, CharField, F, QuerySet, Window
from django.db.models.functions import Cast, RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex, get_page_models

from core.models import BasePage, SiteImage
from core.routing import current_site
from core.views import read_only
from core.visibility import visible

# Addresses of a part; the protocol allows 50,000.
PART = 5_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
# Source: Google, "Image sitemaps".
PICTURES = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'

# Key, path in the tree, path of the address, last published, key of the type.
Row = tuple[int, str, str, datetime | None, int]


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the site map.

    Attributes:
        location: the whole address.
        changed: when it was last published; None when it never was.
        pictures: whole addresses of the pictures that the page shows.
    """

    location: str
    changed: datetime | None
    pictures: Iterable[str] = ()


@read_only
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses, or the index of the parts when there are more than one part holds."""
    site_map = SiteMap(request)
    if site_map.parts > 1:
        changes = site_map.changes()
        return _xml(
            f"<sitemapindex {NAMESPACE}>",
            (_index_entry(number, changed) for number, changed in enumerate(changes, start=1)),
            "</sitemapindex>",
        )
    return _urlset(site_map.part(1))


@read_only
def sitemap_part(request: HttpRequest, number: str) -> HttpResponse:
    """One part of the index.

    Raises:
        Http404: there is no such part.
    """
    site_map = SiteMap(request)
    addresses = site_map.part(int(number))
    if not addresses and int(number) > site_map.parts:
        raise Http404("There is no such part of the site map.")
    return _urlset(addresses)


class SiteMap:
    """The addresses that search engines may list, in a lasting order: the pages as the tree has them, then what pages
    answer besides their own address (those with a `get_sitemap_urls` of their own).
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        site = current_site(request)
        self.root = site.root_page if site else None
        # Of the path in the tree, the part that is not in addresses.
        self.skipped = len(self.root.url_path) if self.root else 0
        below = Page.objects.descendant_of(self.root, inclusive=True) if self.root else Page.objects.none()
        self.visible = visible(below)
        self.pages = self.visible.exclude(content_type__in=self._types(with_own=True)).order_by("path")

    @cached_property
    def numbers(self) -> list[tuple[int, datetime | None]]:
        """How many pages each part has, those hidden from search engines among them, and when one was last published.

        In one pass of the database over all pages, which Django's expressions can't ask for: it groups by a window.
        """
        if self.root is None:
            return []
        numbered = self.pages.annotate(part=(Window(RowNumber(), order_by=F("path").asc()) - 1) / PART).order_by()
        sql, values = numbered.values("part", "last_published_at").query.sql_with_params()
        outer = "SELECT COUNT(*), MAX(last_published_at) FROM ({}) AS numbered GROUP BY part ORDER BY part"
        with connection.cursor() as cursor:
            cursor.execute(outer.format(sql), values)
            return [(count, _moment(latest)) for count, latest in cursor.fetchall()]

    @property
    def count(self) -> int:
        """How many pages there are."""
        return sum(count for count, _ in self.numbers)

    @cached_property
    def own(self) -> list[Address]:
        """What pages say of themselves."""
        return [
            Address(said["location"], said.get("lastmod"))
            for model in self._types(with_own=True).values()
            for page in self._of_type(model)
            for said in page.get_sitemap_urls(self.request)
        ]

    @property
    def parts(self) -> int:
        """How many parts the addresses make; at least one."""
        return max(1, -(-(self.count + len(self.own)) // PART))

    def part(self, number: int) -> list[Address]:
        """The addresses of a part, which are numbered from 1.

        Only the last ones need to know how many pages there are, which takes long to count.
        """
        start, stop = (number - 1) * PART, number * PART
        rows = list(self.pages[start:stop].values_list("pk", "path", "url_path", "last_published_at", "content_type"))
        addresses = list(self._addresses(rows)) if rows else []
        if len(rows) < PART:
            count = start + len(rows) if rows else self.count
            addresses += self.own[max(0, start - count) : max(0, stop - count)]
        return addresses

    def changes(self) -> list[datetime | None]:
        """When something of each part was last published."""
        dates: list[list[datetime | None]] = [[latest] for _, latest in self.numbers]
        dates += [[] for _ in range(self.parts - len(dates))]
        for place, address in enumerate(self.own, start=self.count):
            dates[place // PART].append(address.changed)
        return [max(filter(None, known), default=None) for known in dates]

    def _addresses(self, rows: list[Row]) -> Iterator[Address]:
        """The pages of some rows, but those hidden from search engines."""
        between = {"path__gte": rows[0][1], "path__lte": rows[-1][1]}
        hidden = self._hidden({row[4] for row in rows}, between)
        pictures = _pictures(Page.objects.filter(**between))
        base = f"{settings.SITE_URL}/"
        for pk, _, url_path, changed, _ in rows:
            if pk not in hidden:
                location = f"{base}{quote(url_path[self.skipped :], safe='/')}"
                yield Address(location, changed, pictures.get(pk, ()))

    def _hidden(self, types: set[int], between: dict[str, str]) -> set[int]:
        """The keys of the pages that editors hide from search engines, of some types and between two paths."""
        models = [model for pk, model in self._types(with_own=False).items() if pk in types]
        queries = [
            model.objects.filter(noindex=True, **between).order_by().values_list("pk", flat=True) for model in models
        ]
        return set(queries[0].union(*queries[1:], all=True)) if queries else set()

    def _of_type(self, model: Any) -> QuerySet:
        return visible(model.objects.descendant_of(self.root, inclusive=True)) if self.root else model.objects.none()

    @staticmethod
    def _types(with_own: bool) -> dict[int, Any]:
        """The page types of the site by the keys of their content types: those with addresses of their own, or not."""
        models = [
            model
            for model in get_page_models()
            if issubclass(model, BasePage) and (model.get_sitemap_urls is not Page.get_sitemap_urls) == with_own
        ]
        return {kind.pk: model for model, kind in ContentType.objects.get_for_models(*models).items()}


def _moment(said: datetime | str | None) -> datetime | None:
    """A moment as the database gives it: SQLite in words, in UTC."""
    return datetime.fromisoformat(said).replace(tzinfo=UTC) if isinstance(said, str) else said


def _pictures(pages: QuerySet[Page]) -> dict[int, list[str]]:
    """The pictures that pages show, wherever on them they stand, by the key of the page: from Wagtail's index of
    references, in two queries. The one for those who share a page does not show on it.
    """
    kinds = ContentType.objects.get_for_models(Page, SiteImage)
    uses = ReferenceIndex.objects.filter(
        base_content_type=kinds[Page],
        to_content_type=kinds[SiteImage],
        object_id__in=pages.order_by().values(key=Cast("pk", CharField())),
    ).exclude(model_path="social_image")
    wanted = uses.order_by().values(key=Cast("to_object_id", BigIntegerField()))
    storage, base = SiteImage().file.storage, f"{settings.SITE_URL}/"
    files = {
        str(pk): urljoin(base, storage.url(name))
        for pk, name in SiteImage.objects.filter(pk__in=wanted).values_list("pk", "file")
    }
    found: dict[int, list[str]] = defaultdict(list)
    for page, picture in uses.order_by().values_list("object_id", "to_object_id").distinct():
        if picture in files:
            found[int(page)].append(files[picture])
    return found


def _urlset(addresses: Iterable[Address]) -> HttpResponse:
    return _xml(f"<urlset {NAMESPACE} {PICTURES}>", map(_entry, addresses), "</urlset>")


def _entry(address: Address) -> str:
    pictures = "".join(
        f"<image:image><image:loc>{escape(picture)}</image:loc></image:image>" for picture in address.pictures
    )
    return f"<url><loc>{escape(address.location)}</loc>{_lastmod(address.changed)}{pictures}</url>\n"


def _index_entry(number: int, changed: datetime | None) -> str:
    address = settings.SITE_URL + reverse("sitemap-part", args=[number])
    return f"<sitemap><loc>{escape(address)}</loc>{_lastmod(changed)}</sitemap>\n"


def _lastmod(changed: datetime | None) -> str:
    return f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""


def _xml(opening: str, entries: Iterable[str], closing: str) -> HttpResponse:
    text = "".join((HEAD, opening, "\n", *entries, closing, "\n"))
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
