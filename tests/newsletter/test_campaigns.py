"""Issues sent through Mailchimp: content, recipients and time are right there, and a person is told what went wrong."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from newsletter.campaigns import desk, remote, segments, steps, work
from newsletter.campaigns.desk import Plan
from newsletter.delivery import deliver_due
from newsletter.models import Campaign, CampaignState, QueueState, Recipients
from tests.newsletter.campaigns import (
    LONG,
    PEOPLE,
    SEND,
    ask_for_test,
    ask_to_send,
    change,
    fresh,
    new_issue,
    quarter,
    requests,
    sent,
)
from tests.newsletter.campaigns import work as worker

# --- As it should go ---------------------------------------------------------------------------------


def test_an_issue_is_sent_to_everybody_who_is_subscribed(readers, campaign):
    letter = desk.letter_in_hand(campaign)
    assert ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.SENT
    [there], [mailing] = readers.campaigns, sent(readers)
    assert (mailing.subject, mailing.html, mailing.plain_text) == (letter.subject, letter.html, letter.plain_text)
    assert sorted(mailing.emails) == sorted(PEOPLE)
    assert there.settings["preview_text"] == "And more"
    assert there.settings["from_name"] == "Leadership Centre"
    assert there.settings["reply_to"] == "newsletter@example.org"
    assert there.settings["auto_footer"] is False
    assert fresh(campaign).saved_fingerprint == letter.fingerprint


def test_a_test_goes_to_the_named_addresses_and_to_nobody_else(readers, campaign):
    assert ask_for_test(campaign, "a@example.org", "b@example.org")
    done = worker(campaign)
    assert (done.state, done.test_addresses, done.reason) == (CampaignState.DRAFT, "", "")
    assert done.tested_fingerprint == desk.letter_in_hand(campaign).fingerprint
    [there] = readers.campaigns
    assert [mailing.emails for mailing in there.tests] == [["a@example.org", "b@example.org"]]
    assert sent(readers) == []


@pytest.mark.parametrize("kind", [Recipients.SEGMENT, Recipients.TAG])
def test_an_issue_can_go_to_a_segment_or_a_tag(readers, campaign, kind):
    number = readers.add_segment("North", "ada@example.org")
    readers.put_contact("grace@example.org", "subscribed", tags=["South"])
    readers.service.audience.tag_ids.setdefault("south", 55)
    if kind == Recipients.TAG:
        number = readers.tag_id("South")
    ask_for_test(campaign)  # made for everybody: the recipients change afterwards
    worker(campaign)
    ask_to_send(campaign, Plan(kind, number, "North"))
    worker(campaign)
    [mailing] = sent(readers)
    assert mailing.emails == ["ada@example.org" if kind == Recipients.SEGMENT else "grace@example.org"]
    assert len(readers.campaigns) == 1


def test_what_a_campaign_can_go_to_is_read_from_mailchimp(readers):
    readers.add_segment("North", "ada@example.org")
    readers.put_contact("mary@example.org", "subscribed", tags=["Alumni"])
    readers.service.audience.tag_ids.setdefault("alumni", 7)
    gateway = work.gateway_from_settings()
    found = [(choice.kind, choice.name, choice.count) for choice in segments.choices(gateway)]
    assert found == [(Recipients.SEGMENT, "North", 1), (Recipients.TAG, "alumni", 1)]


def test_a_scheduled_issue_goes_out_at_its_time_and_not_before(readers, campaign):
    at = quarter()
    ask_to_send(campaign, Plan(send_at=at))
    scheduled = worker(campaign)
    assert (scheduled.state, scheduled.send_at) == (CampaignState.SCHEDULED, at)
    assert [there.status for there in readers.campaigns] == ["schedule"]
    assert sent(readers) == []
    with time_machine.travel(at + timedelta(minutes=2), tick=True):
        assert worker(campaign).state == CampaignState.SENT
    [mailing] = sent(readers)
    assert sorted(mailing.emails) == sorted(PEOPLE)
    assert fresh(campaign).sent_at == at


def test_a_schedule_can_be_cancelled_and_the_issue_sent_later(readers, campaign):
    ask_to_send(campaign, Plan(send_at=quarter()))
    worker(campaign)
    assert desk.ask_to_cancel(campaign, user=None)
    done = worker(campaign)
    assert (done.state, done.reason) == (CampaignState.DRAFT, steps.CANCELLED)
    assert [there.status for there in readers.campaigns] == ["save"]
    change(campaign, introduction="Better words.")
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.SENT
    assert "Better words." in sent(readers)[0].html
    assert len(readers.campaigns) == len(sent(readers)) == 1


def test_what_came_of_it_is_read_back(readers, campaign):
    ask_to_send(campaign)
    worker(campaign)
    readers.campaigns[0].report = {"opened": 2, "clicked": 1, "unsubscribed": 1}
    done = worker(campaign, later=timedelta(minutes=2))
    assert (done.emails_sent, done.opened, done.clicked, done.unsubscribed) == (3, 2, 1, 1)
    assert done.due_at > timezone.now()
    done = worker(campaign, later=timedelta(days=31))
    assert done.due_at is None  # by then nothing changes any more


# --- Cancelling --------------------------------------------------------------------------------------


def test_cancelling_comes_too_late(readers, campaign):
    readers.fail("drop", path=SEND, times=1, work_done=True)
    ask_to_send(campaign)
    worker(campaign)
    assert desk.ask_to_cancel(campaign, user=None)
    done = worker(campaign)
    assert (done.state, done.reason) == (CampaignState.SENT, steps.WAS_TOO_LATE)


def test_cancelling_while_a_lost_call_may_still_run_waits_for_it(readers, campaign):
    readers.fail("drop", path=SEND, times=1)
    ask_to_send(campaign)
    worker(campaign)
    desk.ask_to_cancel(campaign, user=None)
    assert worker(campaign).state == CampaignState.CANCELLING
    assert worker(campaign, later=LONG).state == CampaignState.DRAFT
    assert sent(readers) == []
    assert ask_to_send(campaign)


def test_cancelling_in_the_middle_of_a_turn_stops_it(readers, campaign, monkeypatch):
    original = remote.complaints

    def meanwhile(gateway: Any, remote_id: str) -> list[str]:
        desk.ask_to_cancel(campaign, user=None)
        return original(gateway, remote_id)

    monkeypatch.setattr(remote, "complaints", meanwhile)
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.DRAFT
    assert (sent(readers), requests(readers, "/actions/send")) == ([], 0)


def test_mailchimp_does_not_cancel(readers, campaign):
    ask_to_send(campaign, Plan(send_at=quarter()))
    worker(campaign)
    readers.fail("problem", path="/actions/unschedule$", title="Bad Request")
    desk.ask_to_cancel(campaign, user=None)
    done = worker(campaign)
    assert done.state == CampaignState.SCHEDULED
    assert "could not be cancelled" in done.reason


def test_somebody_cancels_at_mailchimp(readers, campaign):
    ask_to_send(campaign, Plan(send_at=quarter()))
    worker(campaign)
    readers.service.campaigns.unschedule(readers.campaigns[0].id)
    done = worker(campaign, later=timedelta(hours=2))
    assert (done.state, done.reason) == (CampaignState.DRAFT, steps.CANCELLED_THERE)
    assert done.may_be_asked_for


# --- What a person must see to -----------------------------------------------------------------------


def test_mailchimps_own_check_is_told_in_its_words(mailchimp, campaign):
    ask_to_send(campaign)
    done = worker(campaign)
    assert done.state == CampaignState.FAILED
    assert "Your recipient count is zero." in done.reason
    assert done.may_be_asked_for


def test_an_outage_of_hours_ends_with_nothing_sent(readers, campaign):
    readers.stop()
    ask_to_send(campaign)
    assert worker(campaign).reason == "Mailchimp cannot be reached."
    readers.start()
    done = worker(campaign, later=timedelta(hours=5))
    assert (done.state, done.reason) == (CampaignState.FAILED, steps.TOO_LATE)
    assert sent(readers) == []


def test_a_schedule_that_passed_during_an_outage_is_not_made_up_for(readers, campaign):
    readers.stop()
    at = quarter(hours=2)
    ask_to_send(campaign, Plan(send_at=at))
    worker(campaign)
    readers.start()
    with time_machine.travel(at + timedelta(minutes=1), tick=True):
        done = worker(campaign)
    assert (done.state, done.reason) == (CampaignState.FAILED, steps.MISSED)
    assert sent(readers) == []


def test_a_refused_key_is_waited_for_and_a_refused_right_is_told(readers, campaign):
    readers.fail("problem", title="API Key Invalid", times=1)
    ask_to_send(campaign)
    waiting = worker(campaign)
    assert (waiting.state, QueueState.load().paused_since is None) == (CampaignState.QUEUED, False)
    # Only deliveries find out whether a pause is over: what a campaign may do says nothing about contacts.
    assert worker(campaign, later=timedelta(minutes=2)).state == CampaignState.QUEUED
    QueueState.objects.update(probe_at=timezone.now())
    deliver_due()
    assert QueueState.load().paused_since is None
    assert worker(campaign, later=timedelta(minutes=2)).state == CampaignState.SENT
    other = new_issue(title="Another")
    readers.fail("problem", path="/actions/schedule$", title="Forbidden", times=1)
    ask_to_send(other, Plan(send_at=quarter()))
    assert worker(other).state == CampaignState.FAILED


def test_a_test_that_nobody_waits_for_any_more_is_given_up(readers, campaign):
    readers.fail("problem", path="/actions/test$", status=500)
    ask_for_test(campaign)
    assert worker(campaign).state == CampaignState.TESTING
    done = worker(campaign, later=timedelta(minutes=20))
    assert (done.state, done.test_addresses) == (CampaignState.DRAFT, "")
    assert done.reason.startswith("The test could not be sent")


def test_without_a_key_everything_waits(tree, settings):
    settings.MAILCHIMP_API_KEY = ""
    campaign = new_issue()
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.QUEUED


def test_addresses_of_tests_stand_in_no_log_and_no_address(readers, campaign, caplog):
    readers.fail("problem", path="/actions/test$", title="Invalid Resource", detail="tester@example.org is no address")
    ask_for_test(campaign, "tester@example.org")
    done = worker(campaign)
    assert done.state == CampaignState.DRAFT
    said = caplog.text + done.reason + "".join(record.path + str(record.query) for record in readers.requests)
    assert "tester@" not in said


def test_an_issue_that_is_copied_is_another_and_an_alias_is_the_same(tree, campaign):
    issue = campaign.issue
    copy = issue.copy(update_attrs={"slug": "copy", "title": "A copy"})
    assert copy.campaign.token != campaign.token
    alias = issue.create_alias(update_slug="alias")
    assert not Campaign.objects.filter(issue=alias).exists()
