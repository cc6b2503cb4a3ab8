"""Pages of the admin's lists on a large site."""

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from wagtail.admin.paginator import WagtailPaginator


class KeysFirstPaginator(WagtailPaginator):
    """Wagtail's paginator, which asks for the keys of a page first and for all else of these alone.

    Databases sort what they have selected: with the texts of every record and what Wagtail asks about each (its
    schedule, whether it is a site's first page), a list of 100,000 pages takes seconds to show fifty.
    """

    def page(self, number: Any) -> Page:
        """A page of the list, in the list's order."""
        found, everything = super().page(number), self.object_list
        if isinstance(everything, QuerySet) and _gives_records(everything):
            keys = list(found.object_list.values_list("pk", flat=True))
            found.object_list = everything.filter(pk__in=keys)
        return found


def _gives_records(everything: QuerySet[Any]) -> bool:
    """Whether a queryset gives whole records and can be narrowed further: no union, no values, no slice."""
    query: Any = everything.query
    return not (query.combinator or query.has_select_fields or query.is_sliced)
