"""Graphs for tests, without a database: that of the starting content, and random ones."""

from random import Random
from types import SimpleNamespace
from typing import Any

from changemaking.connections import Kind
from changemaking.graph import Graph
from changemaking.starting_content import CONNECTIONS, GROUPS


def approach(key: int, title: str, group: Any) -> Any:
    """What a graph and a drawing need of an approach's page."""
    return SimpleNamespace(
        pk=key, slug=f"a-{key}", title=title, title_for_lists=title, group=group, group_id=group and group.pk
    )


def connection(key: int, start: int, end: int, kind: str = "uses") -> Any:
    """What a graph needs of a connection."""
    return SimpleNamespace(pk=key, page_id=start, to_id=end, kind=kind, sentence="Because.", sort_order=key)


def starting_graph() -> Graph:
    """The approaches and connections that a new site starts with."""
    groups = {group.name: SimpleNamespace(pk=900 + n, name=group.name) for n, group in enumerate(GROUPS)}
    titles = [(one.title, groups[group.name]) for group in GROUPS for one in group.approaches]
    keys = {title: key for key, (title, _) in enumerate(titles, start=1)}
    approaches = [approach(keys[title], title, group) for title, group in titles]
    lines = [connection(n, keys[one.start], keys[one.end], one.kind) for n, one in enumerate(CONNECTIONS)]
    return Graph(approaches, lines)


def random_graph(seed: int, approaches: int, connections: int, groups: int = 4) -> Graph:
    """Approaches with titles short and long, some without a group, connected at random."""
    random = Random(seed)
    choices = [None, *(SimpleNamespace(pk=900 + n, name=f"Group {'of many words ' * n}") for n in range(groups))]
    words = ["Dialogue", "Ünderstanding", "of", "networks", "W" * 40, "the", "Antidisestablishmentarianism", "(a)"]
    pages = [
        approach(key, " ".join(random.choices(words, k=random.randint(1, 6))), random.choice(choices))
        for key in range(1, approaches + 1)
    ]
    ends = [random.sample(range(1, approaches + 1), 2) for _ in range(connections)] if approaches > 1 else []
    return Graph(pages, [connection(n, a, b, random.choice(Kind.values)) for n, (a, b) in enumerate(ends)])
