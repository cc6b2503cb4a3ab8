"""Following programmes and stories: feeds and calendars, read by programs that people use."""

from datetime import date
from typing import Any

import feedparser
import pytest
from django.core.exceptions import ValidationError
from icalendar import Calendar

from programmes.blocks import DateBlock
from tests import factories as make


def events(client: Any, address: str) -> list[Any]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" not in answer.get("Cache-Control", "")
    return Calendar.from_ical(answer.content).walk("VEVENT")


def dated(**fields: Any) -> Any:
    value = {"title": "First residential", "starts_on": "2027-03-01", "ends_on": "2027-03-03", "place": "Boston, USA"}
    return make.ProgrammePageFactory(title="Future Vision", calendar_dates=[("date", value | fields)])


def test_a_calendar_holds_whole_days_up_to_and_with_the_last(tree, client):
    programme = dated()
    (event,) = events(client, f"{programme.url}dates.ics")
    assert event["summary"] == "Future Vision: First residential"
    assert event.decoded("dtstart") == date(2027, 3, 1)
    assert event.decoded("dtend") == date(2027, 3, 4)
    assert event["location"] == "Boston, USA"
    assert event["url"] == programme.full_url


def test_one_day_ends_on_the_next(tree, client):
    (event,) = events(client, f"{dated(ends_on=None).url}dates.ics")
    assert event.decoded("dtend") == date(2027, 3, 2)


def test_an_event_keeps_its_name_when_its_day_changes(tree, client):
    programme = dated()
    (before,) = events(client, f"{programme.url}dates.ics")
    programme.calendar_dates[0].value["starts_on"] = date(2027, 4, 1)
    programme.calendar_dates[0].value["ends_on"] = None
    programme.save_revision().publish()
    (after,) = events(client, f"{programme.url}dates.ics")
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == date(2027, 4, 1)


def test_the_last_day_to_apply_is_in_the_calendar_while_one_can_apply(tree, client):
    programme = make.ProgrammePageFactory(title="Local Vision", status="open", closing_date=date(2999, 1, 31))
    (event,) = events(client, f"{programme.url}dates.ics")
    assert event["summary"] == "Local Vision: last day to apply"
    assert event.decoded("dtstart") == date(2999, 1, 31)
    assert f"{programme.url}dates.ics" in client.get(programme.url).content.decode()


def test_a_programme_without_dates_has_no_calendar(tree, client):
    programme = make.ProgrammePageFactory(closing_date=None)
    assert client.get(f"{programme.url}dates.ics").status_code == 404
    assert "dates.ics" not in client.get(programme.url).content.decode()


def test_the_calendar_of_all_programmes_leaves_out_drafts(tree, client):
    programme = dated()
    assert len(events(client, "/programmes/dates.ics")) == 1
    programme.unpublish()
    assert events(client, "/programmes/dates.ics") == []


def test_the_page_tells_the_dates(tree, client):
    page = " ".join(client.get(dated().url).content.decode().split())
    assert '<time datetime="2027-03-01">1 March 2027</time> to <time datetime="2027-03-03">3 March 2027</time>' in page
    assert "First residential, Boston, USA" in page


def test_an_end_before_the_beginning_is_refused():
    block = DateBlock()
    value = block.to_python({"title": "Day", "starts_on": "2027-03-03", "ends_on": "2027-03-01", "place": ""})
    with pytest.raises(ValidationError):
        block.clean(value)


def test_stories_are_a_feed(tree, client):
    story = make.CaseStoryPageFactory(
        title="Food & Cornwall",
        introduction="Nobody goes hungry.",
        place=make.PlaceFactory(name="Cornwall"),
        theme=make.ThemeFactory(name="Food poverty"),
    )
    make.CaseStoryPageFactory(title="Not yet", live=False)
    feed = feedparser.parse(client.get("/case-stories/feed/").content)
    assert not feed.bozo
    assert feed.feed.title == "Leadership Centre: Case stories"
    (entry,) = feed.entries
    assert (entry.title, entry.link, entry.summary) == ("Food & Cornwall", story.full_url, "Nobody goes hungry.")
    assert [tag.term for tag in entry.tags] == ["Cornwall", "Food poverty"]
    items = client.get("/case-stories/feed.json").json()["items"]
    assert [(item["url"], item["tags"]) for item in items] == [(story.full_url, ["Cornwall", "Food poverty"])]


def test_feeds_of_stories_take_few_queries(tree, client, django_assert_max_num_queries):
    for number in range(5):
        make.CaseStoryPageFactory(title=f"Story {number}", theme=make.ThemeFactory(name=f"Theme {number}"))
    with django_assert_max_num_queries(12):
        assert len(client.get("/case-stories/feed.json").json()["items"]) == 5
