"""Programmes: their facts, their closing date, their stories and their list."""

from datetime import date

import pytest

from core.models import Ground
from programmes.models import ProgrammePage
from tests import factories as make
from tests.html import parse


def test_only_what_is_known_is_a_fact(db):
    assert ProgrammePage(kind="cohort", status="running", length="one year").facts == [
        ("Kind", "Cohort"),
        ("Status", "Running"),
        ("Length", "one year"),
    ]


@pytest.mark.parametrize(
    ("kind", "ground"),
    [("place-based", Ground.MOSS), ("cohort", Ground.WATER), ("countrywide", Ground.SAND)],
)
def test_the_ground_follows_the_kind(tree, kind, ground):
    programme = make.ProgrammePageFactory(kind=kind, ground=Ground.HEATH)
    assert ProgrammePage.objects.get(pk=programme.pk).ground == ground


@pytest.mark.parametrize(
    ("status", "closing_date", "now", "is_open"),
    [
        ("open", None, "2024-07-01T12:00:00+00:00", True),
        ("open", date(2024, 7, 1), "2024-07-01T12:00:00+00:00", True),
        ("open", date(2024, 7, 1), "2024-07-01T22:59:59+00:00", True),  # 23:59:59 in London
        ("open", date(2024, 7, 1), "2024-07-01T23:00:00+00:00", False),  # midnight in London
        ("open", date(2024, 12, 31), "2024-12-31T23:59:00+00:00", True),
        ("running", None, "2024-07-01T12:00:00+00:00", False),
        ("completed", date(2024, 7, 1), "2024-07-01T12:00:00+00:00", False),
    ],
)
def test_applications_close_at_midnight_in_london(db, time_machine, status, closing_date, now, is_open):
    time_machine.move_to(now)
    assert ProgrammePage(status=status, closing_date=closing_date).accepts_applications is is_open


def test_readers_are_told_how_long_they_can_apply(tree, client, time_machine):
    programme = make.ProgrammePageFactory(
        status="open", closing_date=date(2024, 7, 1), how_to_apply="<p>Write to us.</p>"
    )
    time_machine.move_to("2024-06-01T12:00:00+00:00")
    assert "Apply by" in client.get(programme.url).content.decode()
    time_machine.move_to("2024-07-02T12:00:00+00:00")
    html = client.get(programme.url).content.decode()
    assert "Closed on" in html
    assert 'href="#taking-part"' not in html


def test_programmes_stand_in_the_editors_order(tree, client):
    for title in ("B", "A", "C"):
        make.ProgrammePageFactory(title=title)
    ProgrammePage.objects.get(title="C").move(ProgrammePage.objects.get(title="B"), pos="left")
    document = parse(client.get("/programmes/").content.decode())
    assert [heading.get_text(strip=True) for heading in document.select("main .programmes h2")] == ["C", "B", "A"]


def test_kinds_and_statuses_in_use_are_offered_in_their_own_order(tree, client):
    make.ProgrammePageFactory(kind="countrywide", status="completed")
    make.ProgrammePageFactory(kind="place-based", status="open")
    document = parse(client.get("/programmes/").content.decode())
    offered = {nav["aria-label"]: [a.get_text(strip=True) for a in nav("a")] for nav in document.select("nav.filter")}
    assert offered == {
        "Kind": ["All", "Place-based", "Countrywide"],
        "Status": ["All", "Open to applications", "Completed"],
    }


def test_a_programme_shows_the_chosen_stories_first_then_its_own_up_to_six(tree):
    programme = make.ProgrammePageFactory()
    own = [make.CaseStoryPageFactory(programme=programme) for _ in range(7)]
    other = make.CaseStoryPageFactory()
    choice = ProgrammePage.chosen_stories.rel.related_model
    programme.refresh_from_db()
    programme.chosen_stories = [choice(story=own[0], sort_order=1), choice(story=other, sort_order=0)]
    programme.save()
    found = ProgrammePage.objects.get(pk=programme.pk).get_stories()
    assert found == [other, own[0], own[6], own[5], own[4], own[3]]


def test_a_programme_of_which_nothing_is_told_shows_no_stories(tree, client):
    make.CaseStoryPageFactory()
    assert "Stories from this programme" not in client.get(make.ProgrammePageFactory().url).content.decode()


def test_documents_can_be_downloaded_with_their_kind_and_size(tree, client):
    document = make.SiteDocumentFactory(title="The survey")
    programme = make.ProgrammePageFactory(documents=[("document", document)])
    shown = parse(client.get(programme.url).content.decode()).select_one("main .doc")
    assert shown.a["href"] == document.url
    assert shown.a.get_text(strip=True) == "The survey"
    assert "PDF" in shown.get_text()
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    document.delete()
    assert client.get(programme.url).status_code == 200
