"""What a person asks for: a test, sending, scheduling, cancelling. Each wish is written down; a worker does it.

Every wish is one conditional statement, so that of two clicks one counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from newsletter.campaigns.letter import Letter, letter_of
from newsletter.models import Campaign, CampaignState, IssuePage, Recipients
from newsletter.tasks import wake_campaigns

# Mailchimp sends at quarters of an hour only (API reference, "Schedule campaign").
QUARTER = timedelta(minutes=15)
# How far ahead a schedule must be at least, so that it reaches Mailchimp in time, and at most.
AHEAD, FAR_AHEAD = timedelta(minutes=5), timedelta(days=366)


@dataclass(frozen=True)
class Plan:
    """Who gets an issue and when.

    Attributes:
        segment_id: Mailchimp's number of the segment or tag, None for everybody.
        send_at: a quarter of an hour, None for at once.
    """

    recipients: Recipients = Recipients.AUDIENCE
    segment_id: int | None = None
    segment_name: str = ""
    send_at: datetime | None = None


def version_in_hand(campaign: Campaign) -> IssuePage | None:
    """What would be sent: the published version, or the latest draft of an issue that was never published."""
    issue = campaign.issue
    if issue is None or issue.live:
        return issue
    return issue.get_latest_revision_as_object()


def letter_in_hand(campaign: Campaign) -> Letter | None:
    """The email that would be sent; None when the page is gone."""
    version = version_in_hand(campaign)
    return letter_of(version) if version is not None else None


def ask_for_test(campaign: Campaign, letter: Letter, addresses: Iterable[str], user: Any) -> bool:
    """Have a test sent. Returns False when something else is under way."""
    wish = {"state": CampaignState.TESTING, "test_addresses": "\n".join(addresses)}
    return _ask(campaign, user, **wish, **_content(campaign, letter))


def ask_to_send(campaign: Campaign, letter: Letter, plan: Plan, user: Any) -> bool:
    """Have an issue sent, at once or at a time. Returns False when something else is under way, or it was sent."""
    return _ask(campaign, user, state=CampaignState.QUEUED, **vars(plan), **_content(campaign, letter))


def ask_to_cancel(campaign: Campaign, user: Any) -> bool:
    """Have a sending cancelled that has not begun. Returns False when there is nothing to cancel."""
    open_states = (CampaignState.QUEUED, CampaignState.SCHEDULED)
    mine = Campaign.objects.filter(pk=campaign.pk, state__in=open_states)
    return _write(mine, user, state=CampaignState.CANCELLING)


def _content(campaign: Campaign, letter: Letter) -> dict[str, Any]:
    """The content as it will be sent, whatever happens to the page from now on."""
    names = ("subject", "preview_text", "html", "plain_text", "fingerprint")
    issue = campaign.issue
    revision = (issue.live_revision_id if issue.live else issue.latest_revision_id) if issue else None
    return {name: getattr(letter, name) for name in names} | {"revision_id": revision}


def _ask(campaign: Campaign, user: Any, **wish: Any) -> bool:
    return _write(Campaign.objects.at_rest().filter(pk=campaign.pk), user, **wish)


def _write(campaigns: Any, user: Any, **wish: Any) -> bool:
    now = timezone.now()
    wish |= {"asked_by": user, "asked_at": now, "due_at": now, "attempts": 0, "reason": ""}
    with transaction.atomic():
        written = campaigns.update(sequence=F("sequence") + 1, **wish)
        if written:
            wake_campaigns()
    return bool(written)
