"""The approaches and their connections as a graph: who is next to whom, and the shortest way between two."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from changemaking.connections import Kind

if TYPE_CHECKING:
    from changemaking.models import ApproachPage, Connection

Pair = frozenset[int]  # the keys of the two approaches of a connection, whichever states it


@dataclass(frozen=True)
class Link:
    """A connection as one approach tells it: "builds on Living systems", and why."""

    approach: "ApproachPage"
    kind: Kind
    words: str
    sentence: str


@dataclass(frozen=True)
class Step:
    """One step of a path: from an approach to the next, with everything that connects the two."""

    start: "ApproachPage"
    end: "ApproachPage"
    links: list[Link]


class Graph:
    """Approaches, in the order given, and the connections among them; those that lead elsewhere are left out.

    Every connection is kept once, in `connections`, and told twice, in `links`: from either end, those that an
    approach states itself first.
    """

    def __init__(self, approaches: "Iterable[ApproachPage]", connections: "Iterable[Connection]") -> None:
        self.approaches = {approach.pk: approach for approach in approaches}
        known = [one for one in connections if one.page_id in self.approaches and one.to_id in self.approaches]
        places = {key: place for place, key in enumerate(self.approaches)}
        self.connections = sorted(known, key=lambda one: (places[one.page_id], one.sort_order or 0, one.pk))
        self.links: dict[int, list[Link]] = {key: [] for key in self.approaches}
        for one in self.connections:
            kind, end = Kind(one.kind), self.approaches[one.to_id]
            self.links[one.page_id].append(Link(end, kind, kind.label, one.sentence))
        for one in self.connections:
            kind, start = Kind(one.kind), self.approaches[one.page_id]
            self.links[one.to_id].append(Link(start, kind, kind.reverse, one.sentence))

    @cached_property
    def by_slug(self) -> "dict[str, ApproachPage]":
        """The approaches by what stands for them in addresses."""
        return {approach.slug: approach for approach in self.approaches.values()}

    def neighbours(self, key: int) -> set[int]:
        """The keys of the approaches that one is connected to."""
        return {link.approach.pk for link in self.links[key]}

    def path(self, start: int, end: int) -> list[Step] | None:
        """The shortest way from one approach to another, found breadth first.

        Args:
            start: the key of an approach of this graph.
            end: the key of another.

        Returns:
            The steps in order; none when both are the same; None when nothing leads from one to the other. Of
            several ways of the same length it is always the same one, which follows the order of the lists.
        """
        came_from: dict[int, int | None] = {start: None}
        waiting = deque([start])
        while waiting and end not in came_from:
            here = waiting.popleft()
            for link in self.links[here]:
                if link.approach.pk not in came_from:
                    came_from[link.approach.pk] = here
                    waiting.append(link.approach.pk)
        return self._steps(came_from, end) if end in came_from else None

    def _steps(self, came_from: dict[int, int | None], end: int) -> list[Step]:
        """Follow the way back from the end, and tell it forwards."""
        steps, here = [], end
        while (before := came_from[here]) is not None:
            links = [link for link in self.links[before] if link.approach.pk == here]
            steps.append(Step(self.approaches[before], self.approaches[here], links))
            here = before
        return steps[::-1]


def pair(connection: "Connection") -> Pair:
    """The two ends of a connection, in no order."""
    return frozenset((connection.page_id, connection.to_id))
