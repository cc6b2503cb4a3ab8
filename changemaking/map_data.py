"""The approaches and their connections as data for others to use, and the schema that describes it."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, JsonResponse

from changemaking.connections import Kind
from changemaking.graph import Graph

if TYPE_CHECKING:
    from changemaking.models import ChangeMakingPage

SCHEMA = Path(__file__).with_name("map.schema.json")


def map_data(page: "ChangeMakingPage", request: HttpRequest) -> dict[str, Any]:
    """Every public approach and connection, as `map.schema.json` describes."""
    graph = page.get_graph()
    groups = {one.group_id: one.group for one in graph.approaches.values() if one.group}
    return {
        "$schema": f"{page.get_full_url(request)}map.schema.json",
        "name": page.title,
        "url": page.get_full_url(request),
        "groups": [{"slug": one.slug, "name": one.name, "summary": one.summary} for one in groups.values()],
        "approaches": [
            {
                "slug": approach.slug,
                "title": approach.title,
                "authors": approach.authors,
                "group": approach.group.slug if approach.group else "",
                "summary": approach.summary_for_lists,
                "url": approach.get_full_url(request),
            }
            for approach in graph.approaches.values()
        ],
        "connections": _connections(graph),
    }


def _connections(graph: Graph) -> list[dict[str, Any]]:
    return [
        {
            "from": graph.approaches[one.page_id].slug,
            "to": graph.approaches[one.to_id].slug,
            "kind": one.kind,
            "words": Kind(one.kind).label,
            "words_reversed": Kind(one.kind).reverse,
            "symmetric": Kind(one.kind).is_symmetric,
            "sentence": one.sentence,
        }
        for one in graph.connections
    ]


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the data."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def open_data(data: dict[str, Any], content_type: str = "application/json") -> JsonResponse:
    """Data as an answer that scripts of other sites may read too: it is public, and the same for everyone."""
    return JsonResponse(data, content_type=content_type, headers={"Access-Control-Allow-Origin": "*"})
