"""What stands in an issue, with everything looked up: the same for the web version, the email and its plain text."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import DateTimeField, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from wagtail.models import Page

from core.models import BasePage, SiteImage
from core.search.kinds import words_of_kinds
from core.visibility import only_visible, visible
from newsletter.blocks import kind_models
from newsletter.models import IssuePage

BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Entry:
    """A page in an issue.

    Attributes:
        url: whole address.
        kind: what readers call such a page; may be empty.
        date: the day that readers know it by, or None.
        picture: None when it has none or is shown without.
    """

    title: str
    summary: str
    url: str
    kind: str
    date: datetime.date | None
    picture: SiteImage | None


@dataclass(frozen=True)
class Section:
    """A part of an issue: words, or pages with or without a heading above them.

    Attributes:
        words: a rich text, or None.
        is_list: whether it lists what is new; otherwise its one entry was chosen by an editor.
    """

    heading: str = ""
    words: Any = None
    entries: list[Entry] = field(default_factory=list)
    is_list: bool = False


def absolute(address: str) -> str:
    """The whole address of something on this site; others stay as they are."""
    return urljoin(f"{settings.SITE_URL}/", address) if address else ""


def sections_of(issue: IssuePage) -> list[Section]:
    """The parts of an issue in their order. Those without anything that readers may see are left out."""
    picked = _picked(issue)
    sections = [_section(issue, part, picked) for part in issue.parts]
    return [section for section in sections if section.words or section.entries]


def _section(issue: IssuePage, part: Any, picked: dict[int, BasePage]) -> Section:
    value = part.value
    if part.block_type == "words":
        return Section(words=value)
    if part.block_type == "latest":
        found = latest(issue, value["kind"], value["most"] or 0, leave_out=picked)
        return Section(heading=value["heading"], entries=[_entry(page) for page in found], is_list=True)
    page = picked.get(getattr(value["page"], "pk", 0))
    return Section(entries=[_entry(page, value["summary"], value["with_picture"])] if page else [])


def _entry(page: BasePage, summary: str = "", with_picture: bool = False) -> Entry:
    return Entry(
        title=page.title_for_lists,
        summary=summary or page.summary_for_lists,
        url=absolute(page.url or ""),
        kind=page.search_kind if page.search_kind != BasePage.search_kind else "",
        date=page.search_date,
        picture=page.listing_image if with_picture else None,
    )


def _picked(issue: IssuePage) -> dict[int, BasePage]:
    """The chosen pages that readers may see, with the fields of their types, by their keys."""
    chosen = only_visible(part.value["page"] for part in issue.parts if part.block_type == "page")
    keys: dict[Any, list[int]] = defaultdict(list)
    for page in chosen:
        if page.specific_class and issubclass(page.specific_class, BasePage):
            keys[page.specific_class].append(page.pk)
    found = {page.pk: page for model, pks in keys.items() for page in _with_pictures(model.objects.filter(pk__in=pks))}
    prefetch_related_objects([page for page in found.values() if page.listing_image_id], "listing_image__renditions")
    return found


def _with_pictures(pages: "QuerySet[Any]") -> "QuerySet[Any]":
    return pages.defer_streamfields().select_related("listing_image")


def latest(issue: IssuePage, kind: str, most: int, leave_out: Iterable[int] = ()) -> list[BasePage]:
    """Pages of a kind that were first published after the issue before this one, the newest first.

    What is published after this issue belongs to the next: so a published issue stays as it was sent.

    Args:
        kind: slug of the words that readers know such pages by.
        most: how many at most.
        leave_out: keys of pages that are in the issue already.
    """
    words = words_of_kinds().get(kind, "")
    before = IssuePage.objects.filter(live=True, first_published_at__isnull=False).exclude(pk=issue.pk)
    if issue.first_published_at:
        before = before.filter(first_published_at__lt=issue.first_published_at)
    newest = before.order_by("-first_published_at").values("first_published_at")[:1]
    since = Coalesce(Subquery(newest), Value(BEGINNING), output_field=DateTimeField())
    found: list[BasePage] = []
    for model in kind_models(words) if words else ():
        pages = visible(_with_pictures(model.objects.all())).filter(first_published_at__gt=since)
        if issue.first_published_at:
            pages = pages.filter(first_published_at__lte=issue.first_published_at)
        found += pages.exclude(pk__in=list(leave_out)).order_by("-first_published_at", "-pk")[:most]
    return nlargest(most, found, key=_published)


def _published(page: Page) -> tuple[datetime.datetime, int]:
    return page.first_published_at or BEGINNING, page.pk or 0
