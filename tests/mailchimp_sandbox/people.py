"""What people do outside the API: readers in their mail and on hosted pages, mailboxes, the account's owner.

Each of these is what a webhook reports. Functions raise LookupError when the address is not in the audience
or cannot do that (the message holds no address).
"""

from typing import Any

from .audience import Audience
from .contact import Contact, subscriber_hash, timestamp
from .merge_fields import merged

#: put_contact's words for states that are not a status of their own.
SPECIAL_STATES = ("forgotten", "complained", "abuse", "fake", "too_many_lists")


def _contact(audience: Audience, email: str) -> Contact:
    contact = audience.find(email)
    if contact is None:
        raise LookupError("no such contact in the audience")
    return contact


def confirm(audience: Audience, email: str) -> Contact:
    """The reader follows the link in the confirmation mail."""
    with audience.lock:
        contact = _contact(audience, email)
        if contact.status != "pending":
            raise LookupError(f"only a pending contact can confirm; this one is {contact.status}")
        contact.ip_opt, contact.timestamp_opt = contact.ip_opt or "127.0.0.1", timestamp()
        audience.set_status(contact, "subscribed", source="user")
        return contact


def unsubscribe(audience: Audience, email: str, *, reason: str = "manual") -> Contact:
    """The reader follows the unsubscribe link of a newsletter; reason "abuse": marks it as spam."""
    with audience.lock:
        contact = _contact(audience, email)
        if contact.status == "archived":
            raise LookupError("an archived contact receives nothing to unsubscribe from")
        audience.set_status(contact, "unsubscribed", source="user", reason=reason)
        contact.complained = contact.complained or reason == "abuse"
        return contact


def clean(audience: Audience, email: str) -> Contact:
    """The mailbox bounces for good. The event counts as the account's own doing (source "admin")."""
    with audience.lock:
        contact = _contact(audience, email)
        audience.set_status(contact, "cleaned", source="admin")
        return contact


def archive(audience: Audience, email: str) -> Contact:
    """The account's owner archives the contact in Mailchimp's own pages."""
    with audience.lock:
        return audience.archive(_contact(audience, email).hash, source="admin")


def change_address(audience: Audience, email: str, new_email: str) -> Contact:
    """The reader corrects the address on the preferences page."""
    with audience.lock:
        contact = _contact(audience, email)
        audience.rename(contact, new_email, source="user")
        return contact


def change_profile(audience: Audience, email: str, merge_fields: dict[str, Any]) -> Contact:
    """The reader changes their details on the preferences page."""
    with audience.lock:
        contact = _contact(audience, email)
        contact.merge_fields = merged(audience.merge_fields, contact.merge_fields, merge_fields, skip_required=True)
        contact.last_changed = timestamp()
        audience.notify("profile", "user", contact)
        return contact


def sign_up(audience: Audience, email: str) -> Contact:
    """The reader uses Mailchimp's hosted form: the one way back for who bounced, left or was deleted."""
    with audience.lock:
        contact = audience.find(email) or audience.insert(email, "", source="Hosted Signup Form")
        contact.complained = False
        wanted = "pending" if audience.double_optin else "subscribed"
        if contact.status != "subscribed":
            audience.set_status(contact, wanted, source="user")
        return contact


def remove(audience: Audience, email: str) -> None:
    """The contact is gone without a trace, as Mailchimp drops a pending one after some 60 days."""
    with audience.lock:
        audience.forget(_contact(audience, email).hash)
        audience.forgotten.discard(subscriber_hash(email))


def put_contact(audience: Audience, email: str, status: str, **fields: Any) -> Contact | None:
    """Sets the stage for a test: no mail, no webhook, nothing checked. Replaces what was there.

    `status` is any of the API's, or "forgotten" (permanently deleted), "complained"/"abuse" (unsubscribed by
    a spam report), "fake" or "too_many_lists" (no contact; the next sign-up is refused so). `fields` are those
    of `Contact`, and `status_before_archive` for an archived one. Returns None where no contact is left.
    """
    with audience.lock:
        email_hash = subscriber_hash(email)
        if email_hash in audience.contacts:
            remove(audience, email)
        audience.forgotten.discard(email_hash)
        audience.refusals.pop(email_hash, None)
        if status == "forgotten":
            audience.forgotten.add(email_hash)
            return None
        if status in ("fake", "too_many_lists"):
            audience.refusals[email_hash] = status
            return None
        if status in ("complained", "abuse"):
            return audience.insert(email, "unsubscribed", complained=True, unsubscribe_reason="abuse", **fields)
        if status == "archived":
            fields.setdefault("status_before_archive", "subscribed")
        return audience.insert(email, status, **fields)
