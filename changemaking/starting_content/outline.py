"""The shapes in which the starting content is written: plain text, turned into pages by `changemaking.content`."""

from dataclasses import dataclass

from django.utils.html import format_html

from changemaking.connections import Kind


@dataclass(frozen=True)
class Approach:
    """One approach. Everything is plain text but the sources, which are lines of HTML from `book` and `article`.

    The `steps` become a numbered list beneath `how`.
    """

    title: str
    introduction: str
    search_description: str
    when: str
    how: str
    steps: tuple[str, ...]
    sources: tuple[str, ...]
    authors: str = ""


@dataclass(frozen=True)
class Group:
    """A group with its approaches."""

    name: str
    summary: str
    approaches: tuple[Approach, ...]


@dataclass(frozen=True)
class Connection:
    """A connection between two approaches, each named by its title."""

    start: str
    kind: Kind
    end: str
    sentence: str


def book(authors: str, title: str, year: int) -> str:
    """One source that is a book, as a line of HTML."""
    return format_html("{}, <i>{}</i>, {}", authors, title, year)


def article(authors: str, title: str, journal: str, year: int) -> str:
    """One source that is an article in a journal or a chapter in a book, as a line of HTML."""
    return format_html("{}, ‘{}’, <i>{}</i>, {}", authors, title, journal, year)
