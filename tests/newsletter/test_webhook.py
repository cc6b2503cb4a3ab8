"""The address that takes Mailchimp's messages: who may speak, what is stored, what is answered."""

import json
import logging
import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from newsletter import webhook
from newsletter.models import QueueState, WebhookEvent
from newsletter.sealing import seal
from tests.mailchimp_sandbox import Sandbox
from tests.mailchimp_sandbox.webhook_events import signature

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
EMAIL = "ada.lovelace@example.org"
SECRET = "a signing secret"


def post(client: Client, body: bytes, headers: dict[str, str] | None = None, path: str = "") -> Any:
    """Send a message as Mailchimp does."""
    return client.post(path or webhook.path(), body, content_type=FORM, headers=headers or {})


def test_the_address_is_checked_by_get_and_head(visitor: Client) -> None:
    for response in (visitor.get(webhook.path()), visitor.head(webhook.path())):
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies


def test_the_address_is_secret(visitor: Client, settings: Any) -> None:
    assert re.fullmatch(r"/newsletter/mailchimp/[0-9a-f]{40}/", webhook.path())
    for wrong in ("x", webhook.path_secret()[:-1], webhook.path_secret() + "0", "é", "%00"):
        for method in (visitor.get, visitor.post):
            assert method(f"/newsletter/mailchimp/{wrong}/").status_code == 404
    derived = webhook.path()
    settings.MAILCHIMP_WEBHOOK_SECRET = "chosen-by-the-operator"
    assert webhook.path() == "/newsletter/mailchimp/chosen-by-the-operator/"
    assert visitor.get(webhook.path()).status_code == 200
    assert visitor.get(derived).status_code == 404


def test_an_earlier_secret_key_still_opens_the_address(visitor: Client, settings: Any) -> None:
    before = webhook.path()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert webhook.path() != before
    assert visitor.get(before).status_code == visitor.get(webhook.path()).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert visitor.get(before).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(visitor: Client, method: str) -> None:
    response = visitor.generic(method, webhook.path())
    assert response.status_code == 405
    assert "no-store" in response["Cache-Control"]


def test_a_message_is_stored_raw_and_the_worker_woken(visitor: Client, mailchimp: Sandbox) -> None:
    body, headers = mailchimp.webhook_request("unsubscribe", EMAIL, action="unsub", reason="manual")
    response = post(visitor, body, headers)
    assert (response.status_code, response.content) == (200, b"")
    event = WebhookEvent.objects.get()
    fields = json.loads(event.body)
    assert event.kind == "unsubscribe"
    assert (fields["data[email]"], fields["data[reason]"]) == (EMAIL, "manual")
    assert EMAIL not in event.fingerprint
    assert timezone.now() - QueueState.load().last_webhook_at < timedelta(seconds=5)
    wake_up = DBTaskResult.objects.get(task_path__endswith="act_on_messages_task")
    assert event.due_at <= wake_up.run_after <= timezone.now() + timedelta(seconds=2)


def test_the_same_message_again_is_stored_once(visitor: Client, mailchimp: Sandbox) -> None:
    body, headers = mailchimp.webhook_request("unsubscribe", EMAIL)
    assert [post(visitor, body, headers).status_code for _ in range(3)] == [200, 200, 200]
    assert WebhookEvent.objects.count() == 1
    other, _ = mailchimp.webhook_request("profile", EMAIL)
    post(visitor, other)
    assert WebhookEvent.objects.count() == 2


def test_a_crowd_of_messages_writes_the_shared_row_once(
    visitor: Client, mailchimp: Sandbox, django_assert_max_num_queries: Any
) -> None:
    post(visitor, mailchimp.webhook_request("subscribe", EMAIL)[0])
    noted = QueueState.load().last_webhook_at
    for number in range(3):
        body, _ = mailchimp.webhook_request("subscribe", f"person{number}@example.org")
        with django_assert_max_num_queries(4):  # the queue's row, the message, and a savepoint around it
            post(visitor, body)
    assert QueueState.load().last_webhook_at == noted
    QueueState.objects.update(last_webhook_at=noted - timedelta(minutes=1))
    post(visitor, mailchimp.webhook_request("subscribe", "later@example.org")[0])
    assert QueueState.load().last_webhook_at >= noted


