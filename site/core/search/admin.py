"""The search of the admin on SQLite: Wagtail's own in the database, which ranks only as many matches as it can.

By itself Wagtail asks for the rank of each match by searching again, so that a word on 40,000 pages takes hours. Ranks
among so many say little: beyond some hundred matches the newest come first. PostgreSQL ranks all in one go.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.search.backends import database
from wagtail.search.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from wagtail.search.query import PlainText

MOST_RANKED = 200
# Signs that end a word in SQLite's language of queries, from which Wagtail does not keep them.
SIGNS = {ord('"'): " ", 0: " "}


class _RankingFew:
    """A compiler of queries that gives up ranking when there is too much to rank."""

    query: Any
    queryset: QuerySet[Any]
    order_by_relevance: bool

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        """The queryset of what is found, as the class beside this one makes it; of nothing where no word is left."""
        if isinstance(self.query, PlainText):
            words = self.query.query_string.translate(SIGNS).strip()
            if not words:
                return self.queryset.none()
            self.query = PlainText(words, operator=self.query.operator, boost=self.query.boost)
        if self.order_by_relevance:
            self._rank_if_few(config)
        return super().search(config, start, stop, score_field)  # ty: ignore[missing-attribute]

    def _rank_if_few(self, config: Any) -> None:
        self.order_by_relevance = False
        found = super().search(config, None, None)  # ty: ignore[missing-attribute]
        keys = found.order_by().values_list("pk", flat=True)[: MOST_RANKED + 1]
        self.order_by_relevance = len(keys) <= MOST_RANKED
        if not self.order_by_relevance:
            self.queryset = self.queryset.order_by("-pk")


class _Search(_RankingFew, SQLiteSearchQueryCompiler):
    """Whole words."""


class _Autocomplete(_RankingFew, SQLiteAutocompleteQueryCompiler):
    """Beginnings of words."""


def SearchBackend(params: dict[str, Any]) -> Any:
    """What WAGTAILSEARCH_BACKENDS names, in the name that Wagtail looks for: its backend for a SQLite database."""
    backend = database.SearchBackend(params)
    if isinstance(backend, SQLiteSearchBackend):
        backend.query_compiler_class = _Search
        backend.autocomplete_query_compiler_class = _Autocomplete
    return backend
