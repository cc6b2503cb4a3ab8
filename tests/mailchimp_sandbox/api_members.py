"""Endpoints of contacts: one, a list, tags, and up to 500 at once."""

from typing import TYPE_CHECKING

from .bulk import batch_subscribe
from .contact import Contact
from .listing import page, select_contacts, shaped
from .messages import Reply, Request, json_reply, no_content
from .routing import check_list, collection, json_object, route

if TYPE_CHECKING:
    from .service import Service


def member_reply(service: "Service", request: Request, contact: Contact) -> Reply:
    return json_reply(shaped(service.audience.document(contact, service.base_url), request))


@route("GET", "/lists/*/members")
def get_members(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    found = select_contacts(service.audience, request)
    shown = [service.audience.document(contact, service.base_url) for contact in found[page(request)]]
    document = {"members": shown, "list_id": list_id, "total_items": len(found), "_links": []}
    return json_reply(shaped(document, request))


@route("POST", "/lists/*/members")
def add_member(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    skip = request.flag("skip_merge_validation")
    return member_reply(service, request, service.audience.create(request.json_body(), skip_required=skip))


@route("GET", "/lists/*/members/*")
def get_member(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    return member_reply(service, request, service.audience.get(key))


@route("PUT", "/lists/*/members/*")
def set_member(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    skip = request.flag("skip_merge_validation")
    return member_reply(service, request, service.audience.upsert(key, request.json_body(), skip_required=skip))


@route("PATCH", "/lists/*/members/*")
def update_member(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    skip = request.flag("skip_merge_validation")
    return member_reply(service, request, service.audience.update(key, request.json_body(), skip_required=skip))


@route("DELETE", "/lists/*/members/*")
def archive_member(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    service.audience.archive(key)
    return no_content()


@route("POST", "/lists/*/members/*/actions/delete-permanent")
def forget_member(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    service.audience.forget(key)
    return no_content()


@route("GET", "/lists/*/members/*/tags")
def get_tags(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    contact, ids = service.audience.get(key), service.audience.tag_ids
    tags = [{"id": ids[name.lower()], "name": name, "date_added": contact.last_changed} for name in contact.tags]
    return collection(request, "tags", tags)


@route("POST", "/lists/*/members/*/tags")
def set_tags(service: "Service", request: Request, list_id: str, key: str) -> Reply:
    check_list(service, list_id)
    service.audience.set_tags(key, json_object(request).get("tags"))
    return no_content()


@route("POST", "/lists/*")
def batch_members(service: "Service", request: Request, list_id: str) -> Reply:
    check_list(service, list_id)
    result = batch_subscribe(
        service.audience,
        request.json_body(),
        skip_required=request.flag("skip_merge_validation"),
        skip_duplicates=request.flag("skip_duplicate_check"),
        base_url=service.base_url,
    )
    return json_reply(result)
