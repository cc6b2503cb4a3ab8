"""The desk from which issues are sent: who may, what is checked first, and what the forms refuse."""

import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageViewRestriction

from newsletter.admin.campaign_forms import AddressesForm, SendForm
from newsletter.campaigns import checks, desk
from newsletter.campaigns.letter import letter_of
from newsletter.models import Campaign, CampaignState, IssuePage, Recipients
from tests import factories as make
from tests.newsletter.campaigns import change, fresh, work
from tests.newsletter.conftest import text_of
from tests.newsletter.test_letter import latest, parts, picked


def address(campaign: Campaign, action: str = "inspect") -> str:
    return reverse(f"newsletter_campaign_modeladmin_{action}", args=[campaign.pk])


def send(client: Client, campaign: Campaign, **fields: Any) -> Any:
    """Press "Send" on the desk as it is now."""
    shown = BeautifulSoup(client.get(address(campaign)).content, "html.parser")
    fingerprint = shown.find("input", attrs={"name": "fingerprint"})["value"]
    data = {"wish": "send", "recipients": "audience", "when": "now", "sure": "on", "fingerprint": fingerprint}
    return client.post(address(campaign), data | fields, follow=True)


def found(campaign: Campaign) -> dict[str, bool]:
    """What the checks say, and whether it is an error."""
    campaign = fresh(campaign)
    version = desk.version_in_hand(campaign)
    return {it.text: it.is_error for it in checks.findings(campaign, version, desk.letter_in_hand(campaign))}


def says(campaign: Campaign, words: str) -> bool | None:
    """Whether what has these words in it is an error; None when nothing has."""
    return next((is_error for text, is_error in found(campaign).items() if words in text), None)


# --- The desk ----------------------------------------------------------------------------------------


def test_an_issue_is_listed_tested_and_sent(readers, campaign, manager):
    assert "What places taught us" in text_of(manager.get(reverse("newsletter_campaign_modeladmin_index")))
    assert "has not been sent as a test yet" in text_of(manager.get(address(campaign)))
    answer = manager.post(address(campaign), {"wish": "test", "addresses": "a@example.org, b@example.org"}, follow=True)
    assert "The test is on its way" in text_of(answer)
    work(campaign)
    assert readers.campaigns[0].tests[0].emails == ["a@example.org", "b@example.org"]
    assert "has not been sent as a test yet" not in text_of(manager.get(address(campaign)))
    assert "Mailchimp gets it in a moment" in text_of(send(manager, campaign))
    work(campaign)
    shown = text_of(manager.get(address(campaign)))
    assert "Everybody who is subscribed" in shown
    assert "Send the issue" not in shown
    labels = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"newsletter.test_issue", "newsletter.send_issue"} <= labels
    assert "example.org" not in str(list(ModelLogEntry.objects.values()))


def test_a_segment_and_a_time_are_chosen(readers, campaign, manager):
    number = readers.add_segment("North", "ada@example.org")
    day = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
    answer = send(manager, campaign, recipients=f"segment:{number}", when="later", day=day, time="09:15")
    assert "Cancel the sending" in text_of(answer)
    planned = fresh(campaign)
    assert (planned.recipients, planned.segment_id, planned.segment_name) == (Recipients.SEGMENT, number, "North")
    assert planned.send_at.astimezone(datetime.UTC).minute == 15
    work(campaign)
    assert readers.campaigns[0].status == "schedule"
    manager.post(address(campaign), {"wish": "cancel"})
    work(campaign)
    assert readers.campaigns[0].status == "save"


def test_london_time_is_meant_in_summer_and_in_winter(readers, campaign, manager):
    with time_machine.travel("2026-06-01 12:00:00+00:00", tick=True):
        send(manager, campaign, when="later", day="2026-07-01", time="09:00")
    assert fresh(campaign).send_at == datetime.datetime(2026, 7, 1, 8, 0, tzinfo=datetime.UTC)


