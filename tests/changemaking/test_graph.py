"""The shortest path between any two approaches, against networkx."""

from itertools import product

import networkx as nx
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


def reference(graph: Graph) -> nx.Graph:
    """The same approaches and connections for networkx: from what is stated, not from the links that are told."""
    made = nx.Graph()
    made.add_nodes_from(graph.approaches)
    made.add_edges_from((one.page_id, one.to_id) for one in graph.connections)
    return made


@pytest.mark.parametrize("name", GRAPHS)
def test_the_path_between_any_two_is_shortest_and_holds_together(name):
    graph = GRAPHS[name]
    stated = {(one.page_id, one.to_id, one.kind) for one in graph.connections}
    steps = dict(nx.all_pairs_shortest_path_length(reference(graph)))
    for a, b in product(graph.approaches, repeat=2):
        path = graph.path(a, b)
        if b not in steps[a]:
            assert path is None
            continue
        assert path is not None
        assert len(path) == steps[a][b]
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
    whole = reference(GRAPHS["starting content"])
    parts = [nx.diameter(whole.subgraph(part)) for part in nx.connected_components(whole)]
    assert len(parts) > 1
    assert max(parts) >= 5


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
