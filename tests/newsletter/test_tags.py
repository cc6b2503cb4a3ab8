"""Tags and fields that go to Mailchimp with a sign-up."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from newsletter import delivery, payload
from newsletter.models import Basis, Interest, OutboxEntry, Subscriber
from newsletter.models.consent import Wording
from newsletter.service import SignUp, sign_up
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
Deliver = Callable[..., delivery.Report]


@pytest.fixture
def topics() -> tuple[Interest, Interest]:
    return Interest.objects.create(label="News"), Interest.objects.create(label="Events", tag="Website: events")


def tags(mailchimp: Sandbox, email: str = EMAIL) -> set[str]:
    return {tag["name"] for tag in mailchimp.contact(email)["tags"]}


def methods(mailchimp: Sandbox) -> list[str]:
    return [record.method for record in mailchimp.requests_for(EMAIL)]


@pytest.mark.parametrize("others", [0, 25])
def test_a_sign_up_brings_its_tags_alone_and_in_bulk(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, topics: Any, others: int
) -> None:
    sign_up_as(page="/newsletter/", interests=topics, language="cy-gb")
    for number in range(others):
        sign_up_as(f"person{number}@example.org")
    deliver()
    assert tags(mailchimp) == {"Website", "Page: /newsletter/", "News", "Website: events"}
    assert mailchimp.contact(EMAIL)["language"] == "cy"
    if others:
        assert tags(mailchimp, "person1@example.org") == {"Website"}


def test_the_soft_opt_in_is_told_apart(mailchimp: Sandbox, deliver: Deliver) -> None:
    wording = Wording("You may refuse.", version=1, basis=Basis.SOFT_OPT_IN)
    sign_up(SignUp(email=EMAIL, wording=wording))
    deliver()
    assert "Soft opt-in" in tags(mailchimp)


def test_a_long_page_is_cut_to_what_mailchimp_takes(mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver) -> None:
    sign_up_as(page=f"/{'long/' * 40}")
    deliver()
    assert max(len(tag) for tag in tags(mailchimp)) == 100


def test_tags_that_are_there_cost_no_call(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, topics: Any
) -> None:
    sign_up_as(interests=topics)
    deliver()
    assert methods(mailchimp) == ["GET", "PUT", "POST"]
    sign_up_as(interests=topics)
    deliver()
    assert methods(mailchimp)[3:] == ["GET", "PUT"]


def test_a_stranger_does_not_change_the_tags_of_a_live_subscriber(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, topics: Any
) -> None:
    mailchimp.put_contact(EMAIL, "subscribed", tags=["Donor"])
    sign_up_as(page="/elsewhere/", interests=topics)  # nobody here knows yet that the contact is live
    deliver()
    assert tags(mailchimp) == {"Donor"}
    sign_up_as(page="/elsewhere/", interests=topics)
    deliver()
    assert tags(mailchimp) == {"Donor"}
    assert methods(mailchimp) == ["GET", "GET"]


@pytest.mark.parametrize("double_opt_in", [True, False])
def test_tags_that_could_not_be_given_are_given_later(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, topics: Any, double_opt_in: bool
) -> None:
    """Also with single opt-in, where the contact has become a live subscriber meanwhile, by our own doing."""
    mailchimp.double_optin = double_opt_in
    mailchimp.fail("problem", status=503, path="/tags", times=1)
    sign_up_as(interests=topics[:1])
    deliver()
    assert (state_of(), OutboxEntry.objects.open().count()) == (State.WAITING, 1)
    deliver()
    assert tags(mailchimp) == {"Website", "News"}
    assert state_of() == (State.AWAITING_CONFIRMATION if double_opt_in else State.SUBSCRIBED)
    assert mailchimp.confirmation_mails(EMAIL) == (1 if double_opt_in else 0)


def test_a_contact_that_is_deleted_before_it_gets_its_tags_pauses_nothing(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, monkeypatch: Any
) -> None:
    real = payload.missing_tags

    def deleted(*args: Any) -> Any:
        monkeypatch.setattr(payload, "missing_tags", real)
        mailchimp.remove_contact(EMAIL)
        return real(*args)

    monkeypatch.setattr(payload, "missing_tags", deleted)
    sign_up_as()
    report = deliver()
    assert report.counts == {"waiting": 1}
    assert report.stopped == ""


@pytest.mark.parametrize("others", [0, 25])
@pytest.mark.parametrize("keeps", [True, False])
def test_the_ip_address_is_sent_only_when_the_policy_says_so(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, settings: Any, keeps: bool, others: int
) -> None:
    settings.SIGNUP_STORE_IP = keeps
    sign_up_as(ip="203.0.113.9")
    for number in range(others):
        sign_up_as(f"person{number}@example.org")
    deliver()
    assert mailchimp.contact(EMAIL)["ip_signup"] == ("203.0.113.9" if keeps else "")
    if not keeps:
        assert "203.0.113.9" not in str([record.body for record in mailchimp.requests])


@pytest.fixture
def own_pages(monkeypatch: Any) -> None:
    """Everybody's own page at an address that tells them apart."""
    module = sys.modules.get("newsletter.preferences") or ModuleType("newsletter.preferences")
    monkeypatch.setitem(sys.modules, "newsletter.preferences", module)
    monkeypatch.setattr(module, "preferences_url", lambda person: f"https://example.org/p/{person.pk}/", raising=False)


@pytest.mark.parametrize("others", [0, 25])
def test_the_link_to_the_persons_own_page_goes_along_when_the_audience_has_a_field_for_it(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, own_pages: None, others: int
) -> None:
    from tests.mailchimp_sandbox.merge_fields import add_merge_field

    field = {"tag": payload.PREFERENCES_TAG, "name": "Preferences", "type": "text"}
    add_merge_field(mailchimp.service.audience.merge_fields, field)
    people = [sign_up_as(), *(sign_up_as(f"person{number}@example.org") for number in range(others))]
    deliver()
    for person in people:
        assert mailchimp.contact(person.email)["merge_fields"]["PREFS"] == f"https://example.org/p/{person.pk}/"


def test_without_such_a_field_no_link_is_sent(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Deliver, own_pages: None
) -> None:
    sign_up_as(first_name="Ada")
    deliver()
    (put,) = [record for record in mailchimp.requests_for(EMAIL) if record.method == "PUT"]
    assert put.body["merge_fields"] == {"FNAME": "Ada"}
