"""Finding people in the admin: by address, which stays out of URLs and logs, and by filters."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from newsletter.admin import listing, search
from newsletter.hashes import erased_keys
from newsletter.models import Basis, ConsentWording, Interest, Subscriber
from newsletter.states import Origin, Source, State
from tests.newsletter.conftest import EMAIL, text_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
LISTING = "/admin/newsletter/subscriber/"
SEARCH = f"{LISTING}search/"


def people_listed(client: Client, **arguments: Any) -> set[str]:
    page = client.get(LISTING, arguments)
    assert page.status_code == 200
    return {subscriber.email for subscriber in page.context["object_list"]}


# --- Search ------------------------------------------------------------------------------------------


def test_a_person_is_found_by_a_part_of_their_address(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    sign_up_as("second@example.org")
    page = manager.post(SEARCH, {"term": " LOVELACE "}, follow=True)
    text = text_of(page)
    assert EMAIL in text
    assert "second@example.org" not in text
    assert b'value="LOVELACE"' in page.content  # still in the field
    assert "Nobody matches “nobody@”" in text_of(manager.post(SEARCH, {"term": "nobody@"}, follow=True))


def test_the_address_is_in_no_url_no_log_and_no_session_as_it_is(
    manager: Client, sign_up_as: SignUpAs, caplog: pytest.LogCaptureFixture
) -> None:
    sign_up_as()
    with caplog.at_level(logging.DEBUG, logger="root"):
        response = manager.post(SEARCH, {"term": EMAIL})
        page = manager.get(response.url)
    assert "lovelace" not in response.url.lower()
    for link in page.content.decode().lower().split('="')[1:]:
        if link.startswith(("/", "?", "http")):
            assert "lovelace" not in link.partition('"')[0]
    assert "lovelace" not in caplog.text.lower()
    [session] = Session.objects.all()
    assert search.SESSION_KEY in session.get_decoded()
    assert "lovelace" not in str(session.get_decoded()).lower()


def test_a_term_in_the_url_finds_nothing_out(manager: Client, sign_up_as: SignUpAs) -> None:
    """The old way: `?q=`. It is not listened to, and not handed on to other pages' addresses."""
    sign_up_as()
    page = manager.get(LISTING, {"q": "nobody"})
    assert EMAIL in text_of(page)


