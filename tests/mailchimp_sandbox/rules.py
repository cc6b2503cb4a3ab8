"""What Mailchimp accepts and refuses, without any memory of its own."""

import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

from . import problems
from .contact import WRITABLE_STATUSES, Contact

ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
LONGEST_ADDRESS = 254

#: Addresses that "look fake". The real list is Mailchimp's secret; example.org stays usable for demonstrations.
FAKE_DOMAINS = frozenset({"fake.invalid"})
ROLE_NAMES = frozenset({"abuse"})

#: The states that mean "this person receives, or is asked to receive, the newsletter".
LIVE = ("subscribed", "pending")

STRINGS = (
    "email_address", "status", "status_if_new", "email_type", "language", "ip_signup", "ip_opt",
    "timestamp_signup", "timestamp_opt",
)  # fmt: skip
SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(STRINGS, (str, "string")),
    "merge_fields": (dict, "object"),
    "interests": (dict, "object"),
    "location": (dict, "object"),
    "vip": (bool, "boolean"),
    "marketing_permissions": (list, "array"),
    "tags": (list, "array"),
}


def json_type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "NULL"}
    return names.get(type(value), "number")


def check_member(body: Any) -> None:
    """The schema of a member body: types, enumerations, IP addresses and times. Raises Problem."""
    if not isinstance(body, dict):
        raise problems.invalid_fields(("", f"Schema describes object, {json_type(body)} found instead"))
    errors = []
    for name, (kind, word) in SHAPES.items():
        if name in body and not isinstance(body[name], kind):
            errors.append((name, f"Schema describes {word}, {json_type(body[name])} found instead"))
    if errors:
        raise problems.invalid_fields(*errors)
    for check in (_status_errors, _ip_errors, _time_errors, _email_type_errors):
        errors += check(body)
    if errors:
        raise problems.invalid_fields(*errors)


def _status_errors(body: dict[str, Any]) -> list[tuple[str, str]]:
    message = "Data presented is not one of the accepted values: " + ", ".join(WRITABLE_STATUSES) + "."
    names = ("status", "status_if_new")
    return [(name, message) for name in names if name in body and body[name] not in WRITABLE_STATUSES]


def _email_type_errors(body: dict[str, Any]) -> list[tuple[str, str]]:
    if body.get("email_type", "html") in ("html", "text", ""):
        return []
    return [("email_type", "Data presented is not one of the accepted values: html, text.")]


def _ip_errors(body: dict[str, Any]) -> list[tuple[str, str]]:
    errors = []
    for name in ("ip_signup", "ip_opt"):
        try:
            ipaddress.ip_address(body.get(name, "127.0.0.1"))
        except ValueError:
            errors.append((name, "This value is not a valid IP address."))
    return errors


def _time_errors(body: dict[str, Any]) -> list[tuple[str, str]]:
    errors = []
    for name in ("timestamp_signup", "timestamp_opt"):
        try:
            utc_time(body.get(name, ""))
        except ValueError:
            errors.append((name, "This value is not a valid datetime."))
    return errors


def utc_time(text: str) -> str:
    """`text` (ISO 8601, or `YYYY-MM-DD HH:MM:SS` in UTC) as the API writes times; "" stays "".

    Raises ValueError when it is no time.
    """
    if not text:
        return ""
    moment = datetime.fromisoformat(text.strip())
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")


def check_address(email: str, refusals: dict[str, str], subscriber_hash: str) -> None:
    """Refuses an address that is malformed, "looks fake" or was on too many lists. Raises Problem.

    `refusals` maps a subscriber hash to "fake" or "too_many_lists", set by a test.
    """
    if len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email):
        raise problems.invalid_address()
    name, _, domain = email.lower().rpartition("@")
    refusal = refusals.get(subscriber_hash)
    if refusal == "fake" or domain in FAKE_DOMAINS or name in ROLE_NAMES:
        raise problems.looks_fake(email)
    if refusal == "too_many_lists":
        raise problems.too_many_lists(email)


def check_transition(contact: Contact, wanted: str) -> None:
    """Whether the API may put an existing contact into the status `wanted`. Raises Problem.

    Who unsubscribed may only be asked again (`pending`); who bounced or complained not even that. An archived
    contact comes back unless it was in one of those states before. Reports differ on some of these; the
    stricter reading is used, so that a client which copes here copes with either.
    """
    if wanted not in LIVE or contact.status in LIVE:
        return
    barred = contact.complained or contact.status == "cleaned"
    if contact.status == "unsubscribed":
        barred = barred or wanted == "subscribed"
    if contact.status == "archived":
        barred = barred or contact.status_before_archive in ("unsubscribed", "cleaned")
    if barred:
        raise problems.compliance_state(contact.email)
