"""Campaigns: what the stand-in remembers of each, when it may be sent, and to whom it went."""

import re
import secrets
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .audience import Audience
from .contact import Contact, timestamp
from .problems import Problem, invalid_fields
from .rules import utc_time

LONGEST_SUBJECT = 150
#: Minutes at which a campaign may be scheduled.
QUARTER = 15


@dataclass
class Segment:
    """A saved segment. The real one is a question to the audience; this one is a list of addresses."""

    id: int
    name: str
    emails: list[str]


@dataclass
class Mailing:
    """An email that went out: a test, or the campaign itself. `at` is an ISO time."""

    at: str
    emails: list[str]
    subject: str
    html: str
    plain_text: str


@dataclass
class Campaign:
    """One campaign. Times are ISO strings, "" when there is none."""

    id: str
    web_id: int
    create_time: str
    recipients: dict[str, Any]
    settings: dict[str, Any]
    status: str = "save"
    send_time: str = ""
    html: str = ""
    plain_text: str = ""
    tests: list[Mailing] = field(default_factory=list)
    sent: list[Mailing] = field(default_factory=list)
    report: dict[str, int] = field(default_factory=dict)


class Campaigns:
    """All campaigns of the account, and the audience's saved segments. Its lock is the audience's."""

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.lock: threading.RLock = audience.lock
        self.campaigns: dict[str, Campaign] = {}
        self.segments: dict[int, Segment] = {}
        #: How long a campaign is `sending` before it is `sent`, in seconds.
        self.sending_seconds = 0.0

    def clear(self) -> None:
        self.campaigns.clear()
        self.segments.clear()

    def dump(self) -> dict[str, Any]:
        return {
            "campaigns": [asdict(campaign) for campaign in self.campaigns.values()],
            "segments": [asdict(segment) for segment in self.segments.values()],
        }

    def load(self, state: dict[str, Any]) -> None:
        """Puts back what `dump` gave. Raises KeyError or TypeError when it is none."""
        self.segments = {entry["id"]: Segment(**entry) for entry in state.get("segments", [])}
        self.campaigns = {}
        for entry in state.get("campaigns", []):
            mailings = {name: [Mailing(**mailing) for mailing in entry[name]] for name in ("tests", "sent")}
            self.campaigns[entry["id"]] = Campaign(**(entry | mailings))

    def all(self) -> list[Campaign]:
        """Every campaign, the oldest first, as they are now."""
        for campaign in self.campaigns.values():
            self._let_time_pass(campaign)
        return list(self.campaigns.values())

    def get(self, campaign_id: str) -> Campaign:
        """A campaign as it is now. Raises Problem."""
        if campaign_id not in self.campaigns:
            raise Problem("Resource Not Found")
        self._let_time_pass(self.campaigns[campaign_id])
        return self.campaigns[campaign_id]

    def editable(self, campaign_id: str) -> Campaign:
        """A campaign that was neither scheduled nor sent. Raises Problem."""
        campaign = self.get(campaign_id)
        if campaign.status not in ("save", "paused"):
            words = "has already been sent" if campaign.status in ("sending", "sent") else "is already scheduled"
            raise Problem("Bad Request", f"The campaign {words} and cannot be changed.")
        return campaign

    def create(self, body: dict[str, Any]) -> Campaign:
        """Raises Problem."""
        if body.get("type") not in ("regular", "plaintext", "absplit", "rss", "variate"):
            raise invalid_fields(("type", "Data presented is not one of the accepted values."))
        recipients, settings = body.get("recipients") or {}, body.get("settings") or {}
        self._check_recipients(recipients)
        check_settings(settings)
        campaign = Campaign(secrets.token_hex(5), len(self.campaigns) + 1, timestamp(), recipients, dict(settings))
        self.campaigns[campaign.id] = campaign
        return campaign

    def update(self, campaign_id: str, body: dict[str, Any]) -> Campaign:
        """As the service does, a change of recipients keeps the segment that is not named. Raises Problem."""
        campaign = self.editable(campaign_id)
        recipients = campaign.recipients | (body.get("recipients") or {})
        self._check_recipients(recipients)
        check_settings(body.get("settings") or {})
        campaign.recipients, campaign.settings = recipients, campaign.settings | (body.get("settings") or {})
        return campaign

    def checklist(self, campaign: Campaign) -> list[dict[str, Any]]:
        """What the send checklist says."""
        faults = {
            "List": "" if self.contacts(campaign) else "Your recipient count is zero.",
            "Subject": "" if campaign.settings.get("subject_line") else "Your subject line is missing.",
            "From": ""
            if campaign.settings.get("from_name") and campaign.settings.get("reply_to")
            else "Your campaign needs a from name and a reply-to address.",
            "Content": _fault_of_content(campaign.html),
        }
        return [
            {"type": "error" if fault else "success", "id": number, "heading": heading, "details": fault or "Ready."}
            for number, (heading, fault) in enumerate(faults.items(), start=500)
        ]

    def is_ready(self, campaign: Campaign) -> bool:
        return all(item["type"] == "success" for item in self.checklist(campaign))

    def contacts(self, campaign: Campaign) -> list[Contact]:
        """The subscribed contacts that a campaign goes to."""
        subscribed = [contact for contact in self.audience.contacts.values() if contact.status == "subscribed"]
        chosen = campaign.recipients.get("segment_opts") or {}
        if number := chosen.get("saved_segment_id"):
            emails = self.members(int(number))
            return [contact for contact in subscribed if contact.email.lower() in emails]
        for condition in chosen.get("conditions") or []:
            emails = self.members(int(condition["value"]))
            subscribed = [contact for contact in subscribed if contact.email.lower() in emails]
        return subscribed

    def members(self, number: int) -> set[str]:
        """The addresses, in lower case, in a saved segment or with a tag. Raises Problem."""
        if number in self.segments:
            return {email.lower() for email in self.segments[number].emails}
        names = [name for name, tag_id in self.audience.tag_ids.items() if tag_id == number]
        if not names:
            raise invalid_fields(("recipients.segment_opts", f"Segment {number} does not exist."))
        return {
            contact.email.lower()
            for contact in self.audience.contacts.values()
            if names[0] in (tag.lower() for tag in contact.tags)
        }

    def test(self, campaign_id: str, emails: list[str]) -> None:
        """Raises Problem."""
        campaign = self.get(campaign_id)
        if not campaign.html:
            raise Problem("Bad Request", "Your campaign is not ready to send: it has no content.")
        campaign.tests.append(self._mailing(campaign, emails))

    def schedule(self, campaign_id: str, when: Any) -> None:
        """Raises Problem."""
        campaign = self.editable(campaign_id)
        try:
            moment = datetime.fromisoformat(utc_time(when))
        except (TypeError, ValueError):
            raise invalid_fields(("schedule_time", "This value is not a valid datetime.")) from None
        if moment.minute % QUARTER or moment.second or moment <= datetime.now(UTC):
            text = "The schedule time must be in the future, on the quarter-hour (:00, :15, :30, :45)."
            raise Problem("Bad Request", text)
        self._must_be_ready(campaign)
        campaign.status, campaign.send_time = "schedule", moment.isoformat(timespec="seconds")

    def unschedule(self, campaign_id: str) -> None:
        """Raises Problem."""
        campaign = self.get(campaign_id)
        if campaign.status != "schedule":
            raise Problem("Bad Request", "The campaign is not scheduled.")
        campaign.status, campaign.send_time = "save", ""

    def send(self, campaign_id: str) -> None:
        """Raises Problem."""
        campaign = self.editable(campaign_id)
        self._must_be_ready(campaign)
        self._send(campaign, datetime.now(UTC))

    def _must_be_ready(self, campaign: Campaign) -> None:
        if not self.is_ready(campaign):
            raise Problem("Bad Request", "Your Campaign is not ready to send.")

    def _let_time_pass(self, campaign: Campaign) -> None:
        now = datetime.now(UTC)
        if campaign.status == "schedule" and datetime.fromisoformat(campaign.send_time) <= now:
            self._send(campaign, datetime.fromisoformat(campaign.send_time))
        if campaign.status == "sending":
            began = datetime.fromisoformat(campaign.send_time)
            if now >= began + timedelta(seconds=self.sending_seconds):
                campaign.status = "sent"

    def _send(self, campaign: Campaign, moment: datetime) -> None:
        campaign.status, campaign.send_time = "sending", moment.isoformat(timespec="seconds")
        campaign.sent.append(self._mailing(campaign, [contact.email for contact in self.contacts(campaign)]))

    def _mailing(self, campaign: Campaign, emails: list[str]) -> Mailing:
        subject = campaign.settings.get("subject_line", "")
        return Mailing(timestamp(), emails, subject, campaign.html, campaign.plain_text)

    def _check_recipients(self, recipients: dict[str, Any]) -> None:
        if recipients.get("list_id") != self.audience.id:
            raise invalid_fields(("recipients.list_id", "The list does not exist."))
        chosen = recipients.get("segment_opts") or {}
        numbers = [chosen["saved_segment_id"]] if "saved_segment_id" in chosen else []
        for number in [*numbers, *(condition.get("value") for condition in chosen.get("conditions") or [])]:
            self.members(int(number))


def check_settings(settings: dict[str, Any]) -> None:
    """Raises Problem."""
    for name in ("subject_line", "preview_text"):
        if len(str(settings.get(name, ""))) > LONGEST_SUBJECT:
            raise invalid_fields((f"settings.{name}", "This value is too long."))


def _fault_of_content(html: str) -> str:
    if not html:
        return "Your campaign has no content."
    wanted = {r"\*\|UNSUB\|\*": "an unsubscribe link", r"\*\|(HTML:)?LIST:ADDRESS\w*\|\*": "your postal address"}
    missing = [words for pattern, words in wanted.items() if not re.search(pattern, html)]
    return f"Your campaign lacks {' and '.join(missing)}." if missing else ""
