"""Asking the full-text index, in Django's own expressions: which entries hold the words, and where in their texts."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import BooleanField, F, Func, TextField

# Around each word that was found. No text of an entry has them (core.search.index).
START, STOP = "\x02", "\x03"
# Of how many entries that hold the words, the newest, it is looked whether they may be seen. More would take long, and
# more than twice as many as are ranked are enough unless most of a site is hidden.
CANDIDATES = 2500
# Words of an extract.
EXTRACT_WORDS = 32


class Scope(Enum):
    """Where the words are looked for: names of columns on SQLite, and the column that joins them on PostgreSQL."""

    TITLE = ("title", "title")
    HEAD = ("title summary", "head")
    WHOLE = ("title summary body", "whole")


@dataclass(frozen=True)
class Question:
    """The words to look for, all of them. They are letters and digits only, so nothing in them is an operator."""

    words: tuple[str, ...]
    # Whether the last word is only the beginning of one.
    is_begun: bool = False

    def for_sqlite(self, scope: Scope) -> str:
        """As FTS5 writes it: https://www.sqlite.org/fts5.html#full_text_query_syntax."""
        words = " AND ".join(f'"{word}"' for word in self.words)
        return f"{{{scope.value[0]}}} : ({words}{' *' if self.is_begun else ''})"

    @property
    def for_postgresql(self) -> str:
        """As to_tsquery reads it: https://www.postgresql.org/docs/15/datatype-textsearch.html."""
        return " & ".join(f"'{word}'" for word in self.words) + (":*" if self.is_begun else "")


class _OfEntry(Func):
    """Something of the entry in hand that the database's own full-text search knows."""

    def __init__(self, question: Question, **extra: Any) -> None:
        super().__init__(F("pk"), **extra)
        self.question = question

    def filled(self, compiler: Any, sql: str, *parameters: Any) -> tuple[str, list[Any]]:
        """The statement with the entry's key in the place of `{key}`."""
        return sql.format(key=self.key(compiler)), list(parameters)

    def key(self, compiler: Any) -> str:
        """The column of the entry's key, under the name that its table has in this query."""
        return compiler.compile(self.source_expressions[0])[0]


class Holds(_OfEntry):
    """Whether the entry is one of the newest, so many, that hold all the words within a scope.

    Args:
        kind: the newest of one kind only.
    """

    output_field = BooleanField()

    def __init__(
        self, question: Question, scope: Scope, newest: int = CANDIDATES, kind: str = "", **extra: Any
    ) -> None:
        super().__init__(question, **extra)
        self.scope, self.newest, self.kind = scope, newest, kind

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """FTS5's MATCH. With its sign the key is no column there: it would be asked for each entry of the kind."""
        key, holds = "core_searchentry_fts.rowid", "core_searchentry_fts MATCH %s"
        return self.filled(compiler, *self._newest(key, f"+{key}", holds, self.question.for_sqlite(self.scope)))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """A tsvector's @@."""
        key, holds = "core_searchentry_fts.id", f"{self.scope.value[1]} @@ to_tsquery('core_search', %s)"
        return self.filled(compiler, *self._newest(key, key, holds, self.question.for_postgresql))

    def _newest(self, key: str, key_value: str, holds: str, words: str) -> tuple[str, ...]:
        parameters = [words]
        if self.kind:
            holds += f" AND {key_value} IN (SELECT id FROM core_searchentry WHERE kind = %s)"  # noqa: S608
            parameters.append(self.kind)
        found = f"SELECT {key} FROM core_searchentry_fts WHERE {holds} ORDER BY {key} DESC LIMIT {self.newest}"  # noqa: S608
        # By themselves: as a part of the query around them, which wants a few, PostgreSQL would rather read text by
        # text from the newest on, as if that cost nothing.
        return f"{{key}} IN (WITH newest AS MATERIALIZED ({found}) SELECT * FROM newest)", *parameters  # noqa: S608


class Marked(_OfEntry):
    """A text of the entry with START and STOP around the words: all of it, or an extract where the words stand."""

    output_field = TextField()

    def __init__(self, question: Question, column: str, is_extract: bool = False, **extra: Any) -> None:
        super().__init__(question, **extra)
        self.column, self.is_extract = column, is_extract

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """FTS5's highlight() and snippet()."""
        number = ("title", "summary", "body").index(self.column)
        call = f"snippet(core_searchentry_fts, {number}, %s, %s, '…', {EXTRACT_WORDS})"
        if not self.is_extract:
            call = f"highlight(core_searchentry_fts, {number}, %s, %s)"
        sql = f"(SELECT {call} FROM core_searchentry_fts WHERE core_searchentry_fts MATCH %s AND rowid = {{key}})"  # noqa: S608
        return self.filled(compiler, sql, START, STOP, self.question.for_sqlite(Scope.WHOLE))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """ts_headline()."""
        length = "HighlightAll=true"
        if self.is_extract:
            length = f"MaxFragments=1, MaxWords={EXTRACT_WORDS}, MinWords={EXTRACT_WORDS // 2}"
        options = f'StartSel="{START}", StopSel="{STOP}", {length}'
        text = self.key(compiler).rpartition(".")[0] + f'."{self.column}"'
        sql = f"ts_headline('core_search', {text}, to_tsquery('core_search', %s), %s)"
        return sql, [self.question.for_postgresql, options]
