"""The shortest path between any two approaches, against a reckoning of another kind."""

import numpy as np
import pytest

from changemaking.connections import Kind
from changemaking.graph import Graph
from tests.changemaking.starting_graph import approach, connection, random_graph, starting_graph

GRAPHS = {
    "starting content": starting_graph(),
    "sparse": random_graph(1, approaches=30, connections=22),
    "dense": random_graph(2, approaches=25, connections=90),
    "with lines side by side": random_graph(3, approaches=6, connections=40),
    "without lines": random_graph(4, approaches=5, connections=0),
}


def distances(graph: Graph) -> dict[tuple[int, int], float]:
    """How many steps lie between any two approaches: Floyd and Warshall's way, from the connections alone.

    Not by breadth, and not from the links that the graph tells of: infinite where nothing leads.
    """
    keys = list(graph.approaches)
    place = {key: n for n, key in enumerate(keys)}
    steps = np.full((len(keys), len(keys)), np.inf)
    np.fill_diagonal(steps, 0)
    for one in graph.connections:
        steps[place[one.page_id], place[one.to_id]] = steps[place[one.to_id], place[one.page_id]] = 1
    for middle in range(len(keys)):
        steps = np.minimum(steps, steps[:, [middle]] + steps[[middle], :])
    return {(a, b): steps[place[a], place[b]] for a in keys for b in keys}


@pytest.mark.parametrize("name", GRAPHS)
def test_the_path_between_any_two_is_shortest_and_holds_together(name):
    graph = GRAPHS[name]
    stated = {(one.page_id, one.to_id, one.kind) for one in graph.connections}
    for (a, b), steps in distances(graph).items():
        path = graph.path(a, b)
        if steps == np.inf:
            assert path is None
            continue
        assert path is not None
        assert len(path) == steps
        stations = [a, *(step.end.pk for step in path)]
        assert [step.start.pk for step in path] == stations[:-1]
        assert stations[-1] == b
        for step in path:
            told = {(link.kind, link.words) for link in step.links}
            forwards = {(Kind(k), Kind(k).label) for x, y, k in stated if (x, y) == (step.start.pk, step.end.pk)}
            backwards = {(Kind(k), Kind(k).reverse) for x, y, k in stated if (x, y) == (step.end.pk, step.start.pk)}
            assert told == forwards | backwards != set()


def test_the_starting_content_has_pairs_that_are_connected_and_pairs_that_are_not():
    """So that the test above has both to look at."""
    found = list(distances(GRAPHS["starting content"]).values())
    assert np.inf in found
    assert max(steps for steps in found if steps != np.inf) >= 5


@pytest.mark.parametrize("name", GRAPHS)
def test_every_connection_is_told_once_from_either_end(name):
    graph = GRAPHS[name]
    told = sorted(
        (key, link.approach.pk, link.kind, link.words) for key, links in graph.links.items() for link in links
    )
    stated = [(one.page_id, one.to_id, Kind(one.kind), Kind(one.kind).label) for one in graph.connections]
    stated += [(one.to_id, one.page_id, Kind(one.kind), Kind(one.kind).reverse) for one in graph.connections]
    assert told == sorted(stated)


def test_a_connection_to_what_is_not_there_is_left_out():
    graph = Graph([approach(1, "One", None)], [connection(1, 1, 2), connection(2, 2, 1)])
    assert graph.connections == []
    assert graph.links == {1: []}
    assert graph.path(1, 1) == []
