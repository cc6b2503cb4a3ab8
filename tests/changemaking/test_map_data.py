"""The approaches and their connections as data that others can use."""

from changemaking.models import Connection
from tests import factories as make


def data(client) -> dict:
    answer = client.get("/art-of-change-making/map.json")
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def test_the_map_of_nothing_is_empty(tree, client):
    found = data(client)
    assert found == {
        "name": "The Art of Change Making",
        "url": "http://testserver/art-of-change-making/",
        "approaches": [],
        "connections": [],
    }


def test_the_map_holds_every_approach_and_connection(tree, client):
    group = make.ApproachGroupFactory(slug="systems")
    a = make.ApproachPageFactory(slug="a", title="A <i>", group=group, authors="Somebody", introduction="What it is.")
    b = make.ApproachPageFactory(slug="b", title="B")
    Connection.objects.create(page=a, to=b, kind="builds_on", sentence="Because.")
    found = data(client)
    by_slug = {approach["slug"]: approach for approach in found["approaches"]}
    assert by_slug["a"] == {
        "slug": "a",
        "title": "A <i>",
        "authors": "Somebody",
        "group": "systems",
        "summary": "What it is.",
        "url": a.full_url,
    }
    assert by_slug["b"]["group"] == ""
    assert found["connections"] == [
        {
            "from": "a",
            "to": "b",
            "kind": "builds_on",
            "words": "builds on",
            "symmetric": False,
            "sentence": "Because.",
        }
    ]


def test_connections_name_only_approaches_that_are_in_the_map(tree, client):
    a, b = make.ApproachPageFactory(), make.ApproachPageFactory()
    Connection.objects.create(page=a, to=b, kind="uses")
    b.unpublish()
    found = data(client)
    assert [approach["slug"] for approach in found["approaches"]] == [a.slug]
    assert found["connections"] == []
