"""Case stories: place, outcomes, what they are connected with, and the list."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.blocks import FigureOutcomeBlock, OutcomesBlock, PartnerBlock
from programmes.models import CaseStoryPage
from programmes.terms_in_use import as_filters, terms_in_use
from tests import factories as make
from tests.html import parse, problems


def titles(client, address: str = "/case-stories/") -> list[str]:
    document = parse(client.get(address).content.decode())
    return [heading.get_text(strip=True) for heading in document.select("main .frame h3")]


def figure(number: int, **fields: str) -> dict:
    value = {"figure": str(number), "unit": "%", "measure": f"measure {number}", "source": "A report", "date": "2015"}
    return {"type": "figure", "value": value | fields}


def sentence(words: str) -> dict:
    return {"type": "sentence", "value": {"sentence": words, "source": "", "date": ""}}


def outcomes(*blocks: dict):
    return OutcomesBlock().to_python(list(blocks))


@pytest.mark.parametrize(
    ("amount", "unit", "read"),
    [("18", "%", "18%"), ("23", "interviews", "23 interviews"), ("£1.2m", "", "£1.2m"), ("4", None, "4")],
)
def test_a_figure_and_its_unit_are_read_together(amount, unit, read):
    assert FigureOutcomeBlock().to_python({"figure": amount, "unit": unit}).amount == read


def test_a_figure_must_say_what_it_measures_and_where_it_comes_from():
    block = FigureOutcomeBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"figure": "18", "unit": "%", "measure": "", "source": "", "date": ""}))
    assert set(refused.value.block_errors) == {"measure", "source"}


def test_the_first_three_figures_are_large_and_the_rest_are_told_in_order(tree, client):
    story = make.CaseStoryPageFactory(
        outcomes=outcomes(figure(1), sentence("It is calmer."), figure(2), figure(3), figure(4), figure(1))
    )
    assert [value["figure"] for value in story.figures] == ["1", "2", "3"]
    document = parse(client.get(story.url).content.decode())
    assert [item.get_text(strip=True) for item in document.select("main .figures dd.figure")] == ["1%", "2%", "3%"]
    said = [item.get_text(" ", strip=True) for item in document.select("main .changed .said")]
    assert said == ["It is calmer.", "4% measure 4", "1% measure 1"]


def test_a_list_tells_what_a_story_is_about_beside_its_figures(tree, client):
    make.CaseStoryPageFactory(listing_summary="Nobody goes hungry.", outcomes=outcomes(figure(1), sentence("Calmer.")))
    words = parse(client.get("/case-stories/").content.decode()).select_one("main .frame .words")
    told = [text.get_text(strip=True) for text in words.select("p:not(.ref), dd.figure")]
    assert told == ["Nobody goes hungry.", "1%"]


def test_a_story_without_outcomes_says_nothing_of_change(tree, client):
    html = client.get(make.CaseStoryPageFactory().url).content.decode()
    assert "What changed" not in html
    assert "Outcomes in figures" not in html


def test_partners_are_written_one_by_one():
    block = PartnerBlock()
    assert block.clean("A council") == "A council"
    with pytest.raises(ValidationError, match="one partner here"):
        block.clean("A council; a charity")


def test_a_place_that_must_not_be_named_is_described(tree, client):
    story = make.CaseStoryPageFactory(place_note="A Health and Wellbeing Board")
    assert (story.place_label, story.grid_reference) == ("A Health and Wellbeing Board", "")
    assert "A Health and Wellbeing Board" in client.get(story.url).content.decode()
    story.place = make.PlaceFactory(name="Cornwall", grid_reference="SW 83 45")
    assert (story.place_label, story.grid_reference) == ("Cornwall", "SW 83 45")


def test_stories_are_listed_newest_first(tree, client):
    now = timezone.now()
    for days in (2, 1, 3):
        make.CaseStoryPageFactory(title=f"{days} days old", first_published_at=now - timedelta(days=days))
    assert titles(client) == ["1 days old", "2 days old", "3 days old"]


@pytest.fixture
def stories(tree):
    food, alcohol = make.ThemeFactory(name="Food", slug="food"), make.ThemeFactory(name="Alcohol", slug="alcohol")
    cornwall = make.PlaceFactory(name="Cornwall", slug="cornwall")
    programme = make.ProgrammePageFactory(title="Local Vision", slug="local-vision")
    return [
        make.CaseStoryPageFactory(title="One", theme=food, place=cornwall, programme=programme),
        make.CaseStoryPageFactory(title="Two", theme=alcohol, programme=programme),
        make.CaseStoryPageFactory(title="Three", theme=food),
        make.CaseStoryPageFactory(title="Four"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Four", "Three", "Two", "One"]),
        ("theme=food", ["Three", "One"]),
        ("place=cornwall", ["One"]),
        ("programme=local-vision", ["Two", "One"]),
        ("theme=food&programme=local-vision", ["One"]),
        ("theme=alcohol&place=cornwall", []),
    ],
)
def test_stories_can_be_narrowed(stories, client, query, expected):
    address = f"/case-stories/?{query}"
    assert titles(client, address) == expected
    assert problems(client.get(address).content.decode()) == []


def test_the_terms_of_the_list_are_sorted_by_name(stories, client):
    document = parse(client.get("/case-stories/").content.decode())
    offered = {nav["aria-label"]: [a.get_text(strip=True) for a in nav("a")] for nav in document.select("nav.filter")}
    assert offered["Theme"] == ["All", "Alcohol", "Food"]


def test_a_hidden_programme_is_not_a_term(stories):
    def offered():
        return as_filters(terms_in_use(stories[0].get_parent().specific.get_stories()))["programme"][1]

    assert offered() == [("local-vision", "Local Vision")]
    stories[0].programme.unpublish()
    assert offered() == []


def test_related_stories_are_those_chosen_then_those_alike(stories):
    one, two, three, four = stories
    assert one.get_related_stories() == [two, three]  # of its programme, then of its theme
    one.related_stories = [CaseStoryPage.related_stories.rel.related_model(story=four)]
    one.save()
    assert CaseStoryPage.objects.get(pk=one.pk).get_related_stories() == [four, two, three]
    assert four.get_related_stories() == []
    four.unpublish()
    assert CaseStoryPage.objects.get(pk=one.pk).get_related_stories() == [two, three]


def test_a_story_is_never_related_to_itself(stories):
    one = stories[0]
    one.related_stories = [CaseStoryPage.related_stories.rel.related_model(story=one)]
    one.save()
    assert one not in CaseStoryPage.objects.get(pk=one.pk).get_related_stories()


def test_approaches_are_shown_in_the_editors_order_and_each_once(tree, client):
    first, second = make.ApproachPageFactory(title="First"), make.ApproachPageFactory(title="Second")
    story = make.CaseStoryPageFactory(title="A story")
    use = CaseStoryPage.approaches_used.rel.related_model
    story.approaches_used = [use(approach=page, sort_order=n) for n, page in enumerate([second, first, second])]
    story.save()
    assert CaseStoryPage.objects.get(pk=story.pk).get_approaches() == [second, first]
    document = parse(client.get(first.url).content.decode())
    assert [link.get_text(strip=True) for link in document.select("main .links a")] == ["A story"]
    assert parse(client.get(second.url).content.decode()).main.get_text().count("A story") == 1
