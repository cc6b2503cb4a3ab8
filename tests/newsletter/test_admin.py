"""The mailing list in the admin: what a newsletter manager sees and does, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from newsletter import queue
from newsletter.errors import OperatorMustAct
from newsletter.models import ConsentWording, OutboxEntry, QueueState, Subscriber
from newsletter.states import Source, State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of, text_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
LISTING = "/admin/newsletter/subscriber/"
WORDINGS = "/admin/newsletter/consentwording/"


def test_a_manager_sees_who_signed_up_and_where_they_stand(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as(page="/news/")
    refused = sign_up_as("second@example.org")
    refused.settle(State.REFUSED, Source.DELIVERY, "Mailchimp says that the address is not a real one.")
    text = text_of(manager.get(LISTING))
    for part in (EMAIL, "Waiting", "/news/", "second@example.org", "Refused", "not a real one"):
        assert part in text
    assert b"Mailing list" in manager.get("/admin/").content  # in the menu


@pytest.mark.parametrize(
    "query",
    [
        *("p=0", "p=-1", "p=999", "p=1e9", "p=" + "9" * 30, "o=99", "o=x", "q=%00", "e=1", "foo=1"),
        *("state=nonsense", "state=held&state=waiting", "email_key__startswith=a", "export=csv", "export=xlsx"),
    ],
)
def test_no_query_makes_the_listing_stumble(manager: Client, sign_up_as: SignUpAs, query: str) -> None:
    sign_up_as()
    response = manager.get(f"{LISTING}?{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")  # no export


def test_an_unknown_argument_does_not_filter(manager: Client, sign_up_as: SignUpAs) -> None:
    """It would let somebody find out, letter by letter, what other tables hold."""
    sign_up_as()
    assert EMAIL in text_of(manager.get(f"{LISTING}?outbox__lease_holder__startswith=x"))


def test_one_subscriber_with_history_and_evidence(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as(page="/about/")
    text = text_of(manager.get(f"{LISTING}inspect/{subscriber.pk}/"))
    for part in ("History", "Sign-up form", "Consent", "/about/", "You can unsubscribe at any time", "Deliveries"):
        assert part in text


@pytest.mark.parametrize("pk", ["abc", "0", "999999", "9" * 30, "_5F"])
def test_an_unknown_subscriber_is_not_found(manager: Client, pk: str) -> None:
    assert manager.get(f"{LISTING}inspect/{pk}/").status_code == 404
    assert manager.post(f"{LISTING}run/{pk}/").status_code == 404
    assert manager.get(f"{WORDINGS}inspect/{pk}/").status_code == 404
    assert manager.get(f"{WORDINGS}edit/{pk}/").status_code == 404
    assert manager.get(f"{WORDINGS}delete/{pk}/").status_code == 404
    assert manager.post(f"{WORDINGS}publish/{pk}/").status_code == 404


def test_a_stuck_sign_up_is_found_explained_run_again_and_delivered(
    manager: Client, mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Callable[..., Any]
) -> None:
    mailchimp.put_contact(EMAIL, "fake")
    subscriber = sign_up_as()
    deliver()
    page = manager.get(f"{LISTING}inspect/{subscriber.pk}/")
    assert "not a real one" in text_of(page)
    form = BeautifulSoup(page.content, "html.parser").find("form", action=f"{LISTING}run/{subscriber.pk}/")
    assert form["method"] == "post"
    mailchimp.reset()
    response = manager.post(form["action"], follow=True)
    assert "sent to Mailchimp in a moment" in text_of(response)
    assert "An editor asked for it" in text_of(response)
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
    assert "Editor (manager)" in text_of(manager.get(f"{LISTING}inspect/{subscriber.pk}/"))


def test_a_held_sign_up_can_be_released(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as(held="Many came.")
    assert "Release and send" in text_of(manager.get(f"{LISTING}inspect/{subscriber.pk}/"))
    manager.post(f"{LISTING}run/{subscriber.pk}/")
    assert OutboxEntry.objects.due().count() == 1


def test_someone_who_left_has_no_button_and_cannot_be_run(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    OutboxEntry.objects.all().delete()
    subscriber.settle(State.UNSUBSCRIBED, Source.WEBHOOK, "Unsubscribed at Mailchimp.")
    assert "send again" not in text_of(manager.get(f"{LISTING}inspect/{subscriber.pk}/"))
    assert "Only they can sign up again" in text_of(manager.post(f"{LISTING}run/{subscriber.pk}/", follow=True))
    assert not OutboxEntry.objects.exists()


def test_running_again_takes_a_post_with_a_token(manager: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    assert manager.get(f"{LISTING}run/{subscriber.pk}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post(f"{LISTING}run/{subscriber.pk}/").status_code == 403


@pytest.mark.parametrize("action", ["create/", "edit/{pk}/", "delete/{pk}/", "history/{pk}/"])
def test_subscribers_cannot_be_written_by_hand(manager: Client, sign_up_as: SignUpAs, action: str) -> None:
    subscriber = sign_up_as()
    assert manager.get(LISTING + action.format(pk=subscriber.pk)).status_code == 404


def test_an_editor_without_the_role_reaches_nothing(
    editor_client: Client, sign_up_as: SignUpAs, django_user_model: Any
) -> None:
    subscriber = sign_up_as()
    wording = ConsentWording.objects.create(text="Draft")
    home = editor_client.get("/admin/")
    assert home.status_code == 200
    assert b"Mailing list" not in home.content
    assert b"not connected" not in home.content
    addresses = [LISTING, f"{LISTING}inspect/{subscriber.pk}/", WORDINGS, f"{WORDINGS}create/"]
    addresses += [f"{WORDINGS}{action}/{wording.pk}/" for action in ("inspect", "edit", "delete")]
    for address in addresses:
        response = editor_client.get(address)
        assert (response.status_code, response.url) == (302, "/admin/"), address
        assert EMAIL.encode() not in response.content
    for address in (f"{LISTING}run/{subscriber.pk}/", f"{WORDINGS}publish/{wording.pk}/"):
        assert editor_client.post(address).status_code == 302
    wording.refresh_from_db()
    assert not wording.is_published
    assert state_of() == State.WAITING


def test_strangers_are_sent_to_the_login(client: Client, sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    for address in (LISTING, f"{LISTING}inspect/{subscriber.pk}/", WORDINGS):
        assert client.get(address).url.startswith("/admin/login/")
    assert client.post(f"{LISTING}run/{subscriber.pk}/").url.startswith("/admin/login/")


def test_looking_is_not_running(sign_up_as: SignUpAs, django_user_model: Any) -> None:
    user = django_user_model._default_manager.create_user("reader", password="a long password for tests")
    for codename in ("access_admin", "view_subscriber"):
        user.user_permissions.add(permission(codename))
    client = Client()
    client.force_login(user)
    subscriber = sign_up_as(held="Many came.")
    page = client.get(f"{LISTING}inspect/{subscriber.pk}/")
    assert EMAIL in text_of(page)
    assert b"/subscriber/run/" not in page.content
    client.post(f"{LISTING}run/{subscriber.pk}/")
    assert state_of() == State.HELD


def permission(codename: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename)


# --- Notices -----------------------------------------------------------------------------------------


def test_without_a_key_the_admin_says_so(manager: Client, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    for address in ("/admin/", LISTING):
        assert "Sign-ups are kept and wait; they will be sent once Mailchimp is connected" in text_of(
            manager.get(address)
        )
    assert "Mailchimp is not connected yet." in text_of(manager.get(LISTING))


def test_a_paused_queue_is_announced_with_its_reason(manager: Client, mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    sign_up_as()
    assert "paused" not in text_of(manager.get(LISTING))
    queue.pause(OperatorMustAct("Mailchimp refuses the API key."))
    for address in ("/admin/", LISTING):
        assert "Deliveries are paused since" in text_of(manager.get(address))
    assert text_of(manager.get(LISTING)).count("Mailchimp refuses the API key.") == 2  # the notice, and the row's why


def test_an_outage_and_held_sign_ups_are_announced(manager: Client, mailchimp: Sandbox, sign_up_as: SignUpAs) -> None:
    QueueState.objects.create(pk=QueueState.PK, outage_since=timezone.now())
    sign_up_as(held="Many came.")
    text = text_of(manager.get("/admin/"))
    assert "Mailchimp has not answered since" in text
    assert "1 sign-up is held" in text


def test_the_listing_takes_the_same_queries_for_many(
    manager: Client, sign_up_as: SignUpAs, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        sign_up_as(f"person{n}@example.org")
    manager.get(LISTING)
    with django_assert_max_num_queries(24):
        manager.get(LISTING)
