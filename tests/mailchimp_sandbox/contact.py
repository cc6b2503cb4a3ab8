"""One contact of the audience, and the shape in which the API shows it."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

READABLE_STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived")
WRITABLE_STATUSES = READABLE_STATUSES[:-1]

#: A member answer carries at most this many tags.
MOST_TAGS_SHOWN = 50


def timestamp() -> str:
    """The present moment as the API writes it: UTC, whole seconds, `+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def subscriber_hash(email: str) -> str:
    """MD5 of the trimmed, lower-cased address: the contact's identity within an audience."""
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()


@dataclass
class Contact:
    """What the stand-in remembers of one address. Times are strings made by `timestamp`."""

    email: str
    status: str
    web_id: int
    contact_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    merge_fields: dict[str, Any] = field(default_factory=dict)
    email_type: str = "html"
    language: str = ""
    vip: bool = False
    location: dict[str, float] = field(default_factory=dict)
    ip_signup: str = ""
    ip_opt: str = ""
    timestamp_signup: str = ""
    timestamp_opt: str = ""
    last_changed: str = field(default_factory=timestamp)
    source: str = "API - Generic"
    tags: list[str] = field(default_factory=list)
    permissions: list[str] = field(default_factory=list)
    interests: dict[str, bool] = field(default_factory=dict)
    unsubscribe_reason: str = ""
    status_before_archive: str = ""
    complained: bool = False
    confirmation_mails: int = 0

    @property
    def hash(self) -> str:
        return subscriber_hash(self.email)

    @property
    def unique_email_id(self) -> str:
        """The address's account-wide id (10 hex digits): `data[id]` of a webhook, not the MD5 hash."""
        return hashlib.sha256(self.email.lower().encode()).hexdigest()[:10]

    @property
    def full_name(self) -> str:
        names = (self.merge_fields.get("FNAME", ""), self.merge_fields.get("LNAME", ""))
        return " ".join(name for name in names if name)

    def document(self, list_id: str, base_url: str, tag_ids: dict[str, int]) -> dict[str, Any]:
        """The member as GET /lists/{list_id}/members/{hash} answers it."""
        document = {
            "id": self.hash,
            "email_address": self.email,
            "unique_email_id": self.unique_email_id,
            "contact_id": self.contact_id,
            "full_name": self.full_name,
            "web_id": self.web_id,
            "email_type": self.email_type,
            "status": self.status,
            "consents_to_one_to_one_messaging": True,
            "merge_fields": dict(self.merge_fields),
            "stats": {"avg_open_rate": 0, "avg_click_rate": 0},
            "ip_signup": self.ip_signup,
            "timestamp_signup": self.timestamp_signup,
            "ip_opt": self.ip_opt,
            "timestamp_opt": self.timestamp_opt,
            "member_rating": 2,
            "last_changed": self.last_changed,
            "language": self.language,
            "vip": self.vip,
            "email_client": "",
            "location": {
                "latitude": self.location.get("latitude", 0),
                "longitude": self.location.get("longitude", 0),
                "gmtoff": 0,
                "dstoff": 0,
                "country_code": "",
                "timezone": "",
                "region": "",
            },
            "source": self.source,
            "tags_count": len(self.tags),
            "tags": [{"id": tag_ids[tag.lower()], "name": tag} for tag in self.tags[:MOST_TAGS_SHOWN]],
            "list_id": list_id,
            "_links": self._links(f"{base_url}/lists/{list_id}/members"),
        }
        if self.interests:
            document["interests"] = dict(self.interests)
        if self.status == "unsubscribed":
            document["unsubscribe_reason"] = self.unsubscribe_reason
        return document

    def _links(self, members_url: str) -> list[dict[str, str]]:
        own_url = f"{members_url}/{self.hash}"
        return [
            {"rel": "self", "href": own_url, "method": "GET"},
            {"rel": "parent", "href": members_url, "method": "GET"},
            {"rel": "update", "href": own_url, "method": "PATCH"},
            {"rel": "upsert", "href": own_url, "method": "PUT"},
            {"rel": "delete", "href": own_url, "method": "DELETE"},
            {"rel": "delete_permanent", "href": f"{own_url}/actions/delete-permanent", "method": "POST"},
        ]
