"""`deliver`, `reconcile`, the clock's jobs and the starting content."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from core.content import Content
from newsletter import content, jobs
from newsletter.models import ConsentWording, NewsletterPage, Reconciliation, Subscriber, ThankYouPage
from newsletter.states import State
from newsletter.webhook import read
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


def test_the_clocks_jobs_deliver_look_and_act(mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    every = {job.name.removeprefix("newsletter/"): job for job in jobs.JOBS}
    sign_up_as()
    every["deliver"].run()
    assert state_of() == State.AWAITING_CONFIRMATION
    mailchimp.confirm(EMAIL)
    Subscriber.objects.update(next_look_at=timezone.now())
    every["look"].run()
    assert state_of() == State.SUBSCRIBED
    mailchimp.unsubscribe(EMAIL)
    event = read(mailchimp.webhook_request("unsubscribe", EMAIL)[0])
    assert event is not None
    event.due_at = timezone.now()
    event.save()
    every["inbox"].run()
    assert state_of() == State.UNSUBSCRIBED
    every["reconcile"].run()
    assert Reconciliation.objects.get().finished_at is not None
    seconds = {name: every[name].every.total_seconds() for name in ("deliver", "look", "inbox", "reconcile")}
    assert seconds == {"deliver": 5, "look": 20, "inbox": 5, "reconcile": 60}


def test_reconcile_prints_what_it_changed(mailchimp: Sandbox) -> None:
    mailchimp.put_contact(EMAIL, "subscribed")
    code, text = run("reconcile")
    assert code == 0
    assert "The whole audience" in text
    assert ["1", "new here"] in [line.split(maxsplit=1) for line in text.splitlines()]
    mailchimp.unsubscribe(EMAIL)
    code, text = run("reconcile")
    assert "What changed since the last one" in text
    assert ["1", "changed here"] in [line.split(maxsplit=1) for line in text.splitlines()]
    assert "The whole audience" in run("reconcile", "--full")[1]


def test_reconcile_says_why_it_could_not(mailchimp: Sandbox, settings: Any) -> None:
    mailchimp.fail("html", path="/members")
    code, text = run("reconcile")
    assert (code, "It stopped: Mailchimp" in text) == (1, True)
    settings.MAILCHIMP_API_KEY = ""
    code, text = run("reconcile")
    assert (code, "not connected" in text) == (1, True)


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


def test_the_form_tag_needs_two_queries_however_many_forms(django_assert_num_queries: Any) -> None:
    template = Template('{% load newsletter_tags %}{% newsletter_form prefix="a" %}{% newsletter_form prefix="b" %}')
    with django_assert_num_queries(2):  # the wording and the topics
        html = template.render(Context({"request": RequestFactory().get("/news/")}))
    assert html.count('action="/newsletter/"') == 2
    assert html.count('value="/news/"') == 2
    assert 'id="a-email"' in html
    assert 'id="b-email"' in html


def test_the_form_tag_works_without_a_request() -> None:
    html = Template("{% load newsletter_tags %}{% newsletter_form %}").render(Context())
    assert 'action="/newsletter/"' in html