@pytest.mark.parametrize("kept", ["settings", "database"])
def test_with_a_signing_secret_only_signed_messages_are_taken(
    visitor: Client, mailchimp: Sandbox, settings: Any, caplog: pytest.LogCaptureFixture, kept: str
) -> None:
    if kept == "settings":
        settings.MAILCHIMP_WEBHOOK_SIGNING_SECRET = SECRET
        QueueState(pk=QueueState.PK, webhook_signing_secret=seal("another")).save()
    else:
        QueueState(pk=QueueState.PK, webhook_signing_secret=seal(SECRET)).save()
    body, signed = mailchimp.webhook_request("unsubscribe", EMAIL, secret=SECRET)
    good = signed["X-Mailchimp-Signature"]
    old = signature(SECRET, body, time.time() - 301)
    refused = ["", "v1=", "t=1", "t=x,v1=y", good[:-1], good.replace("v1", "v2"), old, signature("wrong", body), "é"]
    for value in refused:
        assert post(visitor, body, {"X-Mailchimp-Signature": value}).status_code == 403
    assert post(visitor, body).status_code == 403
    assert post(visitor, body + b"&more=1", signed).status_code == 403
    assert WebhookEvent.objects.count() == 0
    assert caplog.text.count("signature") == len(refused) + 2
    assert post(visitor, body, signed).status_code == 200
    assert WebhookEvent.objects.count() == 1


def test_a_lost_signing_secret_leaves_the_secret_address_to_protect(visitor: Client, mailchimp: Sandbox) -> None:
    QueueState(pk=QueueState.PK, webhook_signing_secret="sealed with another SECRET_KEY").save()
    assert post(visitor, mailchimp.webhook_request("unsubscribe", EMAIL)[0]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff\xfe\x00",
        b"type=unsubscribe",
        b"type=sms_subscribe&data[list_id]=a1b2c3d4e5",
        b"type=unsubscribe&data[list_id]=0000000000&data[email]=a@example.org",
        b"type=unsubscribe&data[list_id]=a1b2c3d4e5&data[email]=",
        b"type=campaign&data[list_id]=a1b2c3d4e5&data[id]=1",
        b"&".join(b"a=1" for _ in range(2000)),
    ],
)
def test_what_does_not_concern_us_is_answered_and_left_aside(
    visitor: Client, mailchimp: Sandbox, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    caplog.set_level(logging.INFO)
    assert post(visitor, body).status_code == 200
    assert WebhookEvent.objects.count() == 0
    assert "left aside" in caplog.text
    assert "example.org" not in caplog.text


def test_missing_fields_do_no_harm(visitor: Client, mailchimp: Sandbox) -> None:
    start = "type=cleaned&data[list_id]=a1b2c3d4e5"
    assert post(visitor, f"{start}&data[merges][EMAIL]=%%0000{EMAIL}%00".encode()).status_code == 200
    assert post(visitor, f"{start}&data[email]={EMAIL}%00".encode()).status_code == 200
    stored = [webhook.addresses_in(json.loads(event.body)) for event in WebhookEvent.objects.order_by("pk")]
    assert [EMAIL] in stored
    assert not any("\0" in address for addresses in stored for address in addresses)


def test_a_long_body_is_refused(visitor: Client, mailchimp: Sandbox) -> None:
    body, _ = mailchimp.webhook_request("unsubscribe", EMAIL)
    assert post(visitor, body + b"&x=" + b"y" * 65_536).status_code == 413
    assert post(visitor, body + b"&x=" + b"y" * 60_000).status_code == 200


def test_a_locked_database_is_answered_with_503(
    visitor: Client, mailchimp: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(events: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(webhook._messages, "_write", locked)
    response = post(visitor, mailchimp.webhook_request("unsubscribe", EMAIL)[0])
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_a_worker_that_cannot_be_woken_costs_no_message(
    visitor: Client, mailchimp: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(at: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("newsletter.webhook.wake_inbox", locked)
    assert post(visitor, mailchimp.webhook_request("unsubscribe", EMAIL)[0]).status_code == 200
    assert WebhookEvent.objects.count() == 1


KEYS = st.sampled_from(
    [
        "type",
        "fired_at",
        "data[id]",
        "data[list_id]",
        "data[email]",
        "data[old_email]",
        "data[new_email]",
        "data[merges][]",
    ]
)
VALUES = st.one_of(st.text(), st.sampled_from([*webhook.KINDS, "a1b2c3d4e5", EMAIL, "\0", "%00%ff", "[]"]))


@given(
    st.one_of(
        st.binary(max_size=300),
        st.dictionaries(KEYS, VALUES).map(lambda fields: urlencode(fields, errors="surrogatepass").encode()),
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
    st.sampled_from([FORM, "application/json", "multipart/form-data; boundary=x", "", "nonsense"]),
    st.booleans(),
)
def test_nothing_that_is_sent_causes_a_server_error(body: bytes, header: str, content_type: str, secret: bool) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=True)
    with override_settings(
        MAILCHIMP_AUDIENCE_ID="a1b2c3d4e5", MAILCHIMP_WEBHOOK_SIGNING_SECRET=SECRET if secret else ""
    ):
        response = client.post(
            webhook.path(), body, content_type=content_type, headers={"X-Mailchimp-Signature": header}
        )
    assert response.status_code in (200, 403)