def test_a_search_belongs_to_its_session_and_ends_with_it(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    sign_up_as("second@example.org")
    address = manager.post(SEARCH, {"term": "second"}).url
    manager.session.flush()
    other = manager.get(address, follow=True)
    assert other.redirect_chain[0][1] == 302


def test_a_forgotten_search_says_so_and_exports_nothing(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    assert "That search is over" in text_of(manager.get(f"{LISTING}?found=unknown", follow=True))
    response = manager.post(f"{LISTING}export/csv/?found=unknown", follow=True)
    assert "Nothing was exported" in text_of(response)


def test_only_the_last_searches_are_kept(manager: Client) -> None:
    first = manager.post(SEARCH, {"term": "first"}).url
    for n in range(search.KEPT):
        manager.post(SEARCH, {"term": f"term {n}"})
    assert len(manager.session[search.SESSION_KEY]) == search.KEPT
    assert "That search is over" in text_of(manager.get(first, follow=True))


def test_a_search_keeps_the_filters_and_an_empty_one_clears_it(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as(held="Many came.")
    address = manager.post(f"{SEARCH}?state=held&p=3&found=old", {"term": "ada"}).url
    assert address.startswith(f"{LISTING}?state=held&found=")
    assert "p=3" not in address
    assert "old" not in address
    assert manager.post(f"{SEARCH}?state=held&found=old", {"term": " "}).url == f"{LISTING}?state=held"


@pytest.mark.parametrize(
    "term", ["\0", "%", "_", "'", '"><script>', "erased:", "x" * 5000, "\ud800".encode("utf-8", "replace")]
)
def test_no_search_makes_it_stumble(manager: Client, sign_up_as: SignUpAs, term: Any) -> None:
    sign_up_as()
    page = manager.post(SEARCH, {"term": term}, follow=True)
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert b'"><script>' not in page.content


def test_an_erased_person_is_found_by_their_whole_address_only(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    Subscriber.objects.filter(pk=subscriber.pk).update(email="", email_key=erased_keys(EMAIL)[0], state=State.ERASED)
    assert "Erased person" in text_of(manager.post(SEARCH, {"term": EMAIL}, follow=True))
    for part in ("lovelace", "erased", erased_keys(EMAIL)[0][7:15]):
        assert "Nobody matches" in text_of(manager.post(SEARCH, {"term": part}, follow=True))


def test_too_many_matches_are_cut_and_it_says_so(
    manager: Client, sign_up_as: SignUpAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for n in range(3):
        sign_up_as(f"person{n}@example.org")
    page = manager.post(SEARCH, {"term": "person"}, follow=True)
    assert "Type more of the address" in text_of(page)
    assert len(page.context["object_list"]) == 2


def test_searching_takes_a_post_with_a_token(manager: Client) -> None:
    assert manager.get(SEARCH).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post(SEARCH, {"term": "x"}).status_code == 403


# --- Filters -----------------------------------------------------------------------------------------


@pytest.fixture
def three(sign_up_as: SignUpAs) -> dict[str, Subscriber]:
    """Three people who differ in everything that can be filtered by."""
    topic = Interest.objects.create(label="Systems change")
    ConsentWording.objects.create(text="Words").publish()
    waiting = sign_up_as("waiting@example.org", page="/news/", interests=(topic,))
    held = sign_up_as("held@example.org", page="/about/", held="Many came.")
    imported = sign_up_as("imported@example.org")
    imported.settle(State.SUBSCRIBED, Source.RECONCILIATION)
    old = timezone.now() - timedelta(days=40)
    Subscriber.objects.filter(pk=held.pk).update(wording_version=1, basis=Basis.SOFT_OPT_IN)
    Subscriber.objects.filter(pk=imported.pk).update(
        origin=Origin.MAILCHIMP, basis="", wording_version=None, signed_up_at=old
    )
    return {"waiting": waiting, "held": held, "imported": imported}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"state": "held"}, {"held"}),
        ({"state": "subscribed"}, {"imported"}),
        ({"state": "subscribed", "origin": "mailchimp"}, {"imported"}),
        ({"state": "subscribed", "origin": "form"}, set()),
        ({"source_page": "/news/"}, {"waiting"}),
        ({"wording_version": "1"}, {"held"}),
        ({"wording_version": "0"}, {"waiting"}),
        ({"basis": "soft_opt_in"}, {"held"}),
        ({"origin": "mailchimp"}, {"imported"}),
        ({"origin": "form", "basis": "consent"}, {"waiting"}),
        ({"state": "nonsense"}, {"waiting", "held", "imported"}),
    ],
)
def test_each_filter(
    manager: Client, three: dict[str, Subscriber], arguments: dict[str, str], expected: set[str]
) -> None:
    assert people_listed(manager, **arguments) == {f"{name}@example.org" for name in expected}


@pytest.mark.parametrize("few", [0, 10_000])
def test_the_topic_filter_both_ways(
    manager: Client, three: dict[str, Subscriber], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.admin import filters

    monkeypatch.setattr(filters, "FEW", few)
    topic = Interest.objects.get()
    assert people_listed(manager, topic=topic.pk) == {"waiting@example.org"}
    assert people_listed(manager, topic=topic.pk, state="held") == set()


def test_the_dates_include_their_own_days(manager: Client, three: dict[str, Subscriber]) -> None:
    today = timezone.localdate()
    then = timezone.localdate(timezone.now() - timedelta(days=40))
    assert people_listed(manager, signed_up_from=then, signed_up_to=then) == {"imported@example.org"}
    assert people_listed(manager, signed_up_from=today) == {"waiting@example.org", "held@example.org"}
    assert people_listed(manager, signed_up_to=then - timedelta(days=1)) == set()


def test_the_filters_offer_what_there_is(manager: Client, three: dict[str, Subscriber]) -> None:
    form = manager.get(LISTING).context["selection"].filters
    assert [value for value, _ in form.fields["source_page"].choices] == ["", "/about/", "/news/"]
    assert [label for _, label in form.fields["wording_version"].choices] == ["Any", "Version 1", "Built-in wording"]
    assert "delivering" not in [value for value, _ in form.fields["state"].choices]


def test_a_wrong_filter_exports_nothing(manager: Client, three: dict[str, Subscriber]) -> None:
    response = manager.post(f"{LISTING}export/csv/?state=nonsense", follow=True)
    assert "Nothing was exported" in text_of(response)


# --- Order and pages ---------------------------------------------------------------------------------


def test_only_what_has_an_index_can_be_sorted_by(manager: Client, sign_up_as: SignUpAs) -> None:
    for name in ("b", "c", "a"):
        sign_up_as(f"{name}@example.org")
    order = [subscriber.email[0] for subscriber in manager.get(f"{LISTING}?o=0").context["object_list"]]
    assert order == ["a", "b", "c"]
    by_state = manager.get(f"{LISTING}?o=1").context["object_list"]
    assert by_state.query.order_by == ("-id",)


def test_pages_follow_each_other_without_gaps(
    manager: Client, sign_up_as: SignUpAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.admin.subscribers import SubscriberAdmin

    monkeypatch.setattr(SubscriberAdmin, "list_per_page", 2)
    for n in range(5):
        sign_up_as(f"person{n}@example.org")
    seen = [
        subscriber.email[6]
        for page in (1, 2, 3)
        for subscriber in manager.get(f"{LISTING}?p={page}").context["object_list"]
    ]
    assert seen == ["4", "3", "2", "1", "0"]
    monkeypatch.setattr(listing, "MOST_PAGES", 2)
    assert "Page 2 of 2" in text_of(manager.get(f"{LISTING}?p=2"))
