"""The starting content of The Art of Change Making: its index, groups, approaches and connections.

Every approach is added with the connections it states, after the approaches these lead to. So each page is
published once, whole, and loading again never touches a page that editors may have changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from graphlib import TopologicalSorter

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify

from changemaking.layouts import refresh_soon
from changemaking.models import ApproachGroup, ApproachPage, ChangeMakingPage, Connection
from changemaking.starting_content import CONNECTIONS, GROUPS
from changemaking.starting_content.index import BODY, INTRODUCTION, SEARCH_DESCRIPTION, SLUG, TITLE
from changemaking.starting_content.outline import Approach, Group
from core.content import Content
from core.models import Ground

Pages = dict[str, ApproachPage | None]  # by title; None for a page that editors have deleted


def load(content: Content) -> None:
    """Load everything beneath the home page; without a home page, the groups only."""
    index = content.page("changemaking.index", content.find("home.home"), build_index)
    groups: dict[str, ApproachGroup | None] = {}
    for position, group in enumerate(GROUPS, start=1):
        key = f"changemaking.group.{slugify(group.name)}"
        groups[group.name] = content.record(key, partial(build_group, group, position))
    pages: Pages = {}
    for group, approach in targets_first():
        key = f"changemaking.approach.{slugify(approach.title)}"
        build = partial(build_approach, approach, groups[group.name], pages)
        pages[approach.title] = content.page(key, index, build)
    refresh_soon()  # also for pages that are there already, on a site that had no drawing yet


def targets_first() -> Iterator[tuple[Group, Approach]]:
    """All approaches with their groups, each after those that its connections lead to.

    Raises:
        graphlib.CycleError: when connections lead round in a circle; state one of them at its other end.
    """
    found = {approach.title: (group, approach) for group in GROUPS for approach in group.approaches}
    ends = {title: [connection.end for connection in CONNECTIONS if connection.start == title] for title in found}
    return (found[title] for title in TopologicalSorter(ends).static_order())


def build_index() -> ChangeMakingPage:
    """The page that lists all approaches."""
    return ChangeMakingPage(
        title=TITLE,
        slug=SLUG,
        introduction=INTRODUCTION,
        search_description=SEARCH_DESCRIPTION,
        body=paragraphs(BODY),
        ground=Ground.HEATH,
    )


def build_group(group: Group, position: int) -> ApproachGroup:
    """A group; the order goes up in tens, so that editors can put another one in between."""
    return ApproachGroup(name=group.name, slug=slugify(group.name), summary=group.summary, order=position * 10)


def build_approach(approach: Approach, group: ApproachGroup | None, pages: Pages) -> ApproachPage:
    """The page of an approach, with its connections to those of `pages` that are there."""
    return ApproachPage(
        title=approach.title,
        slug=slugify(approach.title),
        ground=Ground.HEATH,
        group=group,
        authors=approach.authors,
        introduction=approach.introduction,
        search_description=approach.search_description,
        when_to_use=paragraphs([approach.when]),
        how=paragraphs([approach.how]) + points("ol", approach.steps),
        sources=points("ul", approach.sources),
        connections=list(build_connections(approach.title, pages)),
    )


def build_connections(title: str, pages: Mapping[str, ApproachPage | None]) -> Iterator[Connection]:
    """The connections stated by one approach, in the order of the list."""
    stated = [connection for connection in CONNECTIONS if connection.start == title]
    for position, connection in enumerate(stated):
        if (end := pages[connection.end]) is not None:
            yield Connection(kind=connection.kind, to=end, sentence=connection.sentence, sort_order=position)


def paragraphs(texts: Iterable[str]) -> SafeString:
    """Plain text as paragraphs of rich text."""
    return format_html_join("", "<p>{}</p>", ((text,) for text in texts))


def points(tag: str, items: Iterable[str]) -> SafeString:
    """A list of rich text, `ul` or `ol`; nothing when there are no items."""
    lines = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html("<{0}>{1}</{0}>", tag, lines) if lines else lines
