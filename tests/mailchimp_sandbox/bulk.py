"""POST /lists/{list_id}: up to 500 contacts in one call."""

from typing import Any

from . import problems
from .audience import Audience
from .contact import Contact, subscriber_hash
from .problems import Problem

MOST_MEMBERS = 500

EXISTS = "{} is already a list member, do you want to update? please provide update_existing:true in the request body"


def batch_subscribe(
    audience: Audience, body: Any, *, skip_required: bool, skip_duplicates: bool, base_url: str
) -> dict[str, Any]:
    """Creates, and with `update_existing` changes, contacts one by one; a refused one is an entry in `errors`.

    Raises Problem when the request as a whole is wrong: more than 500, or an address twice without
    `skip_duplicate_check` (with it the first one counts).
    """
    members = _members(body, skip_duplicates=skip_duplicates)
    created: list[Contact] = []
    updated: list[Contact] = []
    errors: list[dict[str, str]] = []
    with audience.lock:
        for member in members:
            try:
                _subscribe(audience, member, body, skip_required, created, updated)
            except Problem as problem:
                errors.append(_error(member, problem))
    return {
        "new_members": [audience.document(contact, base_url) for contact in created],
        "updated_members": [audience.document(contact, base_url) for contact in updated],
        "errors": errors,
        "total_created": len(created),
        "total_updated": len(updated),
        "error_count": len(errors),
        "_links": [],
    }


def _members(body: Any, *, skip_duplicates: bool) -> list[dict[str, Any]]:
    members = body.get("members") if isinstance(body, dict) else None
    if not isinstance(members, list) or any(not isinstance(member, dict) for member in members):
        raise problems.invalid_fields(("members", "Schema describes array of objects"))
    if len(members) > MOST_MEMBERS:
        raise problems.invalid_fields(("members", f"This collection should contain at most {MOST_MEMBERS}."))
    unique: dict[str, dict[str, Any]] = {}
    for member in members:
        email = str(member.get("email_address", ""))
        if subscriber_hash(email) in unique and not skip_duplicates:
            raise Problem("Invalid Resource", f"Duplicate items found for email {email}")
        unique.setdefault(subscriber_hash(email), member)
    return list(unique.values())


def _subscribe(
    audience: Audience,
    member: dict[str, Any],
    body: dict[str, Any],
    skip_required: bool,
    created: list[Contact],
    updated: list[Contact],
) -> None:
    # There is no status_if_new here, neither for `create` nor for `update`: a status given always counts.
    existing = audience.find(str(member.get("email_address", "")))
    if existing is None:
        created.append(audience.create(member, skip_required=skip_required))
    elif not body.get("update_existing"):
        raise problems.member_exists(existing.email)
    else:
        audience.update(existing.hash, member, skip_required=skip_required)
        if body.get("sync_tags"):
            existing.tags = []
            audience.set_tags(existing.hash, [{"name": t, "status": "active"} for t in member.get("tags", [])])
        updated.append(existing)


def _error(member: dict[str, Any], problem: Problem) -> dict[str, str]:
    email = str(member.get("email_address", ""))
    exists = problem.title == "Member Exists"
    first = problem.errors[0] if problem.errors else {"field": "", "message": ""}
    return {
        "email_address": email,
        "error": EXISTS.format(email) if exists else problem.detail,
        "error_code": "ERROR_CONTACT_EXISTS" if exists else "ERROR_GENERIC",
        "field": first["field"],
        "field_message": first["message"],
    }
