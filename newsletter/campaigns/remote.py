"""Calls about campaigns: the only place that talks to Mailchimp about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailchimp_marketing.api.campaigns_api import CampaignsApi
from mailchimp_marketing.api.reports_api import ReportsApi

from newsletter.answers import call, call_empty, moment, unreadable
from newsletter.errors import Bug, OperatorMustAct, Retryable
from newsletter.gateway import HTTP_NOT_FOUND, Gateway
from newsletter.models import Campaign, Recipients

# Mailchimp's words for where a campaign stands (API reference, "Get campaign info": status).
DRAFT, SCHEDULED, SENDING, SENT = "save", "schedule", "sending", "sent"
# Among how many of the newest campaigns one is looked for.
RECENT = 100


class CampaignGone(Bug):
    """Mailchimp does not have the campaign (any more)."""


@dataclass(frozen=True)
class Remote:
    """A campaign as it is at Mailchimp.

    Attributes:
        status: Mailchimp's word, see above.
        send_at: when it was or will be sent, or None.
        goes_to: its audience, and the number of the segment or tag, 0 for none.
    """

    id: str
    status: str
    subject: str
    send_at: datetime | None
    goes_to: tuple[str, int]


@dataclass(frozen=True)
class Report:
    """What came of a campaign: people, not times."""

    emails_sent: int
    opened: int
    clicked: int
    unsubscribed: int


def goes_to(gateway: Gateway, campaign: Campaign) -> tuple[str, int]:
    """The recipients that are wanted, as `Remote.goes_to` tells those there are."""
    return gateway.audience_id, campaign.segment_id or 0


def find(gateway: Gateway, campaign: Campaign) -> Remote | None:
    """The campaign whose making got no answer, by its title; None when it was not made.

    Raises:
        GatewayError: as for every call.
    """
    answer = call(
        _campaigns(gateway).list,
        count=RECENT,
        list_id=gateway.audience_id,
        sort_field="create_time",
        sort_dir="DESC",
        fields=[f"campaigns.{name}" for name in ("id", "status", "send_time", "settings", "recipients")],
    )
    found = answer.get("campaigns", [])  # a list without entries may be left out by `fields`
    if not isinstance(found, list):
        raise unreadable()
    ours = [entry for entry in found if isinstance(entry, dict) and _title_of(entry).endswith(_mark(campaign))]
    return _remote(ours[0]) if ours else None


def create(gateway: Gateway, campaign: Campaign) -> Remote:
    """Make a draft with the wanted recipients. Not to be repeated without looking: it makes another.

    Raises:
        GatewayError: as for every call.
    """
    body = {"type": "regular", "recipients": _recipients(gateway, campaign), "settings": _settings(gateway, campaign)}
    return _remote(call(_campaigns(gateway).create, body))


def read(gateway: Gateway, remote_id: str) -> Remote:
    """Read a campaign.

    Raises:
        CampaignGone: it is not there.
        GatewayError: as for every call.
    """
    return _remote(_about(call, _campaigns(gateway).get, remote_id))


def change(gateway: Gateway, remote_id: str, campaign: Campaign) -> None:
    """Give a draft the wanted subject and sender (safe to repeat).

    Raises:
        GatewayError: as for every call.
    """
    _about(call, _campaigns(gateway).update, remote_id, {"settings": _settings(gateway, campaign)})


def remove(gateway: Gateway, remote_id: str) -> None:
    """Delete a draft.

    Raises:
        GatewayError: as for every call.
    """
    _about(call_empty, _campaigns(gateway).remove, remote_id)


def put_content(gateway: Gateway, remote_id: str, html: str, plain_text: str) -> None:
    """Give a draft its content (safe to repeat).

    Raises:
        GatewayError: as for every call.
    """
    _about(call, _campaigns(gateway).set_content, remote_id, {"html": html, "plain_text": plain_text})


def content(gateway: Gateway, remote_id: str) -> str:
    """The HTML that a campaign has.

    Raises:
        GatewayError: as for every call.
    """
    return str(_about(call, _campaigns(gateway).get_content, remote_id, fields=["html"]).get("html", ""))


def complaints(gateway: Gateway, remote_id: str) -> list[str]:
    """What Mailchimp's own check says must be mended before a draft can be sent; empty when it is ready.

    Raises:
        GatewayError: as for every call.
    """
    answer = _about(call, _campaigns(gateway).get_send_checklist, remote_id)
    if answer.get("is_ready") is True:
        return []
    items = [item for item in answer.get("items") or [] if isinstance(item, dict) and item.get("type") == "error"]
    return [str(item.get("details") or item.get("heading")) for item in items] or ["It gives no reason."]


def send_test(gateway: Gateway, remote_id: str, addresses: list[str]) -> None:
    """Send what a draft holds to these addresses.

    Raises:
        GatewayError: as for every call.
    """
    body = {"test_emails": addresses, "send_type": "html"}
    _about(call_empty, _campaigns(gateway).send_test_email, remote_id, body)


def send(gateway: Gateway, remote_id: str) -> None:
    """Send a campaign. Cannot be undone, and must not be repeated without looking.

    Raises:
        GatewayError: as for every call.
    """
    _about(call_empty, _campaigns(gateway).send, remote_id)


def schedule(gateway: Gateway, remote_id: str, at: datetime) -> None:
    """Have a campaign sent at a quarter of an hour.

    Raises:
        GatewayError: as for every call.
    """
    body = {"schedule_time": at.astimezone(UTC).isoformat(timespec="seconds")}
    _about(call_empty, _campaigns(gateway).schedule, remote_id, body)


def unschedule(gateway: Gateway, remote_id: str) -> None:
    """Make a scheduled campaign a draft again.

    Raises:
        GatewayError: as for every call.
    """
    _about(call_empty, _campaigns(gateway).unschedule, remote_id)


def report(gateway: Gateway, remote_id: str) -> Report:
    """Read what came of a campaign.

    Raises:
        CampaignGone: there is no report.
        GatewayError: as for every call.
    """
    fields = ["emails_sent", "opens.unique_opens", "clicks.unique_subscriber_clicks", "unsubscribed"]
    answer = _about(call, ReportsApi(gateway.lists.api_client).get_campaign_report, remote_id, fields=fields)
    return Report(
        emails_sent=number(answer.get("emails_sent")),
        opened=number(_object(answer.get("opens")).get("unique_opens")),
        clicked=number(_object(answer.get("clicks")).get("unique_subscriber_clicks")),
        unsubscribed=number(answer.get("unsubscribed")),
    )


def _campaigns(gateway: Gateway) -> CampaignsApi:
    return CampaignsApi(gateway.lists.api_client)


def _about(make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Make a call about one campaign, where "not found" means the campaign and not the audience."""
    try:
        return make(*args, **kwargs)
    except OperatorMustAct as error:
        if error.status == HTTP_NOT_FOUND:
            raise CampaignGone("The campaign is not at Mailchimp any more.", status=error.status) from None
        raise


