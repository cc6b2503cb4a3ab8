"""`newsletter_connect`: what it finds, makes and mends; and what the admin's "Test the connection" says."""

import threading
from collections.abc import Iterator
from io import StringIO
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from newsletter import connect, webhook
from newsletter.gateway import Gateway
from newsletter.models import QueueState
from newsletter.sealing import unseal
from tests.mailchimp_sandbox import Sandbox

pytestmark = pytest.mark.django_db


class Server(ThreadingMixIn, WSGIServer):
    """Serves the site on loopback, for Mailchimp's check of the address."""

    daemon_threads = True


class Silent(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    """The site's own address, which answers."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
        yield settings.SITE_URL
        server.shutdown()


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    out = StringIO()
    try:
        call_command("newsletter_connect", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def only_hook(mailchimp: Sandbox) -> Any:
    """The one webhook there is."""
    [hook] = mailchimp.service.webhooks.hooks.values()
    return hook


def test_it_makes_what_is_missing_and_says_so(mailchimp: Sandbox, site: str) -> None:
    QueueState(pk=QueueState.PK, reconciled_until=timezone.now()).save()
    code, text = run()
    assert code == 0, text
    for part in (
        "Stand-in for Mailchimp",
        "Newsletter (stand-in)",
        "Made the field PREFS",
        "Made the webhook",
        "signed",
    ):
        assert part in text
    hook = only_hook(mailchimp)
    assert hook.url == site + webhook.path()
    assert hook.events == {"campaign": False} | dict.fromkeys(
        ("subscribe", "unsubscribe", "profile", "cleaned", "upemail"), True
    )
    assert hook.sources == {"user": True, "admin": True, "api": False}
    [field] = [field for field in mailchimp.service.audience.merge_fields if field.tag == "PREFS"]
    assert (field.name, field.type, field.public, field.required) == ("Preference page", "text", False, False)
    state = QueueState.load()
    assert (state.webhook_id, unseal(state.webhook_signing_secret)) == (hook.id, hook.signing_secret)
    assert hook.signing_secret not in state.webhook_signing_secret + text
    assert webhook.path_secret() not in text
    assert (state.account_name, state.audience_name) == ("Stand-in for Mailchimp", "Newsletter (stand-in)")
    assert state.reconciled_until is None  # so the worker compares everything


def test_again_it_changes_nothing(mailchimp: Sandbox, site: str) -> None:
    run()
    before = only_hook(mailchimp)
    code, text = run()
    assert (code, only_hook(mailchimp)) == (0, before)
    assert "as it should be" in text
    writes = [record for record in mailchimp.requests if record.method != "GET"]
    assert len(writes) == 2  # the field and the webhook, the first time


def test_it_mends_a_webhook_that_reports_too_little_or_is_off(mailchimp: Sandbox, site: str) -> None:
    run()
    hook = only_hook(mailchimp)
    hook.events["cleaned"], hook.sources["api"], hook.enabled = False, True, False
    code, text = run()
    assert code == 0
    assert "Mended the webhook" in text
    assert (hook.events["cleaned"], hook.sources["api"], hook.enabled) == (True, False, True)
    assert only_hook(mailchimp) is hook


@pytest.mark.parametrize("lost", ["nothing stored", "another key", "another webhook"])
def test_a_lost_signing_secret_means_a_new_webhook(mailchimp: Sandbox, site: str, settings: Any, lost: str) -> None:
    run()
    before = only_hook(mailchimp)
    if lost == "nothing stored":
        QueueState.objects.update(webhook_signing_secret="")
    elif lost == "another key":
        settings.SECRET_KEY = "another"
    else:
        QueueState.objects.update(webhook_id="0000000000")
    code, text = run()
    assert code == 0
    assert "Removed a webhook" in text
    after = only_hook(mailchimp)
    assert after.id != before.id
    assert unseal(QueueState.load().webhook_signing_secret) == after.signing_secret


def test_a_new_address_replaces_the_old_webhook_and_leaves_those_of_others(
    mailchimp: Sandbox, site: str, settings: Any
) -> None:
    other = mailchimp.register_webhook("http://127.0.0.1:9/somebody/else/")
    run()
    settings.MAILCHIMP_WEBHOOK_SECRET = "a-new-secret-of-the-operator"
    assert run()[0] == 0
    urls = [hook.url for hook in mailchimp.service.webhooks.hooks.values()]
    assert urls == [other.url, f"{site}/newsletter/mailchimp/a-new-secret-of-the-operator/"]


def test_an_account_without_signatures_works_too(mailchimp: Sandbox, site: str) -> None:
    mailchimp.service.webhooks.signing = False
    code, text = run()
    assert code == 0
    assert "not signed" in text
    assert QueueState.load().webhook_signing_secret == ""
    assert "as it should be" in run()[1]


def test_a_webhook_made_by_hand_is_kept(mailchimp: Sandbox, site: str, settings: Any) -> None:
    hook = mailchimp.register_webhook(connect.webhook_url(), events=["subscribe"])
    settings.MAILCHIMP_WEBHOOK_SIGNING_SECRET = hook.signing_secret
    assert run()[0] == 0
    assert only_hook(mailchimp) is hook
    assert hook.events["cleaned"] is True


def test_a_site_that_does_not_answer_is_said(mailchimp: Sandbox, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    code, text = run()
    assert code == 1
    assert "did not make the webhook" in text
    assert settings.SITE_URL in text
    assert not mailchimp.service.webhooks.hooks


@pytest.mark.parametrize(
    ("site_url", "part"),
    [
        ("http://127.0.0.1:8000", "which Mailchimp cannot call"),
        ("https://localhost", "which Mailchimp cannot call"),
        ("http://www.example.org", "need https"),
        ("https://www.example.org", ""),
    ],
)
def test_the_real_mailchimp_needs_a_public_address(settings: Any, site_url: str, part: str) -> None:
    settings.SITE_URL = site_url
    why = connect.unreachable(Gateway("0" * 32 + "-us21", "a1b2c3d4e5"))
    assert part in why
    assert bool(why) == bool(part)


def test_a_secret_that_does_not_fit_into_an_address_is_refused(mailchimp: Sandbox, site: str, settings: Any) -> None:
    for secret in ("short", "with spaces and more of them", "ümläuts-ümläuts-ümläuts"):
        settings.MAILCHIMP_WEBHOOK_SECRET = secret
        code, text = run()
        assert code == 1
        assert "MAILCHIMP_WEBHOOK_SECRET must be" in text
        assert secret not in text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"MAILCHIMP_API_KEY": ""}, "MAILCHIMP_API_KEY is not set"),
        ({"MAILCHIMP_API_KEY": "f" * 32 + "-us1"}, "refuses the API key"),
        ({"MAILCHIMP_AUDIENCE_ID": "0000000000"}, "does not know the audience"),
    ],
)
def test_it_stops_where_mailchimp_refuses(
    mailchimp: Sandbox, site: str, settings: Any, change: dict[str, str], part: str
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    code, text = run()
    assert (code, part in text) == (1, True)


def test_too_few_rights_are_said_in_plain_words(mailchimp: Sandbox, site: str) -> None:
    mailchimp.fail("problem", method="POST", path="/merge-fields", status=403, title="Forbidden")
    code, text = run()
    assert code == 1
    assert "owner may not do this" in text


def test_a_field_of_the_wrong_kind_is_said(mailchimp: Sandbox, site: str) -> None:
    mailchimp.service.audience.merge_fields[0].type = "number"
    code, text = run()
    assert code == 1
    assert "FNAME is not a text field" in text


def test_remove_takes_our_webhook_away(mailchimp: Sandbox, site: str) -> None:
    other = mailchimp.register_webhook("http://127.0.0.1:9/somebody/else/")
    run()
    code, text = run("--remove")
    assert (code, "Removed 1 webhook of this site" in text) == (0, True)
    assert only_hook(mailchimp) is other
    assert (QueueState.load().webhook_id, QueueState.load().webhook_signing_secret) == ("", "")


def test_testing_the_connection_changes_nothing(mailchimp: Sandbox, site: str) -> None:
    levels = [finding.level for finding in connect.test_connection()]
    assert "bad" not in levels
    assert levels.count("note") == 2  # no PREFS, no webhook
    assert {record.method for record in mailchimp.requests} == {"GET"}
    run()
    assert {finding.level for finding in connect.test_connection()} == {"good"}


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        ("off", "switched the webhook off"),
        ("less", "does not report what it should"),
        ("secret", "signatures is lost"),
    ],
)
def test_a_damaged_webhook_is_found(mailchimp: Sandbox, site: str, damage: str, part: str) -> None:
    run()
    hook = only_hook(mailchimp)
    if damage == "off":
        hook.enabled = False
    elif damage == "less":
        hook.events["unsubscribe"] = False
    else:
        QueueState.objects.update(webhook_signing_secret="")
    assert any(part in finding.text for finding in connect.test_connection() if finding.level == "bad")


def test_without_a_key_it_says_so(settings: Any) -> None:
    [finding] = connect.test_connection()
    assert (finding.level, "MAILCHIMP_API_KEY is not set" in finding.text) == ("bad", True)
