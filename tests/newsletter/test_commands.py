"""`deliver`, `newsletter_doctor`, the clock's jobs and the starting content."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from core.content import Content
from newsletter import content, jobs
from newsletter.models import ConsentWording, NewsletterPage, OutboxEntry, QueueState, Subscriber, ThankYouPage
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]


def run(command: str, *args: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    out = StringIO()
    try:
        call_command(command, *args, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_deliver_drains_and_prints_counts(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    sign_up_as("second@example.org", held="Many came.")
    code, text = run("deliver")
    assert code == 0
    assert [line.strip() for line in text.splitlines()] == [
        "1 awaiting confirmation",
        "0 left in the outbox, 1 held for an editor",
    ]
    assert state_of() == State.AWAITING_CONFIRMATION


def test_deliver_says_why_it_could_not(sign_up_as: SignUpAs) -> None:
    sign_up_as()
    code, text = run("deliver")
    assert code == 1
    assert "MAILCHIMP_API_KEY is not set" in text
    assert "1 left in the outbox" in text


def test_the_doctor_finds_all_well(mailchimp: Sandbox) -> None:
    code, text = run("newsletter_doctor")
    assert code == 0
    assert "PROBLEM" not in text
    for part in (
        "accepts the key",
        "Newsletter (stand-in)",
        "double opt-in on",
        "first and last names",
        "Nothing waits",
    ):
        assert part in text
    assert QueueState.load().audience_name == "Newsletter (stand-in)"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"MAILCHIMP_API_KEY": ""}, "MAILCHIMP_API_KEY is not set"),
        ({"MAILCHIMP_API_KEY": "mistyped"}, "does not look like a key"),
        ({"MAILCHIMP_API_KEY": "f" * 32 + "-us1"}, "refuses the API key"),
        ({"MAILCHIMP_AUDIENCE_ID": "0000000000"}, "does not know the audience"),
        ({"MAILCHIMP_BASE_URL": "http://127.0.0.1:1"}, "cannot be reached"),
    ],
)
def test_the_doctor_names_the_problem(mailchimp: Sandbox, settings: Any, change: dict[str, str], part: str) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    code, text = run("newsletter_doctor")
    assert code == 1
    assert part in text


def test_the_doctor_notices_that_nobody_delivers(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    assert run("newsletter_doctor")[0] == 0
    OutboxEntry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    code, text = run("newsletter_doctor")
    assert code == 1
    assert "Is `manage.py worker` running?" in text


def test_the_doctor_mentions_a_pause_and_missing_fields(mailchimp: Sandbox) -> None:
    QueueState(pk=QueueState.PK, paused_since=timezone.now(), paused_reason="For a test.").save()
    mailchimp.service.audience.merge_fields.clear()
    code, text = run("newsletter_doctor")
    assert code == 1
    assert "paused since" in text
    assert "no field FNAME or LNAME" in text


def test_the_clocks_jobs_deliver_and_look(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    for job in jobs.JOBS:
        assert job.every <= timedelta(minutes=1)
        job.run()
    assert state_of() == State.AWAITING_CONFIRMATION
    mailchimp.confirm(EMAIL)
    Subscriber.objects.update(next_look_at=timezone.now())
    for job in jobs.JOBS:
        job.run()
    assert state_of() == State.SUBSCRIBED


def test_the_starting_content_is_loaded_once_and_not_over_an_editors_work() -> None:
    content.load(Content())
    assert (NewsletterPage.objects.live().count(), ThankYouPage.objects.live().count()) == (1, 1)
    assert ConsentWording.objects.get().version == 1
    page = Client().get("/newsletter/")
    assert page.status_code == 200
    assert content.FIRST_WORDING[:40] in page.content.decode()
    NewsletterPage.objects.update(title="Letters")
    again = Content()
    content.load(again)
    assert again.added == 0
    assert NewsletterPage.objects.get().title == "Letters"


def test_the_first_wording_says_what_the_law_asks() -> None:
    """The charity named, what will come, and that one can leave (UK GDPR Art. 13, PECR reg. 22)."""
    for part in ("Leadership Centre", "charity", "news and updates", "unsubscribe at any time", "Mailchimp", "privacy"):
        assert part in content.FIRST_WORDING


def test_the_form_tag_needs_one_query_however_many_forms(django_assert_num_queries: Any) -> None:
    template = Template('{% load newsletter_tags %}{% newsletter_form prefix="a" %}{% newsletter_form prefix="b" %}')
    with django_assert_num_queries(1):
        html = template.render(Context({"request": RequestFactory().get("/news/")}))
    assert html.count('action="/newsletter/"') == 2
    assert html.count('value="/news/"') == 2
    assert 'id="a-email"' in html
    assert 'id="b-email"' in html


def test_the_form_tag_works_without_a_request() -> None:
    html = Template("{% load newsletter_tags %}{% newsletter_form %}").render(Context())
    assert 'action="/newsletter/"' in html
