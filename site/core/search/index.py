"""Filling the table of entries: a search backend of Wagtail's that is only ever written to.

Wagtail calls it whenever a page or a document is saved, and for all of them in `manage.py update_index`. Which texts of
a page are searched is what its model states in `search_fields`, as for Wagtail's own search in the admin.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.search.backends.base import BaseIndex, BaseSearchBackend
from wagtail.search.index import RelatedFields, SearchField

from core.models import BasePage, SearchEntry, SiteDocument
from core.models.search import key_by_age
from core.search import near
from core.search.kinds import DOCUMENTS

# Characters of a text that are searched: some 16,000 words. PostgreSQL takes no more than 1 MB of different ones.
LONGEST_TEXT = 100_000
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# A text that ends so may be followed by the next. After a heading or a name, extracts would run on into it.
ENDS_OF_SENTENCES = tuple(".!?:;…”’)\"'")


class SiteIndex(BaseIndex):
    """The entries of live pages and of documents. Whatever else is saved is not for readers."""

    def add_items(self, model: type[models.Model], items: Iterable[Any]) -> None:
        """Write the entries of pages or documents anew; a page that is not live loses its own."""
        if not issubclass(model, (BasePage, SiteDocument)):
            return
        items = list(items)
        kept_by = "page_id__in" if issubclass(model, BasePage) else "document_id__in"
        entries = [entry for entry in map(_entry, items) if entry is not None]
        with transaction.atomic():
            SearchEntry.objects.filter(**{kept_by: [item.pk for item in items]}).delete()
            SearchEntry.objects.bulk_create(entries)
            near.learn(f"{entry.title} {entry.summary}" for entry in entries)


class Rebuild:
    """What `update_index` does before and after: nothing, since entries go with their pages and documents."""

    def __init__(self, index: SiteIndex) -> None:
        self.index = index

    def start(self) -> SiteIndex:
        """The index to fill."""
        return self.index

    def finish(self) -> None:
        """Nothing is left to do."""


class SearchBackend(BaseSearchBackend):
    """What WAGTAILSEARCH_BACKENDS names. To ask, see `core.search.find`."""

    index_class = SiteIndex
    rebuilder_class = Rebuild


def _entry(item: Any) -> SearchEntry | None:
    """The entry of a page or document as it is now; None for a page that readers cannot find."""
    if isinstance(item, SiteDocument):
        day = timezone.localdate(item.created_at)
        return SearchEntry(
            id=key_by_age(day, item.pk, is_document=True),
            document_id=item.pk,
            kind=slugify(DOCUMENTS),
            **_texts(item, item.title, item.summary),
        )
    if not item.live or not item.search_kind:
        return None
    day = item.search_date or timezone.localdate(item.first_published_at)
    return SearchEntry(
        id=key_by_age(day, item.pk),
        page_id=item.pk,
        kind=slugify(item.search_kind),
        date=item.search_date,
        **_texts(item, item.title_for_lists, item.summary_for_lists),
    )


def _texts(item: Any, title: str, summary: str) -> dict[str, str]:
    """Title and summary as results show them, and whatever else the model lets be searched as body."""
    others = [text for text in _searched(item, item.get_search_fields()) if text not in (title, summary)]
    return {
        "title": _plain(title),
        "summary": _plain(summary),
        "body": _one_after_the_other(filter(None, map(_plain, dict.fromkeys(others)))),
    }


def _searched(item: Any, fields: Iterable[Any]) -> Iterator[str]:
    """The texts of an object's searched fields, and of those of what it refers to."""
    for field in fields:
        if isinstance(field, SearchField):
            yield from _strings(field.get_value(item))
        elif isinstance(field, RelatedFields):
            value = field.get_value(item)
            for other in value.all() if isinstance(value, models.Manager) else [value]:
                if other is not None:
                    yield from _searched(other, field.fields)


def _strings(value: Any) -> Iterator[str]:
    """The strings in a value of a field: a stream's is a list of them."""
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _strings(part)
    elif value:
        yield str(value)


def _one_after_the_other(texts: Iterable[str]) -> str:
    """Texts on one line, with a dot in the middle where one ends like a heading."""
    ended = [text if text.endswith(ENDS_OF_SENTENCES) else f"{text} ·" for text in texts]
    return " ".join(ended)[:LONGEST_TEXT].removesuffix(" ·")


def _plain(text: str) -> str:
    """A text on one line. No control character is left, so that they can mark words (core.search.database)."""
    return " ".join(CONTROL.sub(" ", text[:LONGEST_TEXT]).split())
