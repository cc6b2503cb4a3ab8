"""Beliefs, principles, people: what each adds to a page of text."""

from core.blocks.body import BodyBlock
from home.blocks import BeliefBlock, PrincipleBlock
from home.models import BeliefsPage, PersonPage, PrinciplesPage
from tests import factories as make
from tests.html import parse, problems


def principles(*headings: str):
    block = PrincipleBlock()
    return [("principle", block.to_python({"heading": heading, "body": "<p>Why.</p>"})) for heading in headings]


def heading(words: str, level: str = "2"):
    block = BodyBlock().child_blocks["heading"]
    return ("heading", block.to_python({"text": words, "level": level}))


def test_each_principle_can_be_linked_to_in_order(tree, client):
    tree.principles.principles = principles("Show, don't tell", "Start where people are")
    tree.principles.save()
    document = parse(client.get("/approach/").content.decode())
    links = [link["href"] for link in document.select('nav[aria-label="Principles"] a')]
    assert links == ["#show-dont-tell", "#start-where-people-are"]
    assert [item["id"] for item in document.select("main .principles > li")] == [link[1:] for link in links]


def test_anchors_stay_different_whatever_the_headings_are(tree, client):
    tree.principles.principles = principles("Same", "Same", "Same 2", "!!!", "食物", "Main", "Related")
    tree.principles.body = [heading("Same"), heading("Newsletter"), heading("Principle")]
    tree.principles.save()
    html = client.get("/approach/").content.decode()
    assert problems(html) == []
    anchors = [item["anchor"] for item in PrinciplesPage.objects.get().get_numbered_principles()]
    assert anchors == ["same", "same-2", "same-2-2", "principle", "principle-2", "main-2", "related-2"]


def test_headings_of_a_text_can_be_linked_to_and_stay_different(tree, client):
    page = make.StandardPageFactory(
        body=[heading("What changed"), heading("What changed"), heading("Part", "3"), heading("?")]
    )
    document = parse(client.get(page.url).content.decode())
    assert [(item.name, item["id"]) for item in document.main.select("[id]") if item.name in ("h2", "h3")] == [
        ("h2", "what-changed"),
        ("h2", "what-changed-2"),
        ("h3", "part"),
        ("h2", "section"),
    ]


def test_a_belief_has_its_because_and_its_stories(tree, client):
    story = make.CaseStoryPageFactory(title="A story")
    value = {"heading": "Citizens first", "statement": "They are.", "because": "it works.", "stories": [story.pk]}
    tree.beliefs.beliefs = [("belief", BeliefBlock().to_python(value))]
    tree.beliefs.save()
    main = parse(client.get("/beliefs/").content.decode()).main
    assert "Because it works." in " ".join(main.get_text().split())
    assert main.find("a", href=story.url).get_text(strip=True) == "A story"
    story.unpublish()
    assert "Stories that show it" not in client.get("/beliefs/").content.decode()
    assert BeliefsPage.objects.get().beliefs[0].value["heading"] == "Citizens first"


def test_people_stand_in_groups_that_have_anyone(tree, client):
    assert parse(client.get("/people/").content.decode()).select("main h2") == []
    make.PersonPageFactory(title="Enabler", group=PersonPage.Group.ENABLER)
    for name in ("Second", "First"):
        make.PersonPageFactory(title=name)
    PersonPage.objects.get(title="First").move(PersonPage.objects.get(title="Second"), pos="left")
    main = parse(client.get("/people/").content.decode()).main
    assert [item.get_text(strip=True) for item in main("h2")] == ["Core team", "Enablers"]
    assert [item.get_text(strip=True) for item in main("h3")] == ["First", "Second", "Enabler"]


def test_a_page_that_is_due_for_review_knows(tree, time_machine):
    from datetime import date

    page = make.StandardPageFactory(review_by=date(2024, 6, 30))
    time_machine.move_to("2024-06-30T22:30:00+00:00")  # 23:30 in London, the last day
    assert not page.is_due_for_review
    time_machine.move_to("2024-06-30T23:30:00+00:00")  # half past midnight in London
    assert page.is_due_for_review
    assert not make.StandardPageFactory().is_due_for_review


def test_without_principles_there_is_no_list_of_them(tree, client):
    main = parse(client.get(tree.principles.url).content.decode()).main
    assert main.select("nav, ol") == []
    assert main.select_one(".empty").get_text(strip=True) == "No principles have been written yet."
