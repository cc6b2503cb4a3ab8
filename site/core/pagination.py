"""Pages of the admin's lists on a large site."""

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.db.models.lookups import In
from django.db.models.sql import Query
from wagtail.admin.paginator import WagtailPaginator


class KeysFirstPaginator(WagtailPaginator):
    """Wagtail's paginator, which asks for the keys of a page first and for all else of these alone.

    Databases sort what they have selected: with the texts of every record and what Wagtail asks about each (its
    schedule, whether it is a site's first page), a list of 100,000 pages takes seconds to show fifty.
    """

    def __init__(self, object_list: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(object_list, QuerySet) and _gives_records(object_list):
            object_list = _without_what_all_meet(object_list)
        super().__init__(object_list, *args, **kwargs)

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


def _without_what_all_meet(everything: QuerySet[Any]) -> QuerySet[Any]:
    """A list without the condition that its records are among all there are.

    Wagtail asks so for those who may look at every page, and databases then compare each page with all of them.
    """
    everything = everything.all()
    where = everything.query.where
    if where.connector == "AND" and not where.negated:
        where.children = [condition for condition in where.children if not _is_met_by_all(condition)]
    return everything


def _is_met_by_all(condition: Any) -> bool:
    """Whether a condition is that a key is among those of all records."""
    if not (isinstance(condition, In) and isinstance(condition.rhs, Query)):
        return False
    keys, column = condition.rhs, condition.lhs.target
    is_key = column.primary_key and [chosen.target for chosen in keys.select] == [column]
    return is_key and not (keys.where or keys.is_sliced or keys.combinator or len(keys.alias_map) > 1)
