"""Endpoints of the account and the audience: settings, merge fields, webhooks, batches."""

from typing import TYPE_CHECKING, Any

from .listing import shaped
from .merge_fields import MergeField, add_merge_field, change_merge_field, check_tag
from .messages import Reply, Request, json_reply, no_content
from .problems import Problem
from .routing import check_list, collection, json_object, route

if TYPE_CHECKING:
    from .service import Service


@route("GET", "")
def root(service: "Service", request: Request) -> Reply:
    document = {
        "account_id": "5a4d0b1a2c3e4f5a6b7c8d9e0",
        "account_name": "Stand-in for Mailchimp",
        "role": "owner",
        "first_name": "Stand",
        "last_name": "In",
        "pricing_plan_type": "forever_free",
        "total_subscribers": stats(service)["member_count"],
        "_links": [],
    }
    return json_reply(shaped(document, request))


@route("GET", "/ping")
def ping(service: "Service", request: Request) -> Reply:
    return json_reply({"health_status": "Everything's Chimpy!"})


# Audience


def stats(service: "Service") -> dict[str, int]:
    with service.audience.lock:
        statuses = [contact.status for contact in service.audience.contacts.values()]
    return {
        "member_count": statuses.count("subscribed"),
        "total_contacts": len(statuses),
        "unsubscribe_count": statuses.count("unsubscribed"),
        "cleaned_count": statuses.count("cleaned"),
        "merge_field_count": len(service.audience.merge_fields),
    }


def list_document(service: "Service") -> dict[str, Any]:
    audience = service.audience
    return {
        "id": audience.id,
        "web_id": 1,
        "name": audience.name,
        "permission_reminder": "You signed up on our website.",
        "email_type_option": False,
        "campaign_defaults": {
            "from_name": "Leadership Centre",
            "from_email": "newsletter@example.org",
            "subject": "",
            "language": "en",
        },
        "subscribe_url_short": f"{service.site_url}/_sandbox/subscribe",
        "subscribe_url_long": f"{service.site_url}/_sandbox/subscribe?u=stand-in&id={audience.id}",
        "visibility": "prv",
        "double_optin": audience.double_optin,
        "has_welcome": False,
        "marketing_permissions": bool(audience.permission_texts),
        "stats": stats(service),
        "_links": [],
    }


@route("GET", "/lists")
def get_lists(service: "Service", request: Request) -> Reply:
    return collection(request, "lists", [list_document(service)])


@route("GET", "/lists/*")
def get_list(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    return json_reply(shaped(list_document(service), request))


# Merge fields


def find_merge_field(service: "Service", merge_id: str) -> MergeField:
    for column in service.audience.merge_fields:
        if str(column.merge_id) == merge_id:
            return column
    raise Problem("Resource Not Found")


@route("GET", "/lists/*/merge-fields")
def get_merge_fields(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    with service.audience.lock:
        items = [column.document(list_id) for column in service.audience.merge_fields]
    return collection(request, "merge_fields", items, list_id=list_id)


@route("POST", "/lists/*/merge-fields")
def create_merge_field(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    with service.audience.lock:
        return json_reply(add_merge_field(service.audience.merge_fields, json_object(request)).document(list_id))


@route("PATCH", "/lists/*/merge-fields/*")
def update_merge_field(service: "Service", request: Request, list_id: str, merge_id: str) -> Reply:
    check_list(service, list_id)
    body = json_object(request)
    with service.audience.lock:
        column = find_merge_field(service, merge_id)
        if (tag := str(body.get("tag") or column.tag).upper()) != column.tag:
            check_tag(service.audience.merge_fields, tag)
        change_merge_field(column, body)
        return json_reply(column.document(list_id))


@route("DELETE", "/lists/*/merge-fields/*")
def delete_merge_field(service: "Service", request: Request, list_id: str, merge_id: str) -> Reply:
    check_list(service, list_id)
    with service.audience.lock:
        service.audience.merge_fields.remove(find_merge_field(service, merge_id))
    return no_content()


# Webhooks


@route("GET", "/lists/*/webhooks")
def get_webhooks(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    items = [hook.document(list_id) for hook in service.webhooks.hooks.values()]
    return collection(request, "webhooks", items, list_id=list_id)


@route("POST", "/lists/*/webhooks")
def create_webhook(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    return json_reply(service.webhooks.create(request.json_body()))


@route("GET", "/lists/*/webhooks/*")
def get_webhook(service: "Service", request: Request, list_id: str, hook_id: str) -> Reply:
    check_list(service, list_id)
    return json_reply(service.webhooks.get(hook_id).document(list_id))


@route("PATCH", "/lists/*/webhooks/*")
def update_webhook(service: "Service", request: Request, list_id: str, hook_id: str) -> Reply:
    check_list(service, list_id)
    return json_reply(service.webhooks.update(hook_id, request.json_body()).document(list_id))


@route("DELETE", "/lists/*/webhooks/*")
def delete_webhook(service: "Service", request: Request, list_id: str, hook_id: str) -> Reply:
    check_list(service, list_id)
    service.webhooks.delete(hook_id)
    return no_content()


# Batches


@route("POST", "/batches")
def start_batch(service: "Service", request: Request) -> Reply:
    return json_reply(service.batches.start(request.json_body()).document(service.site_url))


@route("GET", "/batches")
def get_batches(service: "Service", request: Request) -> Reply:
    items = [batch.document(service.site_url) for batch in service.batches.batches.values()]
    return collection(request, "batches", items)


@route("GET", "/batches/*")
def get_batch(service: "Service", request: Request, batch_id: str) -> Reply:
    return json_reply(service.batches.get(batch_id).document(service.site_url))


@route("DELETE", "/batches/*")
def delete_batch(service: "Service", request: Request, batch_id: str) -> Reply:
    del service.batches.batches[service.batches.get(batch_id).id]
    return no_content()
