"""Connections between approaches: stated once, told from both ends, in words that fit each end."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from changemaking.connections import Kind
from changemaking.graph import Graph
from changemaking.models import ApproachPage, Connection, group_approaches, listed_approaches
from tests import factories as make
from tests.html import parse

SYMMETRIC = {Kind.COMPLEMENTS, Kind.PAIRS_WITH, Kind.ALTERNATIVE_TO, Kind.USED_WITH, Kind.CONTRASTS_WITH}


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_reads_from_both_ends(kind):
    assert kind.is_symmetric == (kind in SYMMETRIC)
    assert (kind.reverse == kind.label) == kind.is_symmetric
    assert kind.reverse
    assert kind.value == kind.label.replace("is an ", "").replace("is often ", "").replace(" ", "_")


def connect(page, to, kind="builds_on", sentence="Because."):
    return Connection.objects.create(page=page, to=to, kind=kind, sentence=sentence)


def told(client, page) -> list[tuple[str, str]]:
    """The words and the title of each connection that a page shows."""
    document = parse(client.get(page.url).content.decode())
    return [(item.span.get_text(strip=True), item.a.get_text(strip=True)) for item in document.select("main .joins h3")]


def test_a_connection_is_told_from_both_ends(tree, client):
    a, b = make.ApproachPageFactory(title="A"), make.ApproachPageFactory(title="B")
    connect(a, b, "builds_on")
    connect(b, a, "complements")
    assert told(client, a) == [("builds on", "B"), ("complements", "B")]
    assert told(client, b) == [("complements", "A"), ("is built on by", "A")]
    assert client.get(a.url).content.decode().count("Because.") == 2


def test_the_index_tells_the_same_as_the_pages(tree, client):
    pages = [make.ApproachPageFactory(title=title) for title in "ABCD"]
    connect(pages[0], pages[1], "uses")
    connect(pages[2], pages[0], "underlies")
    connect(pages[3], pages[1], "contrasts_with")
    links = Graph(listed_approaches(), Connection.objects.all()).links
    for page in pages:
        from_index = {(link.words, link.approach.title) for link in links[page.pk]}
        assert from_index == set(told(client, page)), page


def test_connections_to_drafts_are_left_out_at_both_ends(tree, client):
    a, b = make.ApproachPageFactory(title="A"), make.ApproachPageFactory(title="B")
    connect(a, b)
    connect(b, a)
    b.unpublish()
    assert told(client, a) == []
    assert Graph(listed_approaches(), Connection.objects.all()).links == {a.pk: []}


def test_an_approach_is_not_connected_to_itself(tree):
    a = make.ApproachPageFactory()
    with pytest.raises(ValidationError, match="cannot be connected to itself"):
        Connection(page=a, to=a, kind="uses").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        connect(a, a)


def test_an_editor_who_connects_an_approach_to_itself_is_told(tree, editor_client):
    a = make.ApproachPageFactory(title="A")
    a.save_revision().publish()
    data = {"title": "A", "slug": a.slug, "ground": "moss", "when_to_use": "null", "how": "null", "sources": "null"}
    data |= {"connections-TOTAL_FORMS": "1", "connections-INITIAL_FORMS": "0", "connections-0-kind": "uses"}
    data |= {"connections-0-to": str(a.pk), "connections-0-ORDER": "1", "action-publish": "1"}
    answer = editor_client.post(f"/admin/pages/{a.pk}/edit/", data)
    assert answer.status_code == 200
    assert "cannot be connected to itself" in answer.content.decode()
    other = make.ApproachPageFactory()
    answer = editor_client.post(f"/admin/pages/{a.pk}/edit/", data | {"connections-0-to": str(other.pk)})
    assert answer.status_code == 302
    assert [link.approach.pk for link in ApproachPage.objects.get(pk=a.pk).get_links()] == [other.pk]


def test_approaches_stand_in_their_groups_in_order(tree):
    last = make.ApproachGroupFactory(name="Z first", order=1)
    first = make.ApproachGroupFactory(name="A last", order=2)
    for title, group in (("B", first), ("A", first), ("C", last), ("D", None)):
        make.ApproachPageFactory(title=title, group=group)
    shown = [
        (entry["group"] and entry["group"].name, [item["page"].title for item in entry["approaches"]])
        for entry in group_approaches(listed_approaches())
    ]
    assert sorted(shown, key=str) == [("A last", ["A", "B"]), ("Z first", ["C"]), (None, ["D"])]
    assert [name for name, _ in shown if name] == ["Z first", "A last"]


def test_an_approach_that_is_deleted_takes_its_connections_with_it(tree, client):
    a, b = make.ApproachPageFactory(), make.ApproachPageFactory()
    connect(a, b)
    b.delete()
    assert told(client, a) == []
    assert not Connection.objects.exists()
