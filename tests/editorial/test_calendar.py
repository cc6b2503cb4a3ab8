"""The calendar of what happens to pages, in the admin and by secret link."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from editorial import events as all_events
from editorial.audit import audit
from editorial.events import Kind, events
from editorial.feed import link_of
from editorial.models import CalendarLink
from editorial.month import Month
from tests import factories as make
from tests.editorial.test_reports import limited
from tests.html import parse

CALENDAR = "/admin/calendar/"
# In London: midnight between two days of summer time is 23:00 of the day before in UTC.
NOW = "2026-06-10T09:00:00Z"


@pytest.fixture
def planned(tree: Any, editor: Any) -> Any:
    """One page of each kind; the hours are such that their days differ between London and UTC."""
    with time_machine.travel(NOW, tick=False):
        scheduled = make.NewsArticlePageFactory(title="Scheduled", live=False)
        scheduled.go_live_at = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
        scheduled.expire_at = datetime.datetime(2026, 7, 20, 12, 0, tzinfo=datetime.UTC)
        scheduled.save_revision(user=editor).publish()
        expiring = make.StandardPageFactory(
            title="Expiring", expire_at=datetime.datetime(2026, 6, 12, 8, 5, tzinfo=datetime.UTC)
        )
        audit(make.StandardPageFactory(title="To review", review_by=datetime.date(2026, 6, 12)))
        draft = make.StandardPageFactory(title="Only a draft", live=False)
        draft.expire_at = expiring.expire_at
        draft.save()
        yield {"scheduled": scheduled, "expiring": expiring}


def days(client: Client, month: str = "") -> dict[str, list[str]]:
    """What the calendar shows, by day."""
    response = client.get(CALENDAR, {"month": month} if month else {})
    assert response.status_code == 200
    cells = parse(response.content.decode()).select("table.editorial-calendar td")
    return {
        cell.find("time")["datetime"]: [" ".join(item.get_text(" ").split()) for item in cell("li")]
        for cell in cells
        if cell("li")
    }


def test_the_month_shows_what_happens_in_london(planned, editor_client):
    assert days(editor_client) == {
        "2026-06-12": ["Review by To review", "09:05 Expires Expiring"],
        "2026-07-01": ["00:30 Goes live Scheduled"],
    }
    assert days(editor_client, "2026-07") == {
        "2026-07-01": ["00:30 Goes live Scheduled"],
        "2026-07-20": ["13:00 Expires Scheduled"],
    }
    assert days(editor_client, "2026-09") == {}


def test_an_approved_change_to_a_live_page_is_shown_too(tree, editor, editor_client):
    with time_machine.travel(NOW, tick=False):
        page = make.StandardPageFactory(title="Live")
        page.title, page.go_live_at = "Live, and new", timezone.now() + datetime.timedelta(days=1)
        page.save_revision(user=editor).publish()
        assert days(editor_client) == {"2026-06-11": ["10:00 Goes live Live, and new"]}


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0000-01", "1999-12", "2100-01", "nonsense", "２０２６-06", "-1"]
)
def test_a_month_that_is_none_is_this_one(planned, editor_client, month):
    page = parse(editor_client.get(CALENDAR, {"month": month}).content.decode())
    assert page.find(id="month").get_text() == "June 2026"


def test_the_table_says_what_it_is_and_leads_to_other_months(planned, editor_client):
    page = parse(editor_client.get(CALENDAR).content.decode())
    table = page.select_one("table.editorial-calendar")
    assert page.find(id=table["aria-labelledby"]).get_text() == "June 2026"
    assert [cell["scope"] for cell in table("th")] == ["col"] * 7
    assert table.th.get_text() == "Monday"
    [today] = table.select("td[aria-current=date]")
    assert "10 June, today" in today.get_text(" ")
    assert page.find("a", rel="prev")["href"] == "?month=2026-05"
    assert page.find("a", rel="next")["href"] == "?month=2026-07"
    last = parse(editor_client.get(CALENDAR, {"month": "2099-12"}).content.decode())
    assert last.find("a", rel="next") is None


@pytest.mark.parametrize(
    ("month", "moved", "by"), [("2026-01", "2025-12", -1), ("2026-12", "2027-01", 1), ("2000-01", "None", -1)]
)
def test_months_follow_each_other(month, moved, by):
    assert str(Month.read(month).moved(by)) == moved


def test_a_full_day_hides_nothing(tree, editor, editor_client, django_assert_max_num_queries):
    with time_machine.travel(NOW, tick=False):
        for number in range(12):
            audit(make.StandardPageFactory(title=f"Page {number:02}", review_by=datetime.date(2026, 6, 12)))
        page = parse(editor_client.get(CALENDAR).content.decode())
        with django_assert_max_num_queries(5):  # four, and the rights of the person
            assert len(events(editor, datetime.date(2026, 6, 1), datetime.date(2026, 6, 30))) == 12
    [details] = page.select("table.editorial-calendar details")
    assert details.summary.get_text() == "and 7 more"
    assert len(page.select("table.editorial-calendar li")) == 12


def test_titles_of_drafts_are_for_those_who_may_write_them(planned, tree):
    client = limited(tree.news)
    assert days(client) == {"2026-07-01": ["00:30 Goes live Scheduled"]}


def test_so_many_events_of_a_kind_are_shown_at_most(planned, editor, monkeypatch):
    monkeypatch.setattr(all_events, "MOST", 1)
    found = events(editor, datetime.date(2026, 6, 1), datetime.date(2026, 7, 31))
    assert [event.kind for event in found].count(Kind.EXPIRES) == 1


# --- The link ----------------------------------------------------------------------------------------


def make_link(client: Client, user: Any) -> str:
    assert client.post(f"{CALENDAR}link/", {"do": "make"}).url == CALENDAR
    link = link_of(user)
    assert parse(client.get(CALENDAR).content.decode()).find(id="calendar-address")["value"] == link
    return link[link.index("/admin/") :]


def test_the_link_gives_an_icalendar_file(planned, editor, editor_client):
    answer = Client().get(make_link(editor_client, editor))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    calendar = Calendar.from_ical(answer.content)
    found = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert found.keys() == {"Goes live: Scheduled", "Expires: Scheduled", "Expires: Expiring", "Review by: To review"}
    assert found["Goes live: Scheduled"].decoded("dtstart") == planned["scheduled"].go_live_at
    assert found["Review by: To review"].decoded("dtstart") == datetime.date(2026, 6, 12)
    assert found["Review by: To review"].decoded("dtend") == datetime.date(2026, 6, 13)
    assert str(found["Expires: Expiring"]["url"]).endswith(f"/admin/pages/{planned['expiring'].pk}/edit/")
    assert len({str(event["uid"]) for event in found.values()}) == len(found)
    for event in found.values():
        assert event.decoded("dtstamp")
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75


def test_titles_cannot_add_lines_to_the_file(tree, editor, editor_client):
    with time_machine.travel(NOW, tick=False):
        audit(make.StandardPageFactory(title="A; B, C\\n ü \r\nATTENDEE:x", review_by=datetime.date(2026, 6, 12)))
        calendar = Calendar.from_ical(Client().get(make_link(editor_client, editor)).content)
    [event] = calendar.walk("VEVENT")
    assert "attendee" not in event
    assert str(event["summary"]).startswith("Review by: A; B, C\\n ü")


def test_the_link_ends_when_a_new_one_is_made_or_it_is_removed(planned, editor, editor_client):
    first = make_link(editor_client, editor)
    second = make_link(editor_client, editor)
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    editor_client.post(f"{CALENDAR}link/", {"do": "remove"})
    assert Client().get(second).status_code == 404
    assert "Make a link" in editor_client.get(CALENDAR).content.decode()


@pytest.mark.parametrize("how", ["closed", "deleted", "no longer an editor"])
def test_the_link_ends_with_the_account(planned, editor, editor_client, how):
    link = make_link(editor_client, editor)
    match how:
        case "closed":
            type(editor).objects.update(is_active=False)
        case "deleted":
            editor.delete()
        case _:
            editor.groups.clear()
    assert Client().get(link).status_code == 404


def test_the_link_shows_what_its_owner_may_see_now(planned, tree, editor, editor_client):
    link = make_link(editor_client, editor)
    editor.groups.clear()
    limited(tree.news)
    editor.groups.add(Group.objects.get(name="One section"))
    calendar = Calendar.from_ical(Client().get(link).content)
    assert all("Scheduled" in str(event["summary"]) for event in calendar.walk("VEVENT"))


@pytest.mark.parametrize("key", ["", "x", "{nonce}", "{nonce}:x", "{key}x", "\x00", "{nonce}:" + "é" * 9])
def test_a_key_that_was_not_made_here_opens_nothing(planned, editor, editor_client, key):
    made = make_link(editor_client, editor).partition("key=")[2]
    nonce = CalendarLink.objects.get().nonce
    answer = Client().get(f"{CALENDAR}feed.ics", {"key": key.format(nonce=nonce, key=made)})
    assert answer.status_code == 404
    assert b"Scheduled" not in answer.content


def test_the_feed_is_only_read(planned, editor, editor_client):
    link = make_link(editor_client, editor)
    assert Client().head(link).status_code == 200
    assert Client().post(link).status_code in (403, 405)
    assert editor_client.get(f"{CALENDAR}link/").status_code == 405


def test_the_address_of_a_calendar_says_nothing_of_its_owner(planned, editor, editor_client):
    link = make_link(editor_client, editor)
    assert editor.username not in link
    path, _, query = link.partition("?")
    assert path == f"{CALENDAR}feed.ics"  # the access log has no query
    assert query.startswith("key=")
