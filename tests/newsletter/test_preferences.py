"""The preference page: a signed link shows, a POST acts, and nobody keeps or learns anything."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as configured
from django.core import signing
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.logs import scrub_text
from newsletter import preference_page
from newsletter.models import Desired, Interest, OutboxEntry, Subscriber, Transition
from newsletter.preferences import leave, masked, preferences_url, save_profile
from newsletter.rights import erase
from newsletter.states import Source, State
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person() -> Subscriber:
    """A live subscriber."""
    return Subscriber.objects.create(
        email=EMAIL, email_key=EMAIL.lower(), first_name="Ada", last_name="Lovelace", state=State.SUBSCRIBED
    )


@pytest.fixture
def browser() -> Client:
    """A browser without cookies that checks for CSRF tokens, as the real site does."""
    return Client(enforce_csrf_checks=True)


def path_of(person: Subscriber) -> str:
    return preferences_url(person).removeprefix(configured.SITE_URL)


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def wish_of(person: Subscriber) -> str | None:
    return OutboxEntry.objects.open().filter(subscriber=person).values_list("desired", flat=True).first()


def test_the_link_is_absolute_and_holds_no_address(person: Subscriber) -> None:
    link = preferences_url(person)
    assert link.startswith("http://testserver/newsletter/preferences/")
    assert "ada" not in link.lower()
    assert "%40" not in link
    assert len(link.removeprefix(configured.SITE_URL)) < 120


def test_the_page_shows_and_changes_nothing(person: Subscriber, browser: Client) -> None:
    topic, other = Interest.objects.create(label="Stories"), Interest.objects.create(label="Programmes")
    Interest.objects.create(label="Old", is_offered=False)
    person.interests.add(topic)
    before = Subscriber.objects.values().get()
    for method in (browser.get, browser.head, browser.get):
        response = method(path_of(person))
        assert response.status_code == 200
    page = page_of(response)
    assert page.title.get_text().strip().startswith("Your newsletter")
    assert len(page.find_all("h1")) == 1
    assert "A…@e….org" in page.get_text()
    assert EMAIL.lower() not in response.content.decode().lower()
    assert page.find("input", {"name": "first_name"})["value"] == "Ada"
    ticked = {box["value"]: box.has_attr("checked") for box in page.select("[name=interests]")}
    assert ticked == {str(topic.pk): True, str(other.pk): False}
    assert Subscriber.objects.values().get() == before
    assert not OutboxEntry.objects.exists()
    assert not Transition.objects.exists()


def test_nobody_keeps_the_page_or_learns_its_address(person: Subscriber, browser: Client) -> None:
    for response in (
        browser.get(path_of(person)),
        browser.post(path_of(person), {"action": "save"}),
        browser.post(path_of(person), ONE_CLICK),
        browser.get("/newsletter/preferences/nonsense/"),
    ):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
        assert not response.has_header("ETag")
    token = path_of(person).split("/")[-2]
    assert token not in browser.get(path_of(person)).content.decode()
    assert "no-store" in browser.put(path_of(person))["Cache-Control"]


def test_names_and_topics_are_saved_and_passed_on(person: Subscriber, browser: Client) -> None:
    topic = Interest.objects.create(label="Stories")
    response = browser.post(
        path_of(person), {"action": "save", "first_name": "Augusta", "last_name": "", "interests": [topic.pk, "x"]}
    )
    assert (response.status_code, response["Location"]) == (303, f"{path_of(person)}?saved=1")
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.state) == ("Augusta", "", State.SUBSCRIBED)
    assert list(person.interests.all()) == [topic]
    assert wish_of(person) == Desired.PROFILE
    status = page_of(browser.get(response["Location"])).find(attrs={"role": "status"})
    assert "Your changes are saved" in status.get_text()


def test_saving_what_is_already_so_asks_for_nothing(person: Subscriber, browser: Client) -> None:
    browser.post(path_of(person), {"action": "save", "first_name": "Ada", "last_name": "Lovelace"})
    assert wish_of(person) is None


def test_a_topic_that_is_withdrawn_can_be_kept_and_given_up(person: Subscriber, browser: Client) -> None:
    old = Interest.objects.create(label="Old", is_offered=False)
    person.interests.add(old)
    assert page_of(browser.get(path_of(person))).find("input", {"name": "interests", "value": old.pk})
    browser.post(path_of(person), {"action": "save", "first_name": "A", "interests": old.pk})
    assert list(person.interests.all()) == [old]
    browser.post(path_of(person), {"action": "save", "first_name": "A"})
    assert not person.interests.exists()
    browser.post(path_of(person), {"action": "save", "first_name": "A", "interests": old.pk})
    assert not person.interests.exists()


def test_a_mistake_is_explained_and_kept(person: Subscriber, browser: Client) -> None:
    response = browser.post(path_of(person), {"action": "save", "first_name": "see www.spam.example"})
    assert response.status_code == 422
    page = page_of(response)
    assert page.title.get_text().strip().startswith("Error: ")
    assert page.find(attrs={"role": "alert"}).find("a")["href"] == "#preferences-first_name"
    assert page.find(id="preferences-first_name")["value"] == "see www.spam.example"
    person.refresh_from_db()
    assert person.first_name == "Ada"


def test_a_person_leaves_at_once_and_sees_how_to_come_back(person: Subscriber, browser: Client) -> None:
    response = browser.post(path_of(person), {"action": "leave"})
    assert (response.status_code, response["Location"]) == (303, f"{path_of(person)}?left=1")
    person.refresh_from_db()
    assert (person.state, person.next_look_at) == (State.UNSUBSCRIBED, None)
    assert wish_of(person) == Desired.UNSUBSCRIBED
    assert Transition.objects.get().source == Source.PERSON
    page = page_of(browser.get(response["Location"]))
    assert page.h1.get_text() == "You have left the mailing list"
    assert page.find("main").find("a", href="/newsletter/")
    assert page.find("main").find("form") is None


def test_leaving_twice_and_saving_afterwards_change_nothing(person: Subscriber, browser: Client) -> None:
    for fields in ({"action": "leave"}, {"action": "leave"}, ONE_CLICK, {"action": "save", "first_name": "Eve"}):
        assert browser.post(path_of(person), fields).status_code in (200, 303)
    assert OutboxEntry.objects.get().sequence == 1
    assert Transition.objects.count() == 1
    person.refresh_from_db()
    assert person.first_name == "Ada"


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://webmail.example"}])
def test_one_click_as_mail_services_send_it(person: Subscriber, browser: Client, headers: dict[str, str]) -> None:
    """RFC 8058: a POST with this body, from another site, that follows no redirect."""
    response = browser.post(path_of(person), ONE_CLICK, headers=headers)
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.state == State.UNSUBSCRIBED


def test_other_sites_cannot_send_the_form(person: Subscriber, browser: Client) -> None:
    for fields in ({"action": "leave"}, {"action": "save", "first_name": "Eve"}):
        response = browser.post(path_of(person), fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403
    person.refresh_from_db()
    assert (person.state, person.first_name) == (State.SUBSCRIBED, "Ada")


@pytest.mark.parametrize(
    "token",
    ["x", "1", "1.", ".", "1.x", "%00", "../..", "é", "9" * 4000, signing.Signer(sep=".", salt="other").sign("1")],
)
def test_a_wrong_link_gets_help(person: Subscriber, browser: Client, token: str) -> None:
    for method in (browser.get, browser.post):
        response = method(f"/newsletter/preferences/{token}/")
        assert response.status_code == 404
    if "/" not in token:
        assert "This link does not work" in page_of(response).h1.get_text()


@pytest.mark.parametrize("gone", ["erased", "deleted"])
def test_the_link_of_someone_who_is_gone_gets_the_same_help(person: Subscriber, browser: Client, gone: str) -> None:
    path = path_of(person)
    if gone == "erased":
        erase(person, Source.EDITOR)
    else:
        person.delete()
    response, unknown = browser.get(path), browser.get("/newsletter/preferences/1.x/")
    assert (response.status_code, response.content) == (404, unknown.content)
    assert browser.post(path, ONE_CLICK).status_code == 404


def test_links_survive_a_change_of_the_secret_key(person: Subscriber, browser: Client, settings: Any) -> None:
    path = path_of(person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]
    assert browser.get(path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(person: Subscriber, browser: Client, method: str) -> None:
    assert browser.generic(method, path_of(person)).status_code == 405


@pytest.mark.parametrize(
    ("email", "shown"),
    [("ada@example.org", "a…@e….org"), ("a@b.co.uk", "a…@b….uk"), ("", "…@…."), ("x", "x…@….")],
)
def test_masks(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_a_sign_up_on_its_way_is_not_replaced_by_a_change_of_name(
    sign_up_as: Callable[..., Subscriber], browser: Client
) -> None:
    person = sign_up_as()
    asked = OutboxEntry.objects.get().requested_at
    browser.post(path_of(person), {"action": "save", "first_name": "Augusta"})
    entry = OutboxEntry.objects.get()
    assert (entry.desired, entry.sequence, entry.requested_at) == (Desired.SUBSCRIBED, 2, asked)
    assert Subscriber.objects.get().first_name == "Augusta"


def test_someone_who_was_held_can_leave(sign_up_as: Callable[..., Subscriber], browser: Client) -> None:
    person = sign_up_as(held="Too many.")
    browser.post(path_of(person), {"action": "leave"})
    person.refresh_from_db()
    assert person.state == State.UNSUBSCRIBED


def test_leaving_by_another_way_names_its_source(person: Subscriber) -> None:
    leave(person, Source.EDITOR, "Asked us by telephone.")
    step = Transition.objects.get()
    assert (step.source, step.reason) == (Source.EDITOR, "Asked us by telephone.")


def test_a_database_that_cannot_be_written(person: Subscriber, browser: Client, monkeypatch: Any) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError(f"database is locked {EMAIL}")

    monkeypatch.setattr(preference_page, "save_profile", locked)
    monkeypatch.setattr(preference_page, "leave", locked)
    for fields in ({"action": "save", "first_name": "Augusta"}, {"action": "leave"}, ONE_CLICK):
        response = browser.post(path_of(person), fields)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
    response = browser.post(path_of(person), {"action": "save", "first_name": "Augusta"})
    assert page_of(response).find("input", {"name": "first_name"})["value"] == "Augusta"


def test_the_logs_do_not_hold_the_link(person: Subscriber, browser: Client, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    token = path_of(person).split("/")[-2]
    line = f"Not Found: {path_of(person)}?saved=1"
    assert token not in scrub_text(line)
    assert scrub_text(line).endswith("/newsletter/preferences/[secret]/?saved=1")


def test_a_profile_of_someone_unknown_to_mailchimp_is_only_kept(person: Subscriber) -> None:
    for state in (State.BOUNCED, State.REFUSED):
        Subscriber.objects.update(state=state)
        save_profile(person, state, "", [])
        assert wish_of(person) is None
        assert Subscriber.objects.get().first_name == state


FIELDS = ["action", "first_name", "last_name", "interests", "List-Unsubscribe", "email", "csrfmiddlewaretoken"]
values = st.text(max_size=200) | st.sampled_from(["save", "leave", "One-Click", "\0", "1", "9" * 30, "x" * 300])
quiet = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(data=st.dictionaries(st.sampled_from(FIELDS), st.lists(values, min_size=1, max_size=3)))
def test_no_form_makes_the_page_stumble(data: dict[str, list[str]]) -> None:
    person, _ = Subscriber.objects.get_or_create(email=EMAIL, email_key=EMAIL.lower())
    response = Client(enforce_csrf_checks=True).post(path_of(person), data)
    assert response.status_code in (200, 303, 400, 422)


@quiet
@given(
    token=st.text(max_size=60),
    body=st.binary(max_size=300),
    content_type=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain"]
    ),
    is_signed=st.booleans(),
)
def test_no_link_and_no_body_make_the_page_stumble(token: str, body: bytes, content_type: str, is_signed: bool) -> None:
    person, _ = Subscriber.objects.get_or_create(email=EMAIL, email_key=EMAIL.lower())
    path = path_of(person) if is_signed else f"/newsletter/preferences/{token}/"
    for method in ("GET", "POST"):
        assert Client().generic(method, path, body, content_type=content_type).status_code < 500
    long = Client().generic("POST", path, b"action=save&x=" + b"x" * 70_000, content_type=content_type)
    assert long.status_code == 413 if is_signed else long.status_code < 500
