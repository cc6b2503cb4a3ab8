"""The audience: every contact, and what the API does to them."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from . import problems, rules
from .contact import Contact, subscriber_hash, timestamp
from .merge_fields import default_merge_fields, merged
from .problems import Problem

#: Called as (event type, source, contact, extra fields) when something happens that a webhook may report.
Listener = Callable[[str, str, Contact, dict[str, str]], None]

PLAIN_FIELDS = ("email_type", "language", "vip", "location", "ip_signup", "ip_opt")
TIME_FIELDS = ("timestamp_signup", "timestamp_opt")


class Audience:
    """Contacts by subscriber hash. Every public method takes `lock`, so threads may share it."""

    def __init__(self, list_id: str, *, double_optin: bool = True) -> None:
        self.id = list_id
        self.name = "Newsletter (stand-in)"
        self.lock = threading.RLock()
        self.double_optin = double_optin
        self.archived_in_listing = False
        self.permission_texts: dict[str, str] = {}
        self.interest_ids: list[str] = []
        self.listeners: list[Listener] = []
        self.clear()

    def clear(self) -> None:
        """Forgets every contact and puts the merge fields back; settings stay."""
        with self.lock:
            self.contacts: dict[str, Contact] = {}
            self._by_contact_id: dict[str, Contact] = {}
            self.forgotten: set[str] = set()
            self.refusals: dict[str, str] = {}
            self.tag_ids: dict[str, int] = {}
            self.merge_fields = default_merge_fields()
            self.last_web_id = 100_000

    # Reading

    def find(self, key: str) -> Contact | None:
        """By subscriber hash, address or contact id, as in the path of a member."""
        with self.lock:
            by_hash = self.contacts.get(key.lower()) or self.contacts.get(subscriber_hash(key))
            return by_hash or self._by_contact_id.get(key)

    def get(self, key: str) -> Contact:
        """Like `find`; raises Problem (404) when there is none."""
        if contact := self.find(key):
            return contact
        raise Problem("Resource Not Found")

    def document(self, contact: Contact, base_url: str) -> dict[str, Any]:
        with self.lock:
            document = contact.document(self.id, base_url, self.tag_ids)
            if self.permission_texts:
                document["marketing_permissions"] = [
                    {"marketing_permission_id": key, "text": text, "enabled": key in contact.permissions}
                    for key, text in self.permission_texts.items()
                ]
            return document

    # Writing, as the API does it

    def upsert(self, key: str, body: Any, *, skip_required: bool = False) -> Contact:
        """PUT: creates the contact, or changes it. `status_if_new` only ever speaks of a new one."""
        with self.lock:
            rules.check_member(body)
            if contact := self.find(key):
                return self._modify(contact, body, skip_required=skip_required)
            wanted = body.get("status") or body.get("status_if_new")
            return self._add(body, wanted, key=key, skip_required=skip_required)

    def create(self, body: Any, *, skip_required: bool = False) -> Contact:
        """POST: a new contact only; an archived one counts as there. Raises Problem "Member Exists"."""
        with self.lock:
            rules.check_member(body)
            if self.find(body.get("email_address", "")):
                raise problems.member_exists(body["email_address"])
            return self._add(body, body.get("status"), skip_required=skip_required)

    def update(self, key: str, body: Any, *, skip_required: bool = False) -> Contact:
        """PATCH: changes a contact that is there. Raises Problem (404) otherwise."""
        with self.lock:
            rules.check_member(body)
            return self._modify(self.get(key), body, skip_required=skip_required)

    def archive(self, key: str, *, source: str = "api") -> Contact:
        """DELETE: history is kept. Raises Problem (405) for a contact that is bounced, pending or archived."""
        with self.lock:
            contact = self.get(key)
            if contact.status in ("cleaned", "pending", "archived"):
                raise problems.cannot_be_removed()
            contact.status_before_archive, contact.status = contact.status, "archived"
            contact.last_changed = timestamp()
            self.notify("unsubscribe", source, contact, action="delete", reason="manual")
            return contact

    def forget(self, key: str) -> None:
        """delete-permanent: the contact is gone, cannot come back by API, and no webhook tells."""
        with self.lock:
            contact = self.get(key)
            del self.contacts[contact.hash], self._by_contact_id[contact.contact_id]
            self.forgotten.add(contact.hash)

    def set_tags(self, key: str, tags: Any) -> None:
        """POST tags: only the named tags change; names are compared without case. Raises Problem."""
        if not isinstance(tags, list) or any(not isinstance(tag, dict) for tag in tags):
            raise problems.invalid_fields(("tags", "Schema describes array of objects"))
        with self.lock:
            contact = self.get(key)
            for tag in tags:
                name, status = tag.get("name"), tag.get("status")
                if not isinstance(name, str) or not name.strip() or len(name) > 100:
                    raise problems.invalid_fields(("tags.name", "This value should be 1 to 100 characters."))
                if status not in ("active", "inactive"):
                    raise problems.invalid_fields(
                        ("tags.status", "Data presented is not one of the accepted values: inactive, active.")
                    )
            for tag in tags:
                self._set_tag(contact, tag["name"].strip(), active=tag["status"] == "active")

    def _set_tag(self, contact: Contact, name: str, *, active: bool) -> None:
        present = name.lower() in (tag.lower() for tag in contact.tags)
        if active and not present:
            self.tag_ids.setdefault(name.lower(), len(self.tag_ids) + 1)
            contact.tags.append(name)
        elif present and not active:
            contact.tags = [tag for tag in contact.tags if tag.lower() != name.lower()]
        if active != present:
            contact.last_changed = timestamp()

    # Steps of the above

    def _add(self, body: dict[str, Any], wanted: str | None, *, skip_required: bool, key: str | None = None) -> Contact:
        email = body.get("email_address", "").strip()
        if not email:
            raise problems.invalid_fields(("email_address", "This value should not be blank."))
        self._check_new_address(email)
        if key is not None and subscriber_hash(email) not in (key.lower(), subscriber_hash(key)):
            raise problems.invalid_fields(("email_address", "The address does not belong to this subscriber hash."))
        if not wanted:
            raise problems.invalid_fields(("status", "This value should not be blank."))
        values = merged(self.merge_fields, {}, body.get("merge_fields", {}), skip_required=skip_required)
        contact = self._new(email, "", merge_fields=values)
        self._apply(contact, body)
        self.store(contact)
        for tag in body.get("tags", []):
            self._set_tag(contact, str(tag), active=True)
        self.set_status(contact, wanted, source="api")
        return contact

    def insert(self, email: str, status: str, **fields: Any) -> Contact:
        """Puts a contact there with nothing checked, sent or reported, in the place of any before it."""
        with self.lock:
            contact = self._new(email, status, **fields)
            contact.merge_fields = {f.tag: "" for f in self.merge_fields} | contact.merge_fields
            self.store(contact)
            return contact

    def _new(self, email: str, status: str, **fields: Any) -> Contact:
        self.last_web_id += 1
        return Contact(email, status, self.last_web_id, **fields)

    def store(self, contact: Contact) -> None:
        for tag in contact.tags:
            self.tag_ids.setdefault(tag.lower(), len(self.tag_ids) + 1)
        self.forgotten.discard(contact.hash)
        self.contacts[contact.hash] = self._by_contact_id[contact.contact_id] = contact

    def _check_new_address(self, email: str) -> None:
        email_hash = subscriber_hash(email)
        if email_hash in self.forgotten:
            raise problems.forgotten(email)
        rules.check_address(email, self.refusals, email_hash)

    def _modify(self, contact: Contact, body: dict[str, Any], *, skip_required: bool) -> Contact:
        wanted = body.get("status", contact.status)
        rules.check_transition(contact, wanted)
        if wanted in rules.LIVE and contact.status not in rules.LIVE:
            rules.check_address(contact.email, self.refusals, contact.hash)
        new_email = body.get("email_address", contact.email).strip()
        values = merged(
            self.merge_fields,
            contact.merge_fields,
            body.get("merge_fields", {}),
            skip_required=skip_required,
        )
        if subscriber_hash(new_email) != contact.hash:
            self.rename(contact, new_email, source="api")
        before = asdict(contact)
        contact.merge_fields = values
        self._apply(contact, body)
        if asdict(contact) != before:
            contact.last_changed = timestamp()
            if contact.status == wanted == "subscribed":
                self.notify("profile", "api", contact)
        self.set_status(contact, wanted, source="api")
        return contact

    def rename(self, contact: Contact, email: str, *, source: str) -> None:
        """Gives the contact another address. Raises Problem when that one is taken or refused."""
        with self.lock:
            self._check_new_address(email)
            if subscriber_hash(email) in self.contacts:
                raise problems.member_exists(email)
            old_email = contact.email
            del self.contacts[contact.hash]
            contact.email, contact.last_changed = email, timestamp()
            self.contacts[contact.hash] = contact
            self.notify("upemail", source, contact, old_email=old_email)

    def _apply(self, contact: Contact, body: dict[str, Any]) -> None:
        permissions, interests = self._permissions(contact, body), self._interests(contact, body)
        for name in PLAIN_FIELDS:
            if name in body:
                setattr(contact, name, body[name])
        for name in TIME_FIELDS:
            if body.get(name):
                setattr(contact, name, rules.utc_time(body[name]))
        contact.permissions, contact.interests = permissions, interests

    def _permissions(self, contact: Contact, body: dict[str, Any]) -> list[str]:
        enabled = set(contact.permissions)
        for entry in body.get("marketing_permissions", []):
            key = entry.get("marketing_permission_id") if isinstance(entry, dict) else None
            if key not in self.permission_texts:
                raise problems.invalid_fields(("marketing_permissions", "Unknown marketing_permission_id."))
            (enabled.add if entry.get("enabled") else enabled.discard)(key)
        return sorted(enabled)

    def _interests(self, contact: Contact, body: dict[str, Any]) -> dict[str, bool]:
        given = body.get("interests", {})
        if unknown := [key for key in given if key not in self.interest_ids]:
            raise problems.invalid_fields(*((f"interests.{key}", "Invalid interest ID.") for key in unknown))
        return dict.fromkeys(self.interest_ids, False) | contact.interests | given

    def set_status(self, contact: Contact, status: str, *, source: str, reason: str = "manual") -> None:
        """The one place where a status changes: times, the confirmation mail, and the event it causes.

        An unchanged status does nothing; above all a second `pending` sends no second mail.
        """
        with self.lock:
            before = contact.status
            if status == before:
                return
            contact.status, contact.last_changed = status, timestamp()
            if status == "pending":
                contact.confirmation_mails += 1
                contact.timestamp_signup = contact.timestamp_signup or contact.last_changed
            if status == "subscribed":
                contact.timestamp_opt = contact.timestamp_opt or contact.last_changed
                self.notify("subscribe", source, contact)
            if status == "unsubscribed":
                contact.unsubscribe_reason = "N/A (Unsubscribed by admin)" if source != "user" else reason
                if before == "subscribed":
                    self.notify("unsubscribe", source, contact, action="unsub", reason=reason)
            if status == "cleaned":
                self.notify("cleaned", source, contact, reason="abuse" if reason == "abuse" else "hard")

    def notify(self, event: str, source: str, contact: Contact, **extra: str) -> None:
        for listener in self.listeners:
            listener(event, source, contact, extra)
