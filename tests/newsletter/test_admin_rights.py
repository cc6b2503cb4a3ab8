"""What a manager does for people: erase them, give them what is held, release what was held."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from newsletter.admin import release
from newsletter.models import Consent, Desired, OutboxEntry, Subscriber, Transition
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of, text_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
LISTING = "/admin/newsletter/subscriber/"


def erase(manager: Client, subscriber: Subscriber) -> Any:
    return manager.post(f"{LISTING}erase/{subscriber.pk}/", follow=True)


# --- Erasing -----------------------------------------------------------------------------------------


def test_erasing_says_first_what_happens(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    page = manager.get(f"{LISTING}inspect/{subscriber.pk}/")
    link = BeautifulSoup(page.content, "html.parser").find("a", string="Erase this person…")
    text = text_of(manager.get(link["href"]))
    for part in (EMAIL, "cannot be undone", "evidence of their consent", "Mailchimp for good", "own sign-up form"):
        assert part in text
    assert state_of() == State.WAITING  # nothing happened by looking


def test_an_erased_person_is_gone_here_and_offers_nothing(
    manager: Client, sign_up_as: SignUpAs, mailchimp: Sandbox
) -> None:
    subscriber = sign_up_as(first_name="Ada", page="/news/")
    text = text_of(erase(manager, subscriber))
    assert "The person is erased here." in text
    assert "Erased person" in text
    assert "Erased for good" in text  # what is still to be told to Mailchimp
    for gone in (EMAIL, "Ada", "/news/", "send again", "Download", "Erase this person"):
        assert gone not in text
    assert "Erased person" in text_of(manager.get(LISTING))
    assert not Consent.objects.exists()
    assert OutboxEntry.objects.get().desired == Desired.ERASED


def test_an_erased_person_cannot_be_acted_on(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    erase(manager, subscriber)
    entries = OutboxEntry.objects.count()
    for action in ("run", "data", "erase"):
        manager.post(f"{LISTING}{action}/{subscriber.pk}/")
    assert OutboxEntry.objects.count() == entries
    assert Subscriber.objects.get().state == State.ERASED


def test_the_log_says_who_erased_but_not_whom(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    manager.post(f"{LISTING}search/", {"term": EMAIL})
    erase(manager, subscriber)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user.username, entry.label) == (
        "newsletter.erase",
        "manager",
        f"Subscriber {subscriber.pk}",
    )
    assert "newsletter_searches" not in manager.session  # what was typed to find them is gone too
    [step] = Transition.objects.filter(subscriber=subscriber)
    assert (step.to_state, step.source, step.user.username) == (State.ERASED, Source.EDITOR, "manager")


def test_erasing_reaches_mailchimp(
    manager: Client, sign_up_as: SignUpAs, mailchimp: Sandbox, deliver: Callable[..., Any]
) -> None:
    subscriber = sign_up_as()
    deliver()
    assert mailchimp.contact(EMAIL)
    erase(manager, subscriber)
    deliver()
    assert mailchimp.contact(EMAIL) is None
    assert "Delivered" in text_of(manager.get(f"{LISTING}inspect/{subscriber.pk}/"))


# --- What is held ------------------------------------------------------------------------------------


def test_what_is_held_is_downloaded_and_logged(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as(first_name="Ada")
    response = manager.post(f"{LISTING}data/{subscriber.pk}/")
    assert response["Content-Type"] == "application/json"
    name = f"what-we-hold-{subscriber.pk}-{timezone.localdate()}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    held = json.loads(response.content)
    assert held["subscriber"]["first_name"] == "Ada"
    assert held["consents"][0]["email"] == EMAIL
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.label) == ("newsletter.download", f"Subscriber {subscriber.pk}")
    assert manager.get(f"{LISTING}data/{subscriber.pk}/").status_code == 405


@pytest.mark.parametrize(
    ("codename", "action"),
    [("delete_subscriber", "erase"), ("export_subscriber", "data"), ("change_subscriber", "run")],
)
def test_each_right_is_needed_for_its_own_action(
    sign_up_as: SignUpAs, django_user_model: Any, codename: str, action: str
) -> None:
    subscriber = sign_up_as(held="Many came.")
    user = django_user_model._default_manager.create_user("reader", password="a long password for tests")
    actions = {"change_subscriber", "delete_subscriber", "export_subscriber", "view_subscriber", "access_admin"}
    user.user_permissions.set(Permission.objects.filter(codename__in=actions - {codename}))
    client = Client()
    client.force_login(user)
    page = client.get(f"{LISTING}inspect/{subscriber.pk}/")
    assert f"/subscriber/{action}/".encode() not in page.content
    response = client.post(f"{LISTING}{action}/{subscriber.pk}/")
    assert (response.status_code, response.headers.get("Location")) == (302, "/admin/")
    assert state_of() == State.HELD


# --- Releasing ---------------------------------------------------------------------------------------


@pytest.fixture
def held(sign_up_as: SignUpAs) -> list[Subscriber]:
    return [sign_up_as(f"person{n}@example.org", held="Many came.") for n in range(5)]


def test_releasing_asks_first_and_says_how_many(manager: Client, held: list[Subscriber]) -> None:
    assert "release them all" in text_of(manager.get("/admin/"))
    page = manager.get(f"{LISTING}release/")
    text = text_of(page)
    for part in ("5 sign-ups are held", "Release all 5", "person4@example.org"):
        assert part in text
    assert OutboxEntry.objects.due().count() == 0


def test_all_held_sign_ups_are_released_in_batches(
    manager: Client, held: list[Subscriber], sign_up_as: SignUpAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "BATCH", 2)
    waiting = sign_up_as()
    OutboxEntry.objects.filter(subscriber=waiting).update(due_at=timezone.now() + timedelta(hours=1))
    asked = dict(OutboxEntry.objects.values_list("subscriber_id", "requested_at"))
    text = text_of(manager.post(f"{LISTING}release/", follow=True))
    assert "5 sign-ups are released" in text
    assert OutboxEntry.objects.due().count() == 5  # the waiting one is not hurried
    assert dict(OutboxEntry.objects.values_list("subscriber_id", "requested_at")) == asked
    for subscriber in held:
        step = subscriber.transitions.last()
        assert (step.from_state, step.to_state, step.source) == (State.HELD, State.WAITING, Source.EDITOR)
        assert step.user.username == "manager"
        assert state_of(subscriber.email) == State.WAITING
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data, entry.message) == (
        "newsletter.release",
        {"count": 5},
        "Released 5 held sign-ups",
    )


def test_what_came_after_the_question_stays_held(manager: Client, held: list[Subscriber], sign_up_as: SignUpAs) -> None:
    page = manager.get(f"{LISTING}release/")
    until = BeautifulSoup(page.content, "html.parser").find("input", {"name": "until"})["value"]
    sign_up_as("late@example.org", held="Many came.")
    manager.post(f"{LISTING}release/", {"until": until})
    assert state_of("late@example.org") == State.HELD
    assert state_of("person0@example.org") == State.WAITING


@pytest.mark.parametrize(
    "until", ["", "nonsense", "2026-13-45T99:00", "2026-01-01T00:00:00", "9999-12-31T23:59:59+00:00"]
)
def test_a_strange_time_releases_what_is_held_now(manager: Client, held: list[Subscriber], until: str) -> None:
    manager.post(f"{LISTING}release/", {"until": until})
    assert not Subscriber.objects.filter(state=State.HELD).exists()


def test_with_nothing_held_there_is_no_button(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    page = manager.get(f"{LISTING}release/")
    assert "Nothing is held." in text_of(page)
    assert BeautifulSoup(page.content, "html.parser").find("form", {"method": "post", "action": None}) is None
