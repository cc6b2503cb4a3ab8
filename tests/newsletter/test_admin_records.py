"""Topics and wordings are edited; comparisons and messages from Mailchimp are only read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsletter.models import Basis, ConsentWording, Interest, Reconciliation, Subscriber, WebhookEvent
from tests.newsletter.conftest import EMAIL, text_of

pytestmark = pytest.mark.django_db
WORDINGS = "/admin/newsletter/consentwording/"
TOPICS = "/admin/newsletter/interest/"
EVENTS = "/admin/newsletter/webhookevent/"
COMPARISONS = "/admin/newsletter/reconciliation/"


# --- Consent wordings --------------------------------------------------------------------------------


def test_a_wording_is_written_published_and_then_fixed(manager: Client) -> None:
    words = {"text": "First words", "basis": "soft_opt_in"}
    assert manager.post(f"{WORDINGS}create/", words).status_code == 302
    wording = ConsentWording.objects.get()
    assert wording.basis == Basis.SOFT_OPT_IN
    page = manager.get(f"{WORDINGS}inspect/{wording.pk}/")
    assert "cannot be changed any more" in text_of(page)
    assert "Charitable-purpose soft opt-in" in text_of(page)
    assert manager.get(f"{WORDINGS}publish/{wording.pk}/").status_code == 405
    assert "Published as version 1" in text_of(manager.post(f"{WORDINGS}publish/{wording.pk}/", follow=True))
    for action in ("edit", "delete", "publish"):
        response = manager.post(f"{WORDINGS}{action}/{wording.pk}/", {"text": "Other words", "basis": "consent"})
        assert (response.status_code, response.url) == (302, "/admin/")
    wording.refresh_from_db()
    assert (wording.text, wording.basis, wording.version) == ("First words", "soft_opt_in", 1)
    text = text_of(manager.get(f"{WORDINGS}inspect/{wording.pk}/"))
    for gone in ("Publish this wording", "Edit the draft", "Delete the draft"):
        assert gone not in text


def test_a_new_wording_starts_from_the_one_of_now(manager: Client) -> None:
    ConsentWording.objects.create(text="Words of now", basis=Basis.SOFT_OPT_IN).publish()
    page = manager.get(f"{WORDINGS}create/")
    assert b"Words of now</textarea>" in page.content
    assert page.context["form"].initial["basis"] == Basis.SOFT_OPT_IN


def test_a_draft_can_be_edited_and_deleted(manager: Client) -> None:
    wording = ConsentWording.objects.create(text="Draft")
    manager.post(f"{WORDINGS}edit/{wording.pk}/", {"text": "Better", "basis": "consent"})
    wording.refresh_from_db()
    assert wording.text == "Better"
    manager.post(f"{WORDINGS}delete/{wording.pk}/")
    assert not ConsentWording.objects.exists()


# --- Topics ------------------------------------------------------------------------------------------


def test_a_topic_is_added_changed_and_no_longer_offered(manager: Client) -> None:
    assert "the form asks for none" in text_of(manager.get(TOPICS))
    manager.post(f"{TOPICS}create/", {"label": "Systems change", "tag": "", "sort_order": 1, "is_offered": "on"})
    topic = Interest.objects.offered().get()
    assert topic.tag_name == "Systems change"
    assert "Systems change" in text_of(manager.get(TOPICS))
    manager.post(f"{TOPICS}edit/{topic.pk}/", {"label": "Systems", "tag": "systems", "sort_order": 2})
    topic.refresh_from_db()
    assert (topic.label, topic.tag_name, topic.is_offered) == ("Systems", "systems", False)


def test_deleting_a_topic_says_how_many_chose_it(manager: Client, sign_up_as: Callable[..., Subscriber]) -> None:
    topic = Interest.objects.create(label="Systems change")
    assert "Nobody has chosen this topic" in text_of(manager.get(f"{TOPICS}delete/{topic.pk}/"))
    sign_up_as(interests=(topic,))
    text = text_of(manager.get(f"{TOPICS}delete/{topic.pk}/"))
    assert "1 person has chosen this topic" in text
    assert "untick “Offered” instead" in text
    manager.post(f"{TOPICS}delete/{topic.pk}/")
    assert not Interest.objects.exists()
    assert Subscriber.objects.exists()


# --- What the engine has noted -----------------------------------------------------------------------


@pytest.fixture
def events(db: None) -> list[WebhookEvent]:
    """A message that waits and one that is done; both hold an address."""
    body = "type=unsubscribe&data%5Bemail%5D=Ada.Lovelace%40example.org"
    return [
        WebhookEvent.objects.create(fingerprint="1", kind="unsubscribe", body=body),
        WebhookEvent.objects.create(
            fingerprint="2", kind="cleaned", body=body, done_at=timezone.now(), outcome="Taken over."
        ),
    ]


def test_messages_are_listed_without_what_stands_in_them(manager: Client, events: list[WebhookEvent]) -> None:
    page = manager.get(EVENTS)
    text = text_of(page)
    for part in ("unsubscribe", "cleaned", "Taken over.", "Waiting"):
        assert part in text
    for address in (EMAIL.encode(), b"Ada.Lovelace%40example.org"):
        assert address not in page.content
    assert [event.kind for event in manager.get(f"{EVENTS}?done=no").context["object_list"]] == ["unsubscribe"]
    assert [event.kind for event in manager.get(f"{EVENTS}?done=yes").context["object_list"]] == ["cleaned"]


def test_one_message_shows_its_fields(manager: Client, events: list[WebhookEvent]) -> None:
    assert f"data[email] {EMAIL}" in text_of(manager.get(f"{EVENTS}inspect/{events[0].pk}/"))


def test_a_message_that_is_no_form_is_shown_as_it_came(manager: Client) -> None:
    event = WebhookEvent.objects.create(fingerprint="3", kind="", body="<script>alert(1)</script>")
    page = manager.get(f"{EVENTS}inspect/{event.pk}/")
    assert "<script>alert(1)</script>" in text_of(page)
    assert b"<script>alert(1)" not in page.content


def test_comparisons_say_what_came_of_them(manager: Client) -> None:
    now = timezone.now()
    Reconciliation.objects.create(extent="full", finished_at=now, seen=1200, imported=7)
    Reconciliation.objects.create(extent="changes", started_at=now - timedelta(hours=1), error="No answer.")
    text = text_of(manager.get(COMPARISONS))
    for part in ("The whole audience", "Complete", "1200", "Stopped: No answer."):
        assert part in text
    newest = Reconciliation.objects.first()
    assert newest is not None
    assert "1200" in text_of(manager.get(f"{COMPARISONS}inspect/{newest.pk}/"))


@pytest.mark.parametrize("address", [EVENTS, COMPARISONS])
@pytest.mark.parametrize("action", ["create/", "edit/1/", "delete/1/"])
def test_they_cannot_be_written(manager: Client, address: str, action: str) -> None:
    assert manager.post(address + action).status_code == 404


@pytest.mark.parametrize("address", [EVENTS, COMPARISONS, TOPICS, WORDINGS])
@pytest.mark.parametrize("query", ["p=x", "p=99", "o=0", "o=-9", "body__contains=a", "done=x", "export=csv", "q=%00"])
def test_no_query_makes_a_list_stumble(manager: Client, events: list[WebhookEvent], address: str, query: str) -> None:
    response = manager.get(f"{address}?{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    if address == EVENTS and "done" not in query:
        assert len(response.context["object_list"]) == 2  # unknown arguments do not filter
