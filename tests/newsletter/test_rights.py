"""A person's rights: find, export, erase; and that nothing of an erased person is left."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.log_actions import log

from newsletter.gateway import contact_hash
from newsletter.hashes import erased_keys
from newsletter.models import (
    Consent,
    Desired,
    Interest,
    OutboxEntry,
    SignUpTrace,
    Subscriber,
    Transition,
    WebhookEvent,
)
from newsletter.rights import erase, events_about, export_person, find
from newsletter.states import Source, State
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]


def message(email: str, number: int = 1, encode: Callable[..., str] = urlencode) -> WebhookEvent:
    """What Mailchimp sends about an address."""
    fields = {"type": "unsubscribe", "data[email]": email, "data[merges][FNAME]": "Ada"}
    return WebhookEvent.objects.create(fingerprint=f"{email}{number}"[:64], kind="unsubscribe", body=encode(fields))


@pytest.fixture
def person(sign_up_as: SignUpAs) -> Subscriber:
    """A person with everything that can be held on one."""
    topic = Interest.objects.create(label="Stories")
    subscriber = sign_up_as(
        first_name="Ada", last_name="Lovelace", page="/about/", interests=(topic,), ip="198.51.100.7"
    )
    OutboxEntry.objects.update(done_at=timezone.now(), error="Busy.")
    subscriber.mailchimp_id = "0123456789"
    subscriber.settle(State.SUBSCRIBED, Source.DELIVERY, "Confirmed.")
    message(EMAIL.lower())
    log(instance=subscriber, action="wagtail.edit")
    return subscriber


def everything_stored() -> str:
    """All rows of all tables, as text."""
    return "\n".join(
        str(row) for model in apps.get_models() for row in model._default_manager.values_list().iterator()
    ).lower()


@pytest.mark.parametrize("typed", [EMAIL, EMAIL.upper(), f"  {EMAIL.lower()}\n"])
def test_a_person_is_found_however_the_address_is_typed(person: Subscriber, typed: str) -> None:
    assert find(typed) == person


@pytest.mark.parametrize("typed", ["", "nobody@example.org", "%", "\0"])
def test_nobody_is_found(person: Subscriber, typed: str) -> None:
    assert find(typed.replace("\0", "")) is None


def test_the_export_holds_everything_and_is_json(person: Subscriber) -> None:
    message("someone.else@example.org")
    exported = json.loads(json.dumps(export_person(person)))
    assert exported["subscriber"]["email"] == EMAIL
    assert exported["subscriber"]["mailchimp_id"] == "0123456789"
    assert exported["topics"] == ["Stories"]
    (consent,) = exported["consents"]
    assert (consent["ip"], consent["page_path"], consent["interests"]) == ("198.51.100.7", "/about/", "Stories")
    assert datetime.fromisoformat(consent["given_at"]).utcoffset() == timedelta()
    assert [step["to_state"] for step in exported["history"]] == [State.WAITING, State.SUBSCRIBED]
    assert [entry["error"] for entry in exported["outbox"]] == ["Busy."]
    assert [event["kind"] for event in exported["messages_from_mailchimp"]] == ["unsubscribe"]
    assert "someone.else" not in json.dumps(exported)


def test_the_export_leaves_out_no_field_that_holds_the_person(person: Subscriber) -> None:
    """A field that is added to a model is exported, unless it is named here."""
    exported = export_person(person)
    for model, record, left_out in (
        (Subscriber, exported["subscriber"], set()),
        (Consent, exported["consents"][0], {"subscriber"}),
        (Transition, exported["history"][0], {"subscriber", "user"}),
        (OutboxEntry, exported["outbox"][0], {"subscriber", "lease_holder", "lease_until"}),
        (WebhookEvent, exported["messages_from_mailchimp"][0], {"fingerprint"}),
    ):
        assert set(record) == {field.name for field in model._meta.concrete_fields} - left_out


@pytest.mark.parametrize(
    ("body", "is_about"),
    [
        (urlencode({"data[email]": EMAIL}), True),
        (urlencode({"data[old_email]": EMAIL.upper()}), True),
        (json.dumps({"data": {"email": EMAIL.lower()}}), True),
        (f"data[email]={EMAIL}", True),
        (f"data[email]={quote(EMAIL).replace('%40', '%40')}&x=1", True),
        (urlencode({"data[email]": f"x{EMAIL}"}), False),
        (urlencode({"data[email]": f"{EMAIL}.uk"}), False),
        (urlencode({"data[email]": "other@example.org"}), False),
        ("", False),
    ],
)
def test_messages_are_recognised_in_whatever_way_they_are_written(
    person: Subscriber, body: str, is_about: bool
) -> None:
    WebhookEvent.objects.all().delete()
    WebhookEvent.objects.create(fingerprint="1", kind="profile", body=body)
    assert bool(events_about(person)) is is_about


@pytest.mark.parametrize("email", ["ada+news@example.org", "o'brien@example.org", "a_b%c@example.org", "~@example.org"])
def test_messages_about_addresses_with_special_characters_are_recognised(sign_up_as: SignUpAs, email: str) -> None:
    person = sign_up_as(email)
    message(email, 1)
    message(email, 2, encode=json.dumps)
    assert len(events_about(person)) == 2


def test_nothing_of_an_erased_person_is_left(person: Subscriber) -> None:
    assert "lovelace" in everything_stored()
    erase(person, Source.EDITOR)
    stored = everything_stored()
    for trace in ("ada.", "lovelace", "198.51", "0123456789", "/about/", "busy."):
        assert trace not in stored
    assert stored.count(contact_hash(EMAIL)) == 1
    person.refresh_from_db()
    assert (person.state, person.email, person.email_key) == (State.ERASED, "", erased_keys(EMAIL)[0])
    assert [entry.desired for entry in OutboxEntry.objects.open()] == [Desired.ERASED]
    step = Transition.objects.get()
    assert (step.to_state, step.source) == (State.ERASED, Source.EDITOR)
    assert find(EMAIL) is None


def test_others_are_left_alone(person: Subscriber, sign_up_as: SignUpAs) -> None:
    other = sign_up_as("x" + EMAIL)
    message(other.email)
    before = export_person(other)
    erase(person, Source.EDITOR)
    after = export_person(other)
    assert before | {"exported_at": ""} == after | {"exported_at": ""}


def test_erasing_names_the_editor_and_happens_once(person: Subscriber, editor: Any) -> None:
    erase(person, Source.EDITOR, editor)
    erase(person, Source.EDITOR)
    assert Transition.objects.get().user == editor
    assert OutboxEntry.objects.get().sequence == 1


def test_all_is_erased_or_nothing(person: Subscriber, monkeypatch: Any) -> None:
    from newsletter import rights

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    before = export_person(person)
    monkeypatch.setattr(rights, "want", fails)
    with pytest.raises(RuntimeError):
        erase(person, Source.EDITOR)
    assert export_person(Subscriber.objects.get()) | {"exported_at": ""} == before | {"exported_at": ""}


def test_mailchimp_is_told_only_when_no_worker_can_be_writing(person: Subscriber, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    lease_until = timezone.now() + timedelta(seconds=40)
    OutboxEntry.objects.open().update(lease_until=lease_until, lease_holder="worker")
    erase(person, Source.EDITOR)
    entry = OutboxEntry.objects.get()
    assert (entry.due_at, entry.lease_holder) == (lease_until, "")


def test_they_themselves_can_sign_up_again_and_be_erased_again(person: Subscriber, sign_up_as: SignUpAs) -> None:
    erase(person, Source.EDITOR)
    assert Client().post("/newsletter/", {"email": EMAIL}).status_code == 303
    again = find(EMAIL)
    assert again is not None
    assert again.pk != person.pk
    assert again.state == State.WAITING
    erase(again, Source.EDITOR)
    sign_up_as()
    assert Subscriber.objects.filter(state=State.ERASED).count() == 2
    assert Subscriber.objects.filter(email_key__in=erased_keys(EMAIL)).get() == again


def test_traces_cannot_be_attributed_and_stay(person: Subscriber) -> None:
    SignUpTrace.objects.create(network_hash="n", address_hash="a")
    erase(person, Source.EDITOR)
    assert SignUpTrace.objects.count() == 1


# --- Commands ----------------------------------------------------------------------------------------


def run(command: str, *arguments: str, typed: str = "", monkeypatch: Any = None) -> str:
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_export_by_command(person: Subscriber, monkeypatch: Any) -> None:
    assert json.loads(run("export_person", EMAIL))["subscriber"]["first_name"] == "Ada"
    typed = run("export_person", typed=f"{EMAIL.upper()}\n", monkeypatch=monkeypatch)
    assert json.loads(typed)["subscriber"]["email"] == EMAIL


def test_erase_by_command(person: Subscriber, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="Nothing was erased"):
        run("erase_person", EMAIL, typed="no\n", monkeypatch=monkeypatch)
    assert find(EMAIL)
    assert "Erased here" in run("erase_person", typed=f"{EMAIL}\nyes\n", monkeypatch=monkeypatch)
    assert find(EMAIL) is None


def test_erase_without_a_question(person: Subscriber) -> None:
    run("erase_person", EMAIL, "--yes")
    assert find(EMAIL) is None


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_an_unknown_address_is_not_repeated(command: str) -> None:
    with pytest.raises(CommandError) as error:
        run(command, "nobody@example.org")
    assert "nobody@" not in str(error.value)
