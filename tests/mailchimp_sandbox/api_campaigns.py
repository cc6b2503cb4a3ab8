"""Endpoints of campaigns, their reports, and the segments and tags that they may go to."""

from typing import TYPE_CHECKING, Any

from .campaigns import Campaign
from .listing import shaped
from .messages import Reply, Request, json_reply, no_content
from .problems import invalid_fields
from .routing import check_list, collection, json_object, route

if TYPE_CHECKING:
    from .service import Service


def campaign_document(service: "Service", campaign: Campaign) -> dict[str, Any]:
    """As GET /campaigns/{id} answers it; a draft's count of recipients is what it would be now."""
    count = len(service.campaigns.contacts(campaign))
    return {
        "id": campaign.id,
        "web_id": campaign.web_id,
        "type": "regular",
        "create_time": campaign.create_time,
        "archive_url": f"{service.site_url}/_sandbox/campaigns",
        "status": campaign.status,
        "emails_sent": len(campaign.sent[0].emails) if campaign.sent else 0,
        "send_time": campaign.send_time,
        "content_type": "html" if campaign.html else "template",
        "recipients": {
            "list_id": service.audience.id,
            "list_is_active": True,
            "list_name": service.audience.name,
            "recipient_count": count,
            "segment_opts": campaign.recipients.get("segment_opts") or {},
        },
        "settings": {"subject_line": "", "preview_text": "", "title": ""} | campaign.settings,
        "_links": [],
    }


@route("POST", "/campaigns")
def create(service: "Service", request: Request) -> Reply:
    with service.campaigns.lock:
        return json_reply(campaign_document(service, service.campaigns.create(json_object(request))))


@route("GET", "/campaigns")
def get_campaigns(service: "Service", request: Request) -> Reply:
    wanted = {name: request.query[name] for name in ("status", "list_id") if name in request.query}
    with service.campaigns.lock:
        found = [campaign_document(service, campaign) for campaign in service.campaigns.all()]
    items = [
        document
        for document in found
        if document["status"] == wanted.get("status", document["status"])
        and document["recipients"]["list_id"] == wanted.get("list_id", service.audience.id)
    ]
    newest_first = request.query.get("sort_dir", "").upper() == "DESC"
    return collection(request, "campaigns", items[::-1] if newest_first else items)


@route("GET", "/campaigns/*")
def get_campaign(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        document = campaign_document(service, service.campaigns.get(campaign_id))
    return json_reply(shaped(document, request))


@route("PATCH", "/campaigns/*")
def update(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        return json_reply(campaign_document(service, service.campaigns.update(campaign_id, json_object(request))))


@route("DELETE", "/campaigns/*")
def remove(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        del service.campaigns.campaigns[service.campaigns.get(campaign_id).id]
    return no_content()


@route("PUT", "/campaigns/*/content")
def set_content(service: "Service", request: Request, campaign_id: str) -> Reply:
    body = json_object(request)
    if not isinstance(body.get("html"), str):
        raise invalid_fields(("html", "Schema describes string, NULL found instead"))
    with service.campaigns.lock:
        campaign = service.campaigns.editable(campaign_id)
        campaign.html, campaign.plain_text = body["html"], str(body.get("plain_text") or "")
        return json_reply(content_document(campaign))


@route("GET", "/campaigns/*/content")
def get_content(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        return json_reply(shaped(content_document(service.campaigns.get(campaign_id)), request))


def content_document(campaign: Campaign) -> dict[str, Any]:
    return {"plain_text": campaign.plain_text, "html": campaign.html, "archive_html": campaign.html, "_links": []}


@route("GET", "/campaigns/*/send-checklist")
def get_checklist(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        campaign = service.campaigns.get(campaign_id)
        items = service.campaigns.checklist(campaign)
        return json_reply({"is_ready": service.campaigns.is_ready(campaign), "items": items, "_links": []})


@route("POST", "/campaigns/*/actions/test")
def send_test(service: "Service", request: Request, campaign_id: str) -> Reply:
    body = json_object(request)
    emails = body.get("test_emails")
    if not isinstance(emails, list) or not emails or not all("@" in str(email) for email in emails):
        raise invalid_fields(("test_emails", "Please provide a valid email address."))
    if body.get("send_type") not in ("html", "plaintext"):
        raise invalid_fields(("send_type", "Data presented is not one of the accepted values."))
    with service.campaigns.lock:
        service.campaigns.test(campaign_id, emails)
    return no_content()


@route("POST", "/campaigns/*/actions/schedule")
def schedule(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        service.campaigns.schedule(campaign_id, json_object(request).get("schedule_time"))
    return no_content()


@route("POST", "/campaigns/*/actions/unschedule")
def unschedule(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        service.campaigns.unschedule(campaign_id)
    return no_content()


@route("POST", "/campaigns/*/actions/send")
def send(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        service.campaigns.send(campaign_id)
    return no_content()


@route("GET", "/reports/*")
def get_report(service: "Service", request: Request, campaign_id: str) -> Reply:
    with service.campaigns.lock:
        campaign = service.campaigns.get(campaign_id)
        if not campaign.sent:
            campaign = service.campaigns.get("")  # there is no report yet: 404
        counts = {"opened": 0, "clicked": 0, "unsubscribed": 0} | campaign.report
        document = {
            "id": campaign.id,
            "emails_sent": len(campaign.sent[0].emails),
            "send_time": campaign.send_time,
            "opens": {"opens_total": counts["opened"] * 2, "unique_opens": counts["opened"]},
            "clicks": {"clicks_total": counts["clicked"] * 3, "unique_subscriber_clicks": counts["clicked"]},
            "unsubscribed": counts["unsubscribed"],
            "_links": [],
        }
    return json_reply(shaped(document, request))


@route("GET", "/lists/*/segments")
def get_segments(service: "Service", request: Request, list_id: str) -> Reply:
    """Saved segments, and tags, which the API calls static segments."""
    check_list(service, list_id)
    campaigns = service.campaigns
    with campaigns.lock:
        named = [(segment.id, segment.name, "saved") for segment in campaigns.segments.values()]
        named += [(number, name, "static") for name, number in service.audience.tag_ids.items()]
        items = [
            {"id": number, "name": name, "type": kind, "member_count": len(campaigns.members(number))}
            for number, name, kind in named
            if kind == request.query.get("type", kind)
        ]
    return collection(request, "segments", items, list_id=list_id)


@route("GET", "/lists/*/tag-search")
def search_tags(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    begins = request.query.get("name", "").lower()
    with service.campaigns.lock:
        tags = [{"id": n, "name": name} for name, n in service.audience.tag_ids.items() if name.startswith(begins)]
    return json_reply({"tags": tags, "total_items": len(tags), "_links": []})
