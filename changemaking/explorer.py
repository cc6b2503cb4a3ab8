"""What a reader asks of the explorer by its address, and the answer, which lists and drawing show alike.

``?approach=nudge`` one approach with its connections (and so ``?from=nudge&to=``, as the form sends it);
``?from=nudge&to=dialogue`` the shortest path between two;
``?group=leading-change&kind=builds_on`` what belongs to a group, and what is connected so; without any, everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from changemaking.connections import Kind
from changemaking.drawing.chart import Shown
from changemaking.graph import Graph, Link, Step, pair
from core.listing import Filter, build_filters

if TYPE_CHECKING:
    from changemaking.models import ApproachPage

EVERYTHING = Shown()
NOT_HERE = "There is no such approach here. It may have been renamed or withdrawn: choose one from the list."


@dataclass(frozen=True)
class Answer:
    """An answer: a heading, one sentence that says it all, and what belongs to its kind.

    `name` is "all", "filter", "approach", "path" or "problem"; `is_found` is False for approaches that are not there.
    """

    name: str
    heading: str
    message: str
    shown: Shown = EVERYTHING
    groups: list[dict[str, Any]] = field(default_factory=list)
    approach: "ApproachPage | None" = None
    links: list[Link] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    start: "ApproachPage | None" = None
    end: "ApproachPage | None" = None
    is_found: bool = True


def filters(graph: Graph, arguments: Mapping[str, str]) -> list[Filter]:
    """The filters, with the groups and kinds that there are."""
    groups = {one.group_id: one.group for one in graph.approaches.values() if one.group}
    used = {one.kind for one in graph.connections}
    terms = {
        "group": ("Groups", [(group.slug, group.name) for group in groups.values()]),
        "kind": ("Connections", [(kind.value, kind.label) for kind in Kind if kind in used]),
    }
    return build_filters(arguments, terms)


def answer(graph: Graph, arguments: Mapping[str, str], chosen: list[Filter]) -> Answer:
    """Answer what a reader asks, whatever the arguments hold. Filters of other values than theirs are passed over."""
    if "from" in arguments or "to" in arguments:
        return _path(graph, arguments.get("from", ""), arguments.get("to", ""))
    if wanted := arguments.get("approach", ""):
        return _approach(graph, wanted)
    return _list(graph, *(one.selected for one in chosen), labels=[one.selected_label for one in chosen])


def _path(graph: Graph, start_slug: str, end_slug: str) -> Answer:
    start, end = graph.by_slug.get(start_slug), graph.by_slug.get(end_slug)
    if (start_slug and start is None) or (end_slug and end is None):
        return Answer("problem", "Not found", NOT_HERE, start=start, end=end, is_found=False)
    if start is None or end is None:
        only = start or end
        return _approach(graph, only.slug) if only else Answer("problem", "Nothing chosen", "Choose an approach.")
    if start == end:
        message = f"You have chosen {start.title} twice. Choose two different approaches."
        return Answer("problem", "Choose two approaches", message, start=start, end=end)
    steps = graph.path(start.pk, end.pk)
    heading = f"From {start.title} to {end.title}"
    if steps is None:
        message = f"No connections lead from {start.title} to {end.title}, not even by way of others."
        shown = Shown(frozenset({start.pk, end.pk}), frozenset(), frozenset({start.pk, end.pk}))
        return Answer("path", heading, message, shown, start=start, end=end)
    message = f"{_count(len(steps), 'step')} from {start.title} to {end.title}."
    return Answer("path", heading, message, _along(graph, steps), steps=steps, start=start, end=end)


def _along(graph: Graph, steps: list[Step]) -> Shown:
    """The approaches on a path and what connects them, lit."""
    pairs = {frozenset((step.start.pk, step.end.pk)) for step in steps}
    approaches = frozenset().union(*pairs)
    connections = frozenset(one.pk for one in graph.connections if pair(one) in pairs)
    return Shown(approaches, connections, frozenset({steps[0].start.pk, steps[-1].end.pk}))


def _approach(graph: Graph, slug: str) -> Answer:
    approach = graph.by_slug.get(slug)
    if approach is None:
        return Answer("problem", "Not found", NOT_HERE, is_found=False)
    links = graph.links[approach.pk]
    message = f"{approach.title} has {_count(len(links), 'connection')}."
    near = frozenset({approach.pk, *graph.neighbours(approach.pk)})
    connections = frozenset(one.pk for one in graph.connections if approach.pk in (one.page_id, one.to_id))
    shown = Shown(near, connections, frozenset({approach.pk}))
    return Answer("approach", approach.title, message, shown, approach=approach, links=links, start=approach)


def _list(graph: Graph, group: str, kind: str, labels: list[str]) -> Answer:
    """Everything, or what belongs to a group and is connected in one way."""
    entries = {
        key: [link for link in graph.links[key] if not kind or link.kind == kind]
        for key, approach in graph.approaches.items()
        if not group or (approach.group and approach.group.slug == group)
    }
    entries = {key: links for key, links in entries.items() if links or not kind}
    connections = frozenset(
        one.pk
        for one in graph.connections
        if (not kind or one.kind == kind) and (one.page_id in entries or one.to_id in entries)
    )
    groups = group_approaches([graph.approaches[key] for key in entries], entries)
    told = f"{_count(len(entries), 'approach')} and {_count(len(connections), 'connection')}"
    if not (group or kind):
        return Answer("all", "All approaches", f"{told}.", groups=groups)
    shown = Shown(frozenset(entries), connections)
    return Answer("filter", ": ".join(filter(None, labels)), f"{told} found.", shown, groups)


def group_approaches(
    approaches: "list[ApproachPage]", links: Mapping[int, list[Link]] | None = None
) -> list[dict[str, Any]]:
    """Groups in the order of their approaches: `{"group": ApproachGroup | None, "approaches": [{"page", "links"}]}`."""
    groups: dict[Any, dict[str, Any]] = {}
    for approach in approaches:
        entry = groups.setdefault(approach.group_id, {"group": approach.group, "approaches": []})
        entry["approaches"].append({"page": approach, "links": (links or {}).get(approach.pk, [])})
    return list(groups.values())


def _count(number: int, thing: str) -> str:
    """ "1 step", "2 steps", "24 approaches"."""
    ending = "" if number == 1 else "es" if thing.endswith("ch") else "s"
    return f"{number} {thing}{ending}"
