"""Webhooks: registration, events, signature, repetition."""

import hmac
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs

import pytest

from .helpers import ADA, BEN, LIST, md5, refused


class Receiver(ThreadingHTTPServer):
    """A website that receives webhooks: it counts GETs and keeps the headers and body of every POST."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.gets = 0
        self.get_status = 200
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.post_statuses: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_port}/newsletter/mailchimp/secret/"


class ReceiverHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        receiver = cast(Receiver, self.server)
        receiver.gets += 1
        self._answer(200 if self.path == "/elsewhere" else receiver.get_status)

    def do_POST(self):
        receiver = cast(Receiver, self.server)
        receiver.posts.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(receiver.post_statuses.pop(0) if receiver.post_statuses else 200)

    def _answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format, *args):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def signature_parts(headers):
    """Time and digest of X-Mailchimp-Signature."""
    match = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Mailchimp-Signature"])
    assert match
    return match.groups()


def events_of(receiver):
    return [{key: values[0] for key, values in parse_qs(body.decode(), True).items()} for _, body in receiver.posts]


ALL_EVENTS = dict.fromkeys(("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"), True)


def test_a_webhook_is_checked_by_get_and_its_secret_shown_once(client, receiver):
    body = {"url": receiver.url, "events": ALL_EVENTS, "sources": {"user": True, "admin": True, "api": False}}
    hook = client.lists.create_list_webhook(LIST, body)
    assert receiver.gets == 1
    assert len(hook["signing_secret"]) > 20
    listed = client.lists.get_list_webhooks(LIST)["webhooks"][0]
    assert "signing_secret" not in listed
    assert listed["signing_enabled"] is True
    assert listed["sources"] == {"user": True, "admin": True, "api": False}
    with refused(400, "Invalid Resource"):
        client.lists.create_list_webhook(LIST, body)
    assert client.lists.delete_list_webhook(LIST, hook["id"]).status_code == 204
    assert client.lists.get_list_webhooks(LIST)["total_items"] == 0


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_url_that_does_not_answer_get_with_2xx_is_no_webhook(client, receiver, status):
    receiver.get_status = status
    with refused(400, "Invalid Resource"):
        client.lists.create_list_webhook(LIST, {"url": receiver.url, "events": ALL_EVENTS})


def test_a_webhook_off_this_machine_is_refused(client):
    with refused(400, "Invalid Resource"):
        client.lists.create_list_webhook(LIST, {"url": "https://192.0.2.1/hook", "events": ALL_EVENTS})


def test_a_confirmation_is_delivered_as_a_signed_form(mailchimp, client, put, receiver):
    hook = client.lists.create_list_webhook(
        LIST, {"url": receiver.url, "events": ALL_EVENTS, "sources": {"user": True}}
    )
    put(ADA, status_if_new="pending", merge_fields={"FNAME": "Ada"}, ip_signup="192.0.2.7")
    mailchimp.confirm(ADA)
    assert mailchimp.wait_for_webhooks()
    [(headers, body)] = receiver.posts
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    moment, digest = signature_parts(headers)
    assert abs(time.time() - int(moment)) < 5
    expected = hmac.new(hook["signing_secret"].encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
    assert digest == expected
    [event] = events_of(receiver)
    assert event["type"] == "subscribe"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", event["fired_at"])
    assert (event["data[list_id]"], event["data[email]"]) == (LIST, ADA)
    assert event["data[merges][FNAME]"] == "Ada"
    assert event["data[merges][EMAIL]"] == ADA
    assert event["data[ip_signup]"] == "192.0.2.7"
    assert event["data[id]"] == mailchimp.contact(ADA)["unique_email_id"] != md5(ADA)


def test_every_kind_of_event_has_its_own_fields(mailchimp, receiver):
    mailchimp.register_webhook(receiver.url)
    for number in range(6):
        mailchimp.put_contact(f"n{number}@example.org", "subscribed")
    mailchimp.unsubscribe("n0@example.org")
    mailchimp.complain("n1@example.org")
    mailchimp.archive("n2@example.org")
    mailchimp.clean("n3@example.org")
    mailchimp.change_address("n4@example.org", "new@example.org")
    mailchimp.change_profile("n5@example.org", FNAME="Ada")
    assert mailchimp.wait_for_webhooks()
    unsubscribed, complained, archived, cleaned, renamed, changed = events_of(receiver)
    shown = [(e["type"], e["data[action]"], e["data[reason]"]) for e in (unsubscribed, complained, archived)]
    assert shown == [
        ("unsubscribe", "unsub", "manual"),
        ("unsubscribe", "unsub", "abuse"),
        ("unsubscribe", "delete", "manual"),
    ]
    assert (cleaned["type"], cleaned["data[reason]"], cleaned["data[email]"]) == ("cleaned", "hard", "n3@example.org")
    assert (renamed["data[old_email]"], renamed["data[new_email]"]) == ("n4@example.org", "new@example.org")
    assert (changed["type"], changed["data[merges][FNAME]"]) == ("profile", "Ada")
    assert "data[ip_signup]" not in changed


def test_sources_and_events_not_asked_for_are_not_delivered(mailchimp, put, receiver):
    mailchimp.register_webhook(receiver.url, events=["subscribe"], sources=["user"])
    put(ADA, status="subscribed")
    mailchimp.unsubscribe(ADA)
    mailchimp.put_contact(BEN, "pending")
    mailchimp.confirm(BEN)
    assert mailchimp.wait_for_webhooks()
    assert [(event["type"], event["data[email]"]) for event in events_of(receiver)] == [("subscribe", BEN)]


def test_with_the_source_api_our_own_writes_come_back(mailchimp, client, put, receiver):
    mailchimp.register_webhook(receiver.url, sources=["api"])
    put(ADA, status_if_new="pending")
    put(ADA, status="subscribed")
    put(ADA, merge_fields={"FNAME": "Ada"})
    client.lists.update_list_member(LIST, md5(ADA), {"status": "unsubscribed"})
    assert mailchimp.wait_for_webhooks()
    assert [event["type"] for event in events_of(receiver)] == ["subscribe", "profile", "unsubscribe"]


def test_a_permanent_deletion_sends_no_webhook(mailchimp, client, receiver):
    mailchimp.register_webhook(receiver.url, sources=["user", "admin", "api"])
    mailchimp.put_contact(ADA, "subscribed")
    client.lists.delete_list_member_permanent(LIST, md5(ADA))
    assert mailchimp.wait_for_webhooks()
    assert receiver.posts == []


def test_a_failed_delivery_is_repeated_until_it_succeeds(mailchimp, receiver):
    mailchimp.service.webhooks.retry_waits = (0.01, 0.01, 0.01)
    receiver.post_statuses = [500, 302]
    mailchimp.register_webhook(receiver.url)
    mailchimp.put_contact(ADA, "subscribed")
    mailchimp.unsubscribe(ADA)
    deadline = time.monotonic() + 5
    while not mailchimp.deliveries[0].delivered:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert mailchimp.deliveries[0].statuses == [500, 302, 200]
    assert len({body for _, body in receiver.posts}) == 1


def test_410_disables_a_webhook_for_good(mailchimp, receiver):
    receiver.post_statuses = [410]
    hook = mailchimp.register_webhook(receiver.url)
    for email in (ADA, BEN):
        mailchimp.put_contact(email, "subscribed")
        mailchimp.unsubscribe(email)
        assert mailchimp.wait_for_webhooks()
    assert len(receiver.posts) == 1
    assert hook.enabled is False


def test_webhooks_can_be_lost(mailchimp, receiver):
    mailchimp.register_webhook(receiver.url)
    mailchimp.put_contact(ADA, "subscribed")
    mailchimp.lose_webhooks = True
    mailchimp.unsubscribe(ADA)
    mailchimp.lose_webhooks = False
    assert mailchimp.wait_for_webhooks()
    assert receiver.posts == []
    assert mailchimp.service.webhooks.lost == 1


def test_an_event_can_be_made_by_hand_to_be_forged_or_replayed(mailchimp):
    body, headers = mailchimp.webhook_request("unsubscribe", ADA, secret="s3cret", reason="abuse")
    moment, digest = signature_parts(headers)
    assert digest == hmac.new(b"s3cret", f"{moment}.".encode() + body, "sha256").hexdigest()
    assert parse_qs(body.decode())["data[reason]"] == ["abuse"]
