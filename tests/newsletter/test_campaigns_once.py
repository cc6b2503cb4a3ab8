"""Whatever gets lost between this site and Mailchimp, no issue goes out twice, and none in a stale version."""

from datetime import timedelta
from typing import Any

import pytest

from newsletter.campaigns import desk, remote, steps, work
from newsletter.campaigns.desk import Plan
from newsletter.campaigns.letter import version_tag
from newsletter.campaigns.turn import claim
from newsletter.models import CampaignState, IssuePage
from tests.newsletter.campaigns import (
    CONTENT,
    LONG,
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

# --- Once and only once ------------------------------------------------------------------------------


def test_a_second_click_does_nothing(readers, campaign):
    assert ask_to_send(campaign)
    assert not ask_to_send(campaign)
    assert not ask_for_test(campaign)
    worker(campaign)
    assert not ask_to_send(campaign)
    assert not desk.ask_to_cancel(campaign, user=None)
    worker(campaign)
    assert len(sent(readers)) == 1


@pytest.mark.parametrize("answered", [True, False], ids=["it took effect", "it did not"])
def test_sending_gets_no_answer(readers, campaign, answered):
    """Mailchimp is asked where the campaign stands, and is told again only when it is certain that it did nothing."""
    readers.fail("drop", path=SEND, times=1, work_done=answered)
    ask_to_send(campaign)
    first = worker(campaign)
    assert first.state == CampaignState.QUEUED
    assert first.reason
    if not answered:  # a call that was given up on may still run: for a while it is only looked at
        assert worker(campaign, later=timedelta(seconds=80)).state == CampaignState.QUEUED
        assert requests(readers, "/actions/send") == 1
    assert worker(campaign, later=LONG).state == CampaignState.SENT
    assert len(sent(readers)) == 1
    assert requests(readers, "/actions/send") == (1 if answered else 2)


def test_sending_that_takes_effect_late_is_not_repeated(readers, campaign):
    readers.fail("drop", path=SEND, times=1)
    ask_to_send(campaign)
    worker(campaign)
    readers.service.campaigns.send(readers.campaigns[0].id)  # the lost call comes through
    assert worker(campaign, later=timedelta(seconds=80)).state == CampaignState.SENT
    assert len(sent(readers)) == requests(readers, "/actions/send") == 1


@pytest.mark.parametrize("answered", [True, False], ids=["it took effect", "it did not"])
def test_making_the_campaign_gets_no_answer(readers, campaign, answered):
    readers.fail("drop", path="/campaigns$", method="POST", times=1, work_done=answered)
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.QUEUED
    assert worker(campaign, later=LONG).state == CampaignState.SENT
    assert len(readers.campaigns) == len(sent(readers)) == 1


@pytest.mark.parametrize("step", ["create", "change", "put_content", "content", "complaints", "send", "read"])
def test_a_worker_that_is_killed_leaves_it_to_the_next(readers, campaign, monkeypatch, step):
    """At every step, before the call and after it."""
    if step == "change":
        ask_for_test(campaign)
        worker(campaign)
    for after in (False, True):
        original = getattr(remote, step)

        class Killed(BaseException):
            pass

        def die(*args: Any, original: Any = original, after: bool = after) -> None:
            if after:
                original(*args)
            raise Killed

        ask_to_send(campaign)
        with monkeypatch.context() as patch:
            patch.setattr(remote, step, die)
            with pytest.raises(Killed):
                work.work_on_campaigns()
        assert len(sent(readers)) <= 1
        for _ in range(3):
            done = worker(campaign, later=LONG)
        assert done.state == CampaignState.SENT
        assert len(readers.campaigns) == len(sent(readers)) == 1
        campaign = new_issue()
        readers.service.campaigns.clear()
        if step == "change":
            ask_for_test(campaign)
            worker(campaign)


def test_somebody_sent_it_at_mailchimp(readers, campaign):
    ask_for_test(campaign)
    worker(campaign)
    readers.service.campaigns.send(readers.campaigns[0].id)
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.SENT
    assert len(sent(readers)) == 1
    assert requests(readers, "/actions/send") == 0


def test_it_was_sent_just_before_our_own_call(readers, campaign, monkeypatch):
    """Mailchimp refuses: it is looked at once more, and found sent."""
    original = remote.send

    def too_late(gateway: Any, remote_id: str) -> None:
        readers.service.campaigns.send(remote_id)
        original(gateway, remote_id)

    monkeypatch.setattr(remote, "send", too_late)
    ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.SENT
    assert len(sent(readers)) == 1


def test_a_campaign_that_vanished_after_it_was_sent_is_never_sent_again(readers, campaign):
    readers.fail("drop", path=SEND, times=1, work_done=True)
    ask_to_send(campaign)
    worker(campaign)
    readers.service.campaigns.campaigns.clear()
    done = worker(campaign, later=LONG)
    assert (done.state, done.reason) == (CampaignState.FAILED, steps.GONE)
    assert not ask_to_send(campaign)
    assert not ask_for_test(campaign)


def test_two_workers_send_it_once(readers, campaign):
    ask_to_send(campaign)
    assert claim() is not None
    assert claim() is None
    assert worker(campaign).state == CampaignState.QUEUED  # in the other's hand
    assert sent(readers) == []
    assert worker(campaign, later=timedelta(minutes=1)).state == CampaignState.SENT


# --- Never a stale version ---------------------------------------------------------------------------


def test_the_content_cannot_be_saved(readers, campaign):
    """What an earlier test left at Mailchimp is not sent in its place."""
    ask_for_test(campaign)
    worker(campaign)
    change(campaign, introduction="New words.")
    readers.fail("problem", path=CONTENT, method="PUT", status=500)
    ask_to_send(campaign)
    for _ in range(3):
        assert worker(campaign, later=LONG).state == CampaignState.QUEUED
    assert (sent(readers), requests(readers, "/actions/send")) == ([], 0)
    readers.clear_faults()
    assert worker(campaign, later=LONG + timedelta(hours=1)).state == CampaignState.SENT
    assert "New words." in sent(readers)[0].html


def test_the_content_is_refused(readers, campaign):
    readers.fail("problem", path=CONTENT, method="PUT", title="Invalid Resource")
    ask_to_send(campaign)
    done = worker(campaign)
    assert done.state == CampaignState.FAILED
    assert "did not accept" in done.reason
    readers.clear_faults()
    assert ask_to_send(campaign)
    assert worker(campaign).state == CampaignState.SENT


def test_mailchimp_says_that_it_saved_the_content_and_did_not(readers, campaign):
    ask_for_test(campaign)
    worker(campaign)
    change(campaign, introduction="New words.")
    readers.fail("delay", path=CONTENT, method="PUT", seconds=0)
    original = readers.service.campaigns.editable
    stale = readers.campaigns[0].html
    ask_to_send(campaign)

    def forgetful(campaign_id: str) -> Any:
        there = original(campaign_id)

        class Forgets:
            html, plain_text = stale, ""

        return Forgets() if not there.sent else there

    readers.service.campaigns.editable = forgetful
    readers.service.campaigns.update = lambda campaign_id, body: original(campaign_id)
    done = worker(campaign)
    assert (done.state, done.reason) == (CampaignState.FAILED, steps.OTHER_VERSION)
    assert sent(readers) == []


def test_what_was_approved_is_sent_whatever_happens_to_the_page(readers, campaign):
    approved = desk.letter_in_hand(campaign)
    readers.stop()
    ask_to_send(campaign)
    worker(campaign)
    change(campaign, introduction="Words that nobody approved.")
    readers.start()
    assert worker(campaign, later=timedelta(minutes=2)).state == CampaignState.SENT
    assert sent(readers)[0].html == approved.html
    assert version_tag(approved.fingerprint) in sent(readers)[0].html


def test_the_page_is_deleted_after_the_issue_was_scheduled(readers, campaign):
    ask_to_send(campaign, Plan(send_at=quarter()))
    worker(campaign)
    IssuePage.objects.get().delete()
    left = fresh(campaign)
    assert (left.issue, left.title, left.state) == (None, "What places taught us", CampaignState.SCHEDULED)
    assert desk.ask_to_cancel(left, user=None)
    assert worker(campaign).state == CampaignState.DRAFT
