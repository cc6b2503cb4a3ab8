"""What lists show of pages of many types: their titles and summaries, in one query for all of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from core.models import BasePage


def add_summaries(pages: Iterable[Page]) -> list[Page]:
    """Give pages that were read without the fields of their types `title_for_lists` and `summary_for_lists`."""
    pages = list(pages)
    written = {pk: texts for pk, *texts in _texts(pages)}
    for page in pages:
        title, summary, introduction = written.get(page.pk, ("", "", ""))
        page.title_for_lists = title or page.title  # ty: ignore[missing-attribute]
        page.summary_for_lists = summary or introduction  # ty: ignore[missing-attribute]
    return pages


def _texts(pages: list[Page]) -> Iterable[tuple[Any, ...]]:
    """Rows of key, title in lists, summary in lists and introduction."""
    keys: dict[Any, list[int]] = defaultdict(list)
    for page in pages:
        if page.specific_class and issubclass(page.specific_class, BasePage):
            keys[page.specific_class].append(page.pk)
    queries = [
        model.objects.filter(pk__in=pks)
        .order_by()
        .values_list("pk", "listing_title", "listing_summary", "introduction")
        for model, pks in keys.items()
    ]
    return queries[0].union(*queries[1:], all=True) if queries else ()
