"""Lists of pages: filters by query arguments and pagination, safe against any input."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page as PaginatedPage
from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from core import memory

# A page number of a list: ASCII digits, at most a million. Anything else is no page of ours.
MAX_PAGE_DIGITS = 6


# For each query argument, what the reader sees and the choices: pairs of value and words.
Terms = Mapping[str, tuple[str, Iterable[tuple[str, str]]]]


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with the query string that turns it on (and the others as they are)."""

    value: str
    label: str
    query: str
    selected: bool


@dataclass(frozen=True)
class Filter:
    """A filter as the template shows it. `selected` is empty when none is chosen; `clear_query` turns it off."""

    name: str
    label: str
    options: list[Option]
    selected: str
    clear_query: str

    @property
    def selected_label(self) -> str:
        """The words of the chosen option."""
        return next((option.label for option in self.options if option.selected), "")


def build_filters(arguments: Mapping[str, str], terms: Terms) -> list[Filter]:
    """Make the filters of a list from the terms in use.

    Args:
        arguments: the request's query arguments. A value that is not among the choices is ignored.
        terms: the arguments of the filters and their choices, only those in use.
    """
    choices = {name: [(str(value), str(words)) for value, words in pairs] for name, (_, pairs) in terms.items()}
    selected = {name: _selected(arguments.get(name, ""), pairs) for name, pairs in choices.items()}
    return [
        Filter(
            name,
            label,
            [
                Option(value, words, _query({**selected, name: value}), value == selected[name])
                for value, words in choices[name]
            ],
            selected[name],
            _query({**selected, name: ""}),
        )
        for name, (label, _) in terms.items()
    ]


def _selected(wanted: str, choices: list[tuple[str, str]]) -> str:
    return wanted if wanted in {value for value, _ in choices} else ""


def _query(chosen: Mapping[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in chosen.items() if value})


def chosen_first(queryset: QuerySet, keys: Sequence[int], *alike: Q) -> QuerySet:
    """A list with the records an editor chose first, in the editor's order, and the others as they were ordered.

    Args:
        alike: conditions, the weightiest first: of the others, those that meet one come before those that do not.
    """
    place = Case(*(When(pk=key, then=position) for position, key in enumerate(keys)), default=len(keys))
    nearness = [Case(When(condition, then=0), default=1) for condition in alike]
    return queryset.order_by(*([place] if keys else []), *nearness, *queryset.query.order_by)


def paginate(queryset: QuerySet | Sequence[Any], arguments: Mapping[str, str], per_page: int = 12) -> PaginatedPage:
    """The part of a list that `?page=` asks for; the first without it.

    Raises:
        Http404: when the argument is no page of this list (zero, negative, huge, letters, other digits).
    """
    number = arguments.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= MAX_PAGE_DIGITS):
        raise Http404("No such page of the list.")
    paginator = _Paginator(queryset, per_page)
    if not 1 <= int(number) <= paginator.num_pages:
        raise Http404("No such page of the list.")
    found = paginator.page(int(number))
    if isinstance(queryset, QuerySet):
        # The keys first, and all else of these alone: databases sort what they have selected.
        found.object_list = queryset.filter(pk__in=_keys_of(queryset, found))
    return found


class _Paginator(Paginator):
    """Counts a list once for all its pages: databases count one by one."""

    @cached_property
    def count(self) -> int:
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        try:
            name = f"count {self.object_list.query}"
        except EmptyResultSet:  # nothing can be in it
            return 0
        return memory.until_a_change(name, self.object_list.count)


def _keys_of(queryset: QuerySet, page: PaginatedPage) -> list[Any]:
    """The keys of a page's records, counted from the nearer end: databases walk past all that comes before."""
    count, first, last = page.paginator.count, max(page.start_index() - 1, 0), page.end_index()
    if first < count // 2:
        return list(queryset.values_list("pk", flat=True)[first:last])
    return list(queryset.reverse().values_list("pk", flat=True)[count - last : count - first])


def page_query(filters: Iterable[Filter]) -> str:
    """The query string of the chosen filters, ready for `page=` to be added; empty or ending in `&`."""
    chosen = {item.name: item.selected for item in filters if item.selected}
    return urlencode(chosen) + "&" if chosen else ""
