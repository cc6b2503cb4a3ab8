"""Which people a listing, or an export of it, is about: its address says so by filters and by the key of a search."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from newsletter.admin import search
from newsletter.admin.filters import SubscriberFilters
from newsletter.models import Subscriber


@dataclass(frozen=True)
class Selection:
    """The people, and how they were asked for.

    Attributes:
        term: what was searched for; empty when nothing, None when the search is forgotten.
        is_cut: more people match the search than are listed.
    """

    subscribers: QuerySet[Subscriber]
    filters: SubscriberFilters
    term: str | None
    is_cut: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.term) or self.filters.is_used

    @property
    def is_clear(self) -> bool:
        """Whether it is certain what was asked for; if not, nothing may be exported."""
        return self.term is not None and self.filters.is_valid()


def select(request: HttpRequest, subscribers: QuerySet[Subscriber]) -> Selection:
    """Read a listing's address."""
    filters = SubscriberFilters(request.GET)
    narrowed = filters.narrow(subscribers)
    term = search.recall(request)
    if not term:
        return Selection(narrowed, filters, term)
    narrowed, is_cut = search.found(narrowed, term)
    return Selection(narrowed, filters, term, is_cut)
