"""Campaigns: when the stand-in lets one be changed, scheduled and sent, and what it tells about it."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.mailchimp_sandbox.service import Service
from tests.mailchimp_sandbox.storage import dump, load

from .helpers import ADA, BEN, LIST, refused

READY = "<html><body>*|UNSUB|* *|LIST:ADDRESSLINE|*</body></html>"
SETTINGS = {"subject_line": "Hello", "title": "One", "from_name": "We", "reply_to": "we@example.org"}


def quarter(days=1):
    moment = datetime.now(UTC) + timedelta(days=days)
    return moment.replace(minute=30, second=0, microsecond=0)


@pytest.fixture
def campaign(mailchimp, client):
    """A campaign with recipients and content, ready to be sent."""
    mailchimp.put_contact(ADA, "subscribed")
    made = client.campaigns.create({"type": "regular", "recipients": {"list_id": LIST}, "settings": SETTINGS})
    client.campaigns.set_content(made["id"], {"html": READY})
    return made["id"]


def test_a_campaign_that_was_sent_cannot_be_sent_or_changed_again(mailchimp, client, campaign):
    assert client.campaigns.get_send_checklist(campaign)["is_ready"]
    assert client.campaigns.send(campaign).status_code == 204
    assert client.campaigns.get(campaign)["status"] == "sent"
    for again in (
        lambda: client.campaigns.send(campaign),
        lambda: client.campaigns.set_content(campaign, {"html": "other"}),
        lambda: client.campaigns.update(campaign, {"settings": {"subject_line": "other"}}),
        lambda: client.campaigns.schedule(campaign, {"schedule_time": quarter().isoformat()}),
    ):
        with refused(400, "Bad Request"):
            again()
    assert [mailing.emails for mailing in mailchimp.campaigns[0].sent] == [[ADA]]


def test_a_campaign_is_sending_for_a_while(mailchimp, client, campaign):
    mailchimp.service.campaigns.sending_seconds = 60
    client.campaigns.send(campaign)
    assert client.campaigns.get(campaign)["status"] == "sending"


@pytest.mark.parametrize("minutes", [7, -60 * 48], ids=["no quarter of an hour", "past"])
def test_a_schedule_is_a_quarter_of_an_hour_ahead(client, campaign, minutes):
    with refused(400, "Bad Request"):
        client.campaigns.schedule(campaign, {"schedule_time": (quarter() + timedelta(minutes=minutes)).isoformat()})
    client.campaigns.schedule(campaign, {"schedule_time": quarter().isoformat()})
    assert client.campaigns.get(campaign)["status"] == "schedule"
    client.campaigns.unschedule(campaign)
    assert client.campaigns.get(campaign)["status"] == "save"
    with refused(400, "Bad Request"):
        client.campaigns.unschedule(campaign)


def test_the_checklist_says_what_is_missing(client):
    made = client.campaigns.create({"type": "regular", "recipients": {"list_id": LIST}})
    checklist = client.campaigns.get_send_checklist(made["id"])
    assert not checklist["is_ready"]
    assert [item["heading"] for item in checklist["items"] if item["type"] == "error"] == [
        *("List", "Subject", "From", "Content"),
    ]
    with refused(400, "Bad Request"):
        client.campaigns.send(made["id"])


def test_a_change_of_recipients_keeps_the_segment(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed")
    mailchimp.put_contact(BEN, "subscribed")
    number = mailchimp.add_segment("North", BEN)
    recipients = {"list_id": LIST, "segment_opts": {"saved_segment_id": number}}
    made = client.campaigns.create({"type": "regular", "recipients": recipients})
    assert made["recipients"]["recipient_count"] == 1
    changed = client.campaigns.update(made["id"], {"recipients": {"list_id": LIST}, "settings": {}})
    assert changed["recipients"]["segment_opts"] == {"saved_segment_id": number}


def test_another_audience_and_an_unknown_segment_are_refused(client):
    for recipients in ({"list_id": "other"}, {"list_id": LIST, "segment_opts": {"saved_segment_id": 4711}}):
        with refused(400, "Invalid Resource"):
            client.campaigns.create({"type": "regular", "recipients": recipients})


def test_segments_tags_and_reports(mailchimp, client, campaign):
    mailchimp.add_segment("North", ADA)
    client.lists.update_list_member_tags(
        LIST, mailchimp.contact(ADA)["id"], {"tags": [{"name": "Alumni", "status": "active"}]}
    )
    listed = client.lists.list_segments(LIST)["segments"]
    assert [(entry["type"], entry["name"], entry["member_count"]) for entry in listed] == [
        ("saved", "North", 1),
        ("static", "alumni", 1),
    ]
    assert [tag["name"] for tag in client.lists.tag_search(LIST, name="al")["tags"]] == ["alumni"]
    with refused(404, "Resource Not Found"):
        client.reports.get_campaign_report(campaign)
    client.campaigns.send(campaign)
    assert client.reports.get_campaign_report(campaign)["emails_sent"] == 1


def test_campaigns_outlive_a_restart_and_are_told_to_scripts(mailchimp, client, campaign):
    client.campaigns.send_test_email(campaign, {"test_emails": [BEN], "send_type": "html"})
    other = Service()
    load(other, dump(mailchimp.service))
    assert other.campaigns.campaigns[campaign].tests[0].emails == [BEN]
    told = requests.get(f"{mailchimp.service.site_url}/_sandbox/campaigns", timeout=5).json()
    assert [entry["id"] for entry in told["campaigns"]] == [campaign]
    assert "Hello" in requests.get(f"{mailchimp.service.site_url}/", timeout=5).text
