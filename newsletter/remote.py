"""Calls about the audience as a whole: lists of contacts, the account, fields, webhooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailchimp_marketing.api.root_api import RootApi

from newsletter.answers import Contact, call, call_empty, contact_from, contact_hash, unreadable
from newsletter.errors import GatewayError, OperatorMustAct
from newsletter.gateway import HTTP_NOT_FOUND, Gateway

# The most that Mailchimp lists in one answer. With these fields a contact takes 400 bytes, so it is well under 1 MB.
PAGE = 1000
MEMBER_FIELDS = (
    *("id", "email_address", "unique_email_id", "status", "last_changed", "timestamp_signup", "timestamp_opt"),
    *("unsubscribe_reason", "merge_fields.FNAME", "merge_fields.LNAME"),
)


@dataclass(frozen=True)
class Member:
    """A contact together with its address, which Mailchimp tells.

    Attributes:
        email: as Mailchimp writes it.
        joined_at: when the person confirmed or signed up, or None when Mailchimp does not say.
    """

    email: str
    contact: Contact
    joined_at: datetime | None


def read_member(gateway: Gateway, email: str) -> Member | None:
    """Read one contact; None when Mailchimp does not have it (or does not have the audience).

    Raises:
        GatewayError: as for every call.
    """
    try:
        answer = call(gateway.lists.get_list_member, gateway.audience_id, contact_hash(email), fields=MEMBER_FIELDS)
    except OperatorMustAct as error:
        if error.status == HTTP_NOT_FOUND:
            return None
        raise
    member = _member(answer)
    if member is None or contact_hash(member.email) != contact_hash(email):
        raise unreadable()
    return member


@dataclass(frozen=True)
class Page:
    """One answer of a list of contacts.

    Attributes:
        members: those that can be read.
        count: how many there were.
        last_changed_at: of the last one, or None.
    """

    members: list[Member]
    count: int
    last_changed_at: datetime | None

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after it."""
        return self.count < PAGE


def read_page(
    gateway: Gateway, *, since: datetime | None, offset: int = 0, status: str = "", newest_first: bool = False
) -> Page:
    """List up to 1,000 contacts in the order of their last change.

    Args:
        since: only those that changed after this moment (Mailchimp compares whole seconds).
        offset: how many to leave out.
        status: only those of this status. Without it Mailchimp leaves archived ones out.

    Raises:
        GatewayError: as for every call.
    """
    filters: dict[str, Any] = {"status": status} if status else {}
    if since is not None:
        filters["since_last_changed"] = since.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    answer = call(
        gateway.lists.get_list_members_info,
        gateway.audience_id,
        count=PAGE,
        offset=offset,
        sort_field="last_changed",
        sort_dir="DESC" if newest_first else "ASC",
        fields=[f"members.{name}" for name in MEMBER_FIELDS],
        **filters,
    )
    found = answer.get("members", [])  # a list without entries may be left out by `fields`
    if not isinstance(found, list):
        raise unreadable()
    members = [member for entry in found if (member := _member(entry))]
    return Page(members, len(found), members[-1].contact.changed_at if members else None)


def _member(entry: Any) -> Member | None:
    """Read a contact; None for one that cannot be read, which must not stop the others."""
    if not isinstance(entry, dict) or not isinstance(entry.get("email_address"), str):
        return None
    email = entry["email_address"].strip()
    try:
        contact = contact_from(entry, contact_hash(email))
        confirmed = contact_from(entry | {"timestamp_signup": entry.get("timestamp_opt")}, contact_hash(email))
    except GatewayError:
        return None
    return Member(email, contact, confirmed.signed_up_at or contact.signed_up_at)


def account(gateway: Gateway) -> tuple[str, str]:
    """The account's name, and the role in it of whoever made the key: owner, admin, manager, author or viewer.

    Raises:
        GatewayError: as for every call.
    """
    answer = call(RootApi(gateway.lists.api_client).get_root, fields=["account_name", "role"])
    return str(answer.get("account_name", "")), str(answer.get("role", ""))


def merge_fields(gateway: Gateway) -> dict[str, dict[str, Any]]:
    """The audience's fields by their tags.

    Raises:
        GatewayError: as for every call.
    """
    answer = call(gateway.lists.get_list_merge_fields, gateway.audience_id, count=1000)
    return {str(field.get("tag")): field for field in _entries(answer, "merge_fields")}


def add_merge_field(gateway: Gateway, tag: str, name: str) -> None:
    """Add a text field that only the account sees.

    Raises:
        GatewayError: as for every call.
    """
    body = {"tag": tag, "name": name, "type": "text", "required": False, "public": False}
    call(gateway.lists.add_list_merge_field, gateway.audience_id, body)
    gateway.merge_tags(fresh=True)


def webhooks(gateway: Gateway) -> list[dict[str, Any]]:
    """The audience's webhooks, ours and others.

    Raises:
        GatewayError: as for every call.
    """
    return _entries(call(gateway.lists.get_list_webhooks, gateway.audience_id), "webhooks")


def create_webhook(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    """Register a webhook; only this answer has `signing_secret`. Mailchimp asks its address first.

    Raises:
        GatewayError: as for every call.
    """
    return call(gateway.lists.create_list_webhook, gateway.audience_id, body)


def change_webhook(gateway: Gateway, webhook_id: str, body: dict[str, Any]) -> None:
    """Change a webhook, and switch it on again.

    Raises:
        GatewayError: as for every call.
    """
    call(gateway.lists.update_list_webhook, gateway.audience_id, webhook_id, body)


def delete_webhook(gateway: Gateway, webhook_id: str) -> None:
    """Remove a webhook; it may be gone already.

    Raises:
        GatewayError: as for every call.
    """
    try:
        call_empty(gateway.lists.delete_list_webhook, gateway.audience_id, webhook_id)
    except OperatorMustAct as error:
        if error.status != HTTP_NOT_FOUND:
            raise


def _entries(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    if not isinstance(found, list):
        raise unreadable()
    return [entry for entry in found if isinstance(entry, dict)]
