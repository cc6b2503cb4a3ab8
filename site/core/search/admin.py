"""The search of the admin: Wagtail's own in the database, which on SQLite ranks only as many matches as it can.

There Wagtail asks for the rank of each match by searching again, so that a word on 40,000 pages takes hours. Ranks
among so many say little: beyond some hundred matches the newest come first. PostgreSQL ranks all in one go.
"""

from typing import Any

from wagtail.search.backends import database
from wagtail.search.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)

MOST_RANKED = 200


class _RankingFew:
    """A compiler of queries that gives up ranking when there is too much to rank."""

    order_by_relevance: bool

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        """The queryset of what is found, as the class beside this one makes it."""
        if self.order_by_relevance:
            self.order_by_relevance = False
            found = super().search(config, None, None)  # ty: ignore[missing-attribute]
            keys = found.order_by().values_list("pk", flat=True)[: MOST_RANKED + 1]
            self.order_by_relevance = len(keys) <= MOST_RANKED
        return super().search(config, start, stop, score_field)  # ty: ignore[missing-attribute]


class _Search(_RankingFew, SQLiteSearchQueryCompiler):
    """Whole words."""


class _Autocomplete(_RankingFew, SQLiteAutocompleteQueryCompiler):
    """Beginnings of words."""


def SearchBackend(params: dict[str, Any]) -> Any:
    """What WAGTAILSEARCH_BACKENDS names, in the name that Wagtail looks for: its backend for the database in use."""
    backend = database.SearchBackend(params)
    if isinstance(backend, SQLiteSearchBackend):
        backend.query_compiler_class = _Search
        backend.autocomplete_query_compiler_class = _Autocomplete
    return backend