def _recipients(gateway: Gateway, campaign: Campaign) -> dict[str, Any]:
    if not campaign.segment_id:
        return {"list_id": gateway.audience_id}
    if campaign.recipients == Recipients.SEGMENT:
        chosen: dict[str, Any] = {"saved_segment_id": campaign.segment_id}
    else:
        condition = {"condition_type": "StaticSegment", "field": "static_segment", "op": "static_is"}
        chosen = {"match": "all", "conditions": [condition | {"value": campaign.segment_id}]}
    return {"list_id": gateway.audience_id, "segment_opts": chosen}


def _settings(gateway: Gateway, campaign: Campaign) -> dict[str, Any]:
    audience = gateway.audience()
    return {
        "title": f"{campaign.title[:80]} {_mark(campaign)}",
        "subject_line": campaign.subject,
        "preview_text": campaign.preview_text,
        "from_name": audience.from_name,
        "reply_to": audience.from_email,
        "auto_footer": False,
        "inline_css": False,
    }


def _mark(campaign: Campaign) -> str:
    return f"[website {campaign.token}]"


def _title_of(answer: dict[str, Any]) -> str:
    return str(_object(answer.get("settings")).get("title", ""))


def _remote(answer: dict[str, Any]) -> Remote:
    """Read a campaign out of an answer."""
    if not (isinstance(answer.get("id"), str) and isinstance(answer.get("status"), str)):
        raise unreadable()
    recipients = _object(answer.get("recipients"))
    return Remote(
        id=answer["id"],
        status=answer["status"],
        subject=str(_object(answer.get("settings")).get("subject_line", "")),
        send_at=moment(answer.get("send_time")),
        goes_to=(str(recipients.get("list_id", "")), _segment(_object(recipients.get("segment_opts")))),
    )


def _segment(chosen: dict[str, Any]) -> int:
    """The number of the segment or tag that a campaign goes to, 0 for none; -1 for a question that is not ours."""
    if chosen.get("saved_segment_id"):
        return number(chosen["saved_segment_id"])
    conditions = chosen.get("conditions") or []
    if not conditions:
        return 0
    only = _object(conditions[0]) if len(conditions) == 1 else {}
    return number(only.get("value")) if only.get("field") == "static_segment" else -1


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def number(value: Any) -> int:
    """A number out of an answer.

    Raises:
        Retryable: it is none.
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Retryable("Mailchimp's answer made no sense.", status=200) from None
