"""The approaches and their connections as data that others can use."""

import copy

import pytest
from jsonschema import Draft202012Validator

from changemaking.connections import Kind
from changemaking.models import Connection
from tests import factories as make
from tests.loaded_site import load_site
from tests.snapshot import made_once


def validator(client) -> Draft202012Validator:
    """A validator of the schema that the site serves, once that is a sound schema itself."""
    answer = client.get("/art-of-change-making/map.schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    Draft202012Validator.check_schema(answer.json())
    return Draft202012Validator(answer.json())


def data(client) -> dict:
    answer = client.get("/art-of-change-making/map.json")
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def test_the_map_of_nothing_is_empty(tree, client):
    found = data(client)
    assert found == {
        "$schema": "http://testserver/art-of-change-making/map.schema.json",
        "name": "The Art of Change Making",
        "url": "http://testserver/art-of-change-making/",
        "groups": [],
        "approaches": [],
        "connections": [],
    }


def test_the_map_holds_every_approach_and_connection(tree, client):
    group = make.ApproachGroupFactory(slug="systems", name="Systems", summary="What hangs together.")
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
    assert found["groups"] == [{"slug": "systems", "name": "Systems", "summary": "What hangs together."}]
    assert found["connections"] == [
        {
            "from": "a",
            "to": "b",
            "kind": "builds_on",
            "words": "builds on",
            "words_reversed": "is built on by",
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


def test_the_data_is_what_the_schema_says(db, client):
    made_once(load_site)
    found = data(client)
    assert found["$schema"].endswith("/art-of-change-making/map.schema.json")
    assert len(found["approaches"]) == 24
    assert list(validator(client).iter_errors(found)) == []


def break_kind(data: dict) -> None:
    data["connections"][0]["kind"] = "resembles"


def break_type(data: dict) -> None:
    data["connections"][0]["symmetric"] = "yes"


def break_shape(data: dict) -> None:
    del data["approaches"][0]["url"]


def break_privacy(data: dict) -> None:
    data["approaches"][0]["pk"] = 7


def break_title(data: dict) -> None:
    data["approaches"][0]["title"] = ""


@pytest.mark.parametrize("spoil", [break_kind, break_type, break_shape, break_privacy, break_title])
def test_the_schema_refuses_what_is_not_so(tree, client, spoil):
    a, b = make.ApproachPageFactory(), make.ApproachPageFactory()
    Connection.objects.create(page=a, to=b, kind="uses")
    found = data(client)
    assert validator(client).is_valid(found)
    spoilt = copy.deepcopy(found)
    spoil(spoilt)
    assert not validator(client).is_valid(spoilt)


def test_the_schema_names_every_kind(client, tree):
    schema = client.get("/art-of-change-making/map.schema.json").json()
    assert schema["properties"]["connections"]["items"]["properties"]["kind"]["enum"] == Kind.values


def test_scripts_of_other_sites_may_read_it(tree, client):
    assert client.get("/art-of-change-making/map.json")["Access-Control-Allow-Origin"] == "*"
