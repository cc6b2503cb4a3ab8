"""The newsletter's panel on the admin's first page, and the test of the connection."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from core.worker.presence import Presence
from newsletter.admin import chart
from newsletter.models import DailyCount, OutboxEntry, QueueState, Reconciliation, Subscriber
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import text_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]


def facts(client: Client) -> dict[str, str]:
    """What the panel says, by its labels."""
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    rows = page.select(".newsletter-facts > div")
    return {row.dt.get_text(strip=True): " ".join(row.dd.get_text(" ").split()) for row in rows}


def test_the_panel_of_a_site_where_nothing_has_happened(manager: Client) -> None:
    told = facts(manager)
    assert told == {
        "Connected as": "Not connected",
        "Subscribed": "0",
        "Awaiting confirmation": "0",
        "Waiting to be sent": "0",
        "Needs attention": "0",
        "Held": "0 0 this week",
        "Robots turned away": "0 this week",
        "Background worker": "Not running: nothing is sent until it is started",
        "Last delivery": "Never",
        "Last message from Mailchimp": "Never",
        "Last comparison with Mailchimp": "Never",
    }


def test_the_panel_says_how_things_stand(manager: Client, mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    now = timezone.now()
    QueueState.objects.create(
        pk=QueueState.PK, account_name="The charity", audience_name="Readers", last_success_at=now, last_webhook_at=now
    )
    Reconciliation.objects.create(extent="changes", finished_at=now)
    Presence().beat()
    sign_up_as()
    OutboxEntry.objects.update(requested_at=now - timedelta(hours=3))
    sign_up_as("held@example.org", held="Many came.")
    stuck = sign_up_as("stuck@example.org")
    stuck.settle(State.NEEDS_ATTENTION, Source.DELIVERY, "A bug.")
    DailyCount.objects.create(day=now.astimezone(UTC).date(), kind=DailyCount.Kind.TRAPPED, count=41)
    told = facts(manager)
    assert told["Connected as"] == "The charity · Readers"
    assert told["Waiting to be sent"].startswith("2 the oldest for 3")
    assert told["Needs attention"] == "1"
    assert told["Held"].startswith("1 ")
    assert told["Robots turned away"] == "41 this week"
    assert told["Background worker"] == "Running"
    for label in ("Last delivery", "Last message from Mailchimp", "Last comparison with Mailchimp"):
        assert str(timezone.localtime(now).year) in told[label]


def test_every_number_links_to_those_it_counts(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as("stuck@example.org").settle(State.NEEDS_ATTENTION, Source.DELIVERY, "A bug.")
    page = BeautifulSoup(manager.get("/admin/").content, "html.parser")
    links = [link["href"] for link in page.select(".newsletter-facts a")]
    assert len(links) == 5
    for link in links:
        assert manager.get(link).status_code == 200
    [attention] = [link for link in links if "needs_attention" in link]
    assert [subscriber.email for subscriber in manager.get(attention).context["object_list"]] == ["stuck@example.org"]


def test_the_chart_has_a_text_and_a_table_with_the_same_numbers(manager: Client) -> None:
    today = timezone.now().astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    for weeks_ago, count in ((0, 3), (1, 1200), (11, 5), (12, 99)):
        DailyCount.objects.create(day=monday - timedelta(weeks=weeks_ago), kind=DailyCount.Kind.SIGN_UP, count=count)
    page = BeautifulSoup(manager.get("/admin/").content, "html.parser")
    drawing = page.select_one("svg.newsletter-chart")
    assert drawing["role"] == "img"
    named = " ".join(page.find(id=name).get_text() for name in drawing["aria-labelledby"].split())
    assert "1,208 sign-ups in 12 weeks, 1,200 in the week with the most" in " ".join(named.split())
    numbers = [row.find_all("td")[1].get_text() for row in page.select(".newsletter-weeks tbody tr")]
    assert numbers == ["5", *["0"] * 9, "1,200", "3"]
    assert len(drawing.select("rect")) == 12
    assert not drawing.select("[style], script, style")


def test_bars_stand_on_the_baseline_and_fill_the_drawing() -> None:
    placed = chart.bars([("a", 0), ("b", 5), ("c", 10)])
    assert all(bar.y + bar.height == chart.BASELINE for bar in placed)
    assert placed[2].height == 2 * placed[1].height
    assert placed[0].height == 0
    assert placed[2].x + placed[2].width <= chart.WIDTH
    assert [bar.height for bar in chart.bars([("a", 0)])] == [0]
    assert chart.bars([]) == []


def test_the_panel_takes_few_queries_however_many_people(
    manager: Client, sign_up_as: SignUpAs, django_assert_max_num_queries: Any
) -> None:
    from newsletter.admin.dashboard import NewsletterPanel

    for n in range(20):
        sign_up_as(f"person{n}@example.org")
    request = manager.get("/admin/").wsgi_request
    request.user.has_perm("newsletter.view_subscriber")
    with django_assert_max_num_queries(9):
        assert "Sign-ups a week" in NewsletterPanel().render_html({"request": request})


def test_an_editor_without_the_role_has_no_panel(editor_client: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as(held="Many came.")
    page = editor_client.get("/admin/")
    for part in (b"newsletter-panel", b"Sign-ups a week", b"Test the connection", b"are held"):
        assert part not in page.content


# --- The test of the connection ----------------------------------------------------------------------


def test_the_connection_is_tested_on_demand(manager: Client, mailchimp: Sandbox) -> None:
    page = BeautifulSoup(manager.get("/admin/").content, "html.parser")
    form = page.find("form", action="/admin/newsletter/connection/")
    assert form["method"] == "post"
    assert not mailchimp.requests  # looking at the page asks Mailchimp nothing
    answer = manager.post(form["action"])
    assert "Test of the connection to Mailchimp" in text_of(answer)
    assert mailchimp.requests
    assert answer.context["findings"]


def test_the_form_of_the_panel_carries_the_token_that_its_post_needs(manager: Client, mailchimp: Sandbox) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    page = BeautifulSoup(strict.get("/admin/").content, "html.parser")
    form = page.find("form", action="/admin/newsletter/connection/")
    assert strict.post(form["action"]).status_code == 403
    token = form.find("input", {"name": "csrfmiddlewaretoken"})["value"]
    assert strict.post(form["action"], {"csrfmiddlewaretoken": token}).status_code == 200


def test_a_key_that_is_refused_is_found(manager: Client, mailchimp: Sandbox, settings: Any) -> None:
    settings.MAILCHIMP_API_KEY = "wrong-us1"
    answer = manager.post("/admin/newsletter/connection/")
    assert "critical" in [weight for weight, _ in answer.context["findings"]]


def test_a_link_does_not_test_the_connection(manager: Client, mailchimp: Sandbox) -> None:
    assert manager.get("/admin/newsletter/connection/").url == "/admin/"
    assert not mailchimp.requests
