"""The layout of a graph, as data that is kept: places, boxes and land, but no words that only some may read.

Titles are kept as the lines of their boxes; whether an approach is shown at all is decided anew by each request.
"""

import hashlib
import json
from typing import TypedDict

from changemaking.drawing.labels import Label, box, lettering
from changemaking.drawing.land import Box, areas, contours
from changemaking.drawing.places import GAP_DOWN, MARGIN, Item, place
from changemaking.graph import Graph, pair

VERSION = 2  # Raise it when the same approaches are to be laid out differently.
NO_GROUP = 0  # The key that stands for approaches without a group.


class Placed(TypedDict):
    """Something on the sheet: the key of its page or group, its middle, its size and its lines of words."""

    key: int
    x: int
    y: int
    width: int
    height: int
    lines: list[str]


class Area(Placed):
    """A group: its lettering, and its land as path data."""

    land: str


class Layout(TypedDict):
    """A whole sheet, in units of its view box."""

    width: int
    height: int
    approaches: list[Placed]
    groups: list[Area]
    contours: str


def fingerprint(graph: Graph) -> str:
    """What a layout depends on, in short: titles, groups and who is connected to whom."""
    told = [
        (approach.pk, approach.title_for_lists, approach.group and (approach.group.pk, approach.group.name))
        for approach in graph.approaches.values()
    ]
    said = json.dumps([VERSION, told, _edges(graph)])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def lay_out(graph: Graph) -> Layout:
    """Find a place for every approach and every group's name. The same graph always gives the same layout."""
    approaches = list(graph.approaches.values())
    groups = {approach.group_id or NO_GROUP: approach.group for approach in approaches}
    numbers = {key: number for number, key in enumerate(groups)}
    items: list[Item] = []
    keys: list[int] = []
    for key, group in groups.items():
        if group is not None:
            items.append(Item(lettering(group.name), numbers[key], is_lettering=True))
            keys.append(key)
        members = [approach for approach in approaches if (approach.group_id or NO_GROUP) == key]
        items += [Item(box(approach.title_for_lists), numbers[key]) for approach in members]
        keys += [approach.pk for approach in members]
    return _draw(graph, items, keys, list(groups)) if items else _empty()


def _empty() -> Layout:
    return {"width": 0, "height": 0, "approaches": [], "groups": [], "contours": ""}


def _draw(graph: Graph, items: list[Item], keys: list[int], groups: list[int]) -> Layout:
    """Place the items, then put the land beneath them."""
    positions = {key: number for number, key in enumerate(keys) if not items[number].is_lettering}
    edges = [(positions[a], positions[b]) for a, b in _edges(graph)]
    middles, sheet = place(items, edges, seed=fingerprint(graph))
    points = [(round(x), round(y)) for x, y in middles.tolist()]
    boxes = [
        Box(x, y, item.label.width, item.label.height, item.group, 0 if item.is_lettering else len(graph.links[key]))
        for item, key, (x, y) in zip(items, keys, points, strict=True)
    ]
    placed = [_placed(key, item.label, point) for item, key, point in zip(items, keys, points, strict=True)]
    # A row at the foot in which nothing stands is cut off.
    height = min(sheet.height, max(box.y + box.height // 2 for box in boxes) + MARGIN + GAP_DOWN // 2)
    land = areas(boxes, sheet.width, height)
    return {
        "width": sheet.width,
        "height": height,
        "approaches": [one for one, item in zip(placed, items, strict=True) if not item.is_lettering],
        "groups": [
            {**one, "land": land[item.group]} for one, item in zip(placed, items, strict=True) if item.is_lettering
        ],
        "contours": contours(boxes, sheet.width, height),
    }


def _placed(key: int, label: Label, point: tuple[int, int]) -> Placed:
    x, y = point
    return {"key": key, "x": x, "y": y, "width": label.width, "height": label.height, "lines": list(label.lines)}


def _edges(graph: Graph) -> list[tuple[int, int]]:
    """Who is connected to whom, by keys, each two once."""
    places = {key: place for place, key in enumerate(graph.approaches)}
    pairs = dict.fromkeys(pair(one) for one in graph.connections)
    ordered = (sorted(two, key=places.__getitem__) for two in pairs)
    return [(first, second) for first, second in ordered]
