"""What a webhook is, the form-encoded events it is sent, their signature, and one call over HTTP."""

import hmac
import ipaddress
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from .contact import Contact

EVENTS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")
SOURCES = ("user", "admin", "api")

#: A receiver has this many seconds to answer.
TIME_LIMIT = 10


@dataclass
class Webhook:
    id: str
    url: str
    events: dict[str, bool]
    sources: dict[str, bool]
    signing_secret: str = ""
    enabled: bool = True

    def document(self, list_id: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "events": self.events,
            "sources": self.sources,
            "signing_enabled": bool(self.signing_secret),
            "enabled": self.enabled,
            "list_id": list_id,
        }

    def wants(self, event: str, source: str) -> bool:
        return self.enabled and self.events.get(event, False) and self.sources.get(source, False)


@dataclass
class Delivery:
    """One event for one receiver; `statuses` are its answers so far, None for no answer."""

    hook: Webhook
    event: str
    body: bytes
    statuses: list[int | None] = field(default_factory=list)

    @property
    def delivered(self) -> bool:
        return any(status is not None and 200 <= status < 300 for status in self.statuses)


def event_fields(
    event: str, contact: Contact, list_id: str, extra: dict[str, str], fired_at: datetime | None = None
) -> dict[str, str]:
    """The form keys of an event, exactly as Mailchimp names them."""
    moment = fired_at or datetime.now(UTC)
    fields = {"type": event, "fired_at": moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")}
    data = {"list_id": list_id}
    if event == "upemail":
        data |= {
            "new_id": contact.unique_email_id,
            "new_email": contact.email,
            "old_email": extra.get("old_email", ""),
        }
    elif event == "cleaned":
        data |= {"campaign_id": "", "reason": extra.get("reason", "hard"), "email": contact.email}
    else:
        data = _contact_data(event, contact) | data | extra
    return fields | {f"data[{name}]" if "[" not in name else f"data{name}": v for name, v in data.items()}


def _contact_data(event: str, contact: Contact) -> dict[str, str]:
    data = {
        "id": contact.unique_email_id,
        "email": contact.email,
        "email_type": contact.email_type,
        "ip_opt": contact.ip_opt,
        "web_id": str(contact.web_id),
    }
    if event != "profile":
        data["ip_signup"] = contact.ip_signup
    merges = {"EMAIL": contact.email, **contact.merge_fields, "INTERESTS": ""}
    for tag, value in merges.items():
        if isinstance(value, dict):
            data |= {f"[merges][{tag}][{part}]": str(text) for part, text in value.items()}
        else:
            data[f"[merges][{tag}]"] = str(value)
    return data


def signature(secret: str, body: bytes, now: float | None = None) -> str:
    """The value of X-Mailchimp-Signature for a raw body; `now` in seconds since 1970."""
    moment = int(time.time() if now is None else now)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
    return f"t={moment},v1={digest}"


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int | None:
    """The status of a GET, or of a POST when there is a body; None when there was no answer."""
    request = urllib.request.Request(url, data=body, headers={"User-Agent": "MailChimp", **(headers or {})})
    try:
        with _OPENER.open(request, timeout=TIME_LIMIT) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except (OSError, ValueError):
        return None
