"""What the tests of issues by email share: an issue, ways to ask for things, and a worker."""

from datetime import UTC, datetime, timedelta
from typing import Any

from newsletter.campaigns import desk
from newsletter.campaigns.desk import Plan
from newsletter.campaigns.turn import UNSURE
from newsletter.campaigns.work import work_on_campaigns
from newsletter.models import Campaign, IssuePage
from tests import factories as make
from tests.mailchimp_sandbox import Sandbox

SEND, CONTENT = r"/actions/send$", r"/content$"
# By then a call that got no answer has come to its end.
LONG = UNSURE + timedelta(minutes=2)
PEOPLE = ("ada@example.org", "grace@example.org", "mary@example.org")


def new_issue(**fields: Any) -> Campaign:
    """A published issue, ready to be sent."""
    values = {"title": "What places taught us", "introduction": "First words.", "preview_text": "And more"} | fields
    return make.IssuePageFactory(**values).campaign


def fresh(campaign: Campaign) -> Campaign:
    """The campaign as it is in the database now."""
    return Campaign.objects.get(pk=campaign.pk)


def ask_to_send(campaign: Campaign, plan: Plan | None = None) -> bool:
    """What the button "Send" does."""
    campaign = fresh(campaign)
    return desk.ask_to_send(campaign, desk.letter_in_hand(campaign), plan or Plan(), user=None)


def ask_for_test(campaign: Campaign, *addresses: str) -> bool:
    campaign = fresh(campaign)
    return desk.ask_for_test(campaign, desk.letter_in_hand(campaign), addresses or ("tester@example.org",), user=None)


def work(campaign: Campaign, later: timedelta = timedelta()) -> Campaign:
    """Let the worker take a turn, as if so much time had passed; gives what has become of the campaign."""
    if later:
        age(campaign, later)
    work_on_campaigns()
    return fresh(campaign)


def age(campaign: Campaign, by: timedelta) -> None:
    """Let time pass for what is written down about a campaign."""
    row = fresh(campaign)
    names = ("due_at", "unsure_until", "lease_until", "asked_at", "committed_at", "sent_at")
    for name in names:
        if moment := getattr(row, name):
            setattr(row, name, moment - by)
    row.save(update_fields=names)


def quarter(hours: int = 24) -> datetime:
    """A quarter of an hour so many hours ahead."""
    moment = datetime.now(UTC) + timedelta(hours=hours)
    return moment.replace(minute=15, second=0, microsecond=0)


def change(campaign: Campaign, **fields: Any) -> IssuePage:
    """Publish the issue with other words."""
    issue = IssuePage.objects.get(pk=campaign.issue_id)
    for name, value in fields.items():
        setattr(issue, name, value)
    issue.save_revision(clean=False).publish()
    return IssuePage.objects.get(pk=issue.pk)


def sent(mailchimp: Sandbox) -> list[Any]:
    """Everything that went out to readers."""
    return [mailing for there in mailchimp.campaigns for mailing in there.sent]


def requests(mailchimp: Sandbox, ending: str) -> int:
    """How many calls there were that change something, to addresses that end so."""
    return sum(record.path.endswith(ending) for record in mailchimp.requests if record.method != "GET")