def test_an_issue_without_a_tick_is_not_sent_and_what_was_chosen_stays(readers, campaign, manager):
    answer = send(manager, campaign, sure="", when="later", day="2031-01-02", time="10:45")
    assert "Tick this when you have read the issue" in text_of(answer)
    shown = BeautifulSoup(answer.content, "html.parser")
    assert shown.find("input", attrs={"name": "day"})["value"] == "2031-01-02"
    assert shown.find("option", value="10:45").has_attr("selected")
    assert fresh(campaign).state == CampaignState.DRAFT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"when": "later"}, "Choose the day"),
        ({"when": "later", "day": "2020-01-01", "time": "09:00"}, "That is past"),
        ({"when": "later", "day": "2999-01-01", "time": "09:00"}, "more than a year ahead"),
        ({"when": "later", "day": "nonsense", "time": "09:00"}, "Enter a valid date"),
        ({"when": "later", "day": "2030-01-01", "time": "09:07"}, "Select a valid choice"),
        ({"when": "later", "day": "2027-03-28", "time": "01:30"}, "there is no such time"),
        ({"recipients": "segment:4711"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_done_is_said(fields, words):
    data = {"recipients": "audience", "when": "now", "sure": "on", "fingerprint": "x"} | fields
    with time_machine.travel("2027-03-01 12:00:00+00:00", tick=True):
        form = SendForm(data, choices=[], campaign=Campaign())
        assert words in str(form.errors)


ELEVEN = ",".join(f"a{number}@example.org" for number in range(11))


@pytest.mark.parametrize("addresses", ["", "nobody", "a@example.org b@", ELEVEN])
def test_a_test_wants_addresses(addresses):
    assert "addresses" in AddressesForm({"addresses": addresses}).errors


def test_an_issue_that_changed_since_it_was_read_is_not_sent(readers, campaign, manager):
    before = desk.letter_in_hand(campaign).fingerprint
    change(campaign, introduction="Other words.")
    data = {"wish": "send", "recipients": "audience", "when": "now", "sure": "on", "fingerprint": before}
    answer = manager.post(address(campaign), data)
    assert "has been changed since" in text_of(answer)
    assert fresh(campaign).state == CampaignState.DRAFT


def test_a_second_press_of_the_button_does_nothing(readers, campaign, manager):
    send(manager, campaign)
    first = fresh(campaign)
    data = {"wish": "send", "recipients": "audience", "when": "now", "sure": "on", "fingerprint": first.fingerprint}
    assert "Nothing was done" in text_of(manager.post(address(campaign), data, follow=True))
    assert fresh(campaign).sequence == first.sequence


def test_errors_keep_an_issue_from_being_sent(readers, campaign, manager):
    campaign.issue.unpublish()
    assert "Nothing was sent" in text_of(send(manager, campaign))
    assert fresh(campaign).state == CampaignState.DRAFT


def test_without_mailchimp_segments_are_not_offered_and_the_desk_still_opens(readers, campaign, manager):
    readers.stop()
    assert "cannot be offered just now" in text_of(manager.get(address(campaign)))


def test_the_email_and_its_text_are_shown_as_they_would_be_sent(readers, campaign, manager):
    letter = desk.letter_in_hand(campaign)
    email = manager.get(address(campaign, "email"))
    assert (email.content.decode(), email["X-Frame-Options"]) == (letter.html, "SAMEORIGIN")
    assert "script-src 'none'" in email["Content-Security-Policy"]
    assert manager.get(address(campaign, "text")).content.decode() == letter.plain_text
    send(manager, campaign)
    change(campaign, introduction="Later words.")
    assert manager.get(address(campaign, "email")).content.decode() == letter.html


def test_only_newsletter_managers_send(readers, campaign):
    for role in ("Editor", "Publisher", "Site manager"):
        user = get_user_model()._default_manager.create_user(role)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        for action in ("inspect", "email", "text"):
            assert client.get(address(campaign, action)).status_code == 302
        for wish in ("test", "send", "cancel"):
            assert client.post(address(campaign), {"wish": wish}).status_code == 302
    assert fresh(campaign).state == CampaignState.DRAFT


def test_who_may_only_look_does_not_send(readers, campaign, manager):
    group = Group.objects.get(name="Newsletter manager")
    group.permissions.remove(group.permissions.get(codename="send_campaign"))
    assert "Send the issue" not in text_of(manager.get(address(campaign)))
    assert manager.post(address(campaign), {"wish": "cancel"}).status_code == 302


def test_unknown_wishes_and_numbers_are_refused(readers, campaign, manager):
    assert manager.post(address(campaign), {"wish": "explode"}).status_code == 400
    assert manager.post(address(campaign)).status_code == 400
    assert manager.get(address(Campaign(pk=4711), "email")).status_code == 404


def test_the_way_to_the_desk_stands_on_the_issues_form(campaign, admin_client):
    form = admin_client.get(reverse("wagtailadmin_pages:edit", args=[campaign.issue_id])).content.decode()
    assert address(campaign) in form


def test_the_desk_leads_to_the_page_as_far_as_a_person_may_go(readers, campaign, manager, admin_client):
    """Its form for those who may write it; otherwise what readers see, if they see anything."""

    def leads_to(client: Client) -> Any:
        link = BeautifulSoup(client.get(address(campaign)).content, "html.parser").find("a", string="The page")
        return link and link["href"]

    assert leads_to(admin_client) == reverse("wagtailadmin_pages:edit", args=[campaign.issue_id])
    assert leads_to(manager) == campaign.issue.url
    campaign.issue.unpublish()
    assert leads_to(manager) is None


# --- The checks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_the_page_of_an_issue_stays_while_it_is_on_its_way(campaign, admin_client, action):
    page = IssuePage.objects.get()
    Campaign.objects.update(state=CampaignState.SCHEDULED)
    place = reverse(f"wagtailadmin_pages:{action}", args=[page.pk])
    assert "First cancel the sending" in text_of(admin_client.post(place, follow=True))
    page.refresh_from_db()
    assert page.live
    Campaign.objects.update(state=CampaignState.DRAFT)
    admin_client.post(place)
    page.refresh_from_db()
    assert not page.live


def test_a_good_issue_passes(mailchimp, campaign, settings):
    settings.SITE_URL = "https://www.example.org"
    campaign.tested_fingerprint = desk.letter_in_hand(campaign).fingerprint
    campaign.save()
    assert found(campaign) == {}


def test_publication_is_checked(mailchimp, campaign):
    issue = campaign.issue
    issue.introduction = "A draft"
    issue.save_revision()
    assert says(campaign, "changes that are not published") is False
    PageViewRestriction.objects.create(page=issue, restriction_type=PageViewRestriction.LOGIN)
    assert says(campaign, "The web version is private") is True
    IssuePage.objects.get().unpublish()
    assert says(campaign, "is not published") is True


@pytest.mark.parametrize(
    ("fields", "words", "is_error"),
    [
        ({"subject": "x" * 61}, "The subject has 61 characters", False),
        ({"preview_text": ""}, "no preview text", False),
        ({"introduction": ""}, "There is nothing in it", True),
        ({"introduction": "Dear *|FNAME|"}, "A merge tag is not complete", True),
        ({"introduction": "Dear *|FIRSTNAME|*"}, "may be no merge tag", False),
        ({"introduction": "Dear *|FNAME|*"}, "filled in in the email only", False),
        ({"subject": "Dear *|FNAME|*"}, "filled in in the email only", None),
        ({"introduction": "long " * 120, "parts": "many"}, "Gmail shows 102 KB", True),
    ],
)
def test_words_are_checked(campaign, fields, words, is_error):
    if fields.get("parts"):
        fields = fields | {"parts": parts(*[("words", f"<p>{'word ' * 400}</p>")] * 60)}
    for name, value in fields.items():
        setattr(campaign.issue, name, value)
    found = checks.findings(campaign, campaign.issue, letter_of(campaign.issue))
    assert next((it.is_error for it in found if words in it.text), None) is is_error


def test_links_and_pictures_are_checked(mailchimp, campaign, tree):
    story = make.CaseStoryPageFactory(listing_image=make.SiteImageFactory(description=""), title="A story")
    draft = make.CaseStoryPageFactory(live=False, title="A draft")
    words = '<p><a href="/nowhere-at-all/">a place</a> and <a href="https://example.org/">click here</a></p>'
    change(campaign, parts=parts(picked(story), picked(draft), ("words", words), latest()))
    assert says(campaign, "The picture of “A story” has no alt text") is False
    assert says(campaign, "“A draft”, chosen here, is not published") is True
    assert says(campaign, "leads to an address of this site where there is nothing") is True
    assert says(campaign, "“click here”") is False
    assert says(campaign, "“Latest news” is left out") is False


def test_a_missing_key_is_an_error(campaign, settings):
    settings.MAILCHIMP_API_KEY = ""
    assert says(campaign, "Mailchimp is not connected") is True
