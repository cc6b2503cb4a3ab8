"""What is sent to Mailchimp about a person: the fields of the contact, and its tags."""

from datetime import datetime
from typing import Any

from django.conf import settings

from newsletter.answers import Contact
from newsletter.decisions import Details, Put
from newsletter.models import Basis, Consent, Interest, Subscriber

# The audience's field for the signed link to the person's own page; sent only when the audience has it.
PREFERENCES_TAG = "PREFS"
WEBSITE_TAG = "Website"
SOFT_OPT_IN_TAG = "Soft opt-in"
MAX_TAG_LENGTH = 100


def contact_body(
    subscriber: Subscriber, contact: Contact | None, decision: Put, requested_at: datetime, merge_tags: set[str]
) -> dict[str, Any]:
    """The fields of "Add or update list member".

    Args:
        contact: as Mailchimp has it now.
        requested_at: when the person signed up.
        merge_tags: names of the audience's fields.
    """
    body: dict[str, Any] = {}
    if decision.status:
        body["status"] = decision.status
    if decision.status_if_new:
        body["status_if_new"] = decision.status_if_new
    if contact is None or decision.status:
        body |= sign_up_fields(_latest_consent(subscriber), requested_at)
    if fields := merge_fields(subscriber, contact, decision.details, merge_tags):
        body["merge_fields"] = fields
    return body


def member(subscriber: Subscriber, status: str, requested_at: datetime, merge_tags: set[str]) -> dict[str, Any]:
    """A new contact among many, with everything that single contacts get in two calls."""
    body: dict[str, Any] = {"email_address": subscriber.email, "status": status, "tags": sign_up_tags(subscriber)}
    body |= sign_up_fields(_latest_consent(subscriber), requested_at)
    if fields := merge_fields(subscriber, None, Details.ADD, merge_tags):
        body["merge_fields"] = fields
    return body


def sign_up_fields(consent: Consent | None, requested_at: datetime) -> dict[str, str]:
    """Language, time and, where it is kept, IP address of the sign-up itself, not of its delivery."""
    fields = {"timestamp_signup": requested_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")}
    if consent:
        fields["language"] = consent.language.split("-")[0].lower()[:2]
        if settings.SIGNUP_STORE_IP and consent.ip:
            fields["ip_signup"] = consent.ip
    return fields


def merge_fields(
    subscriber: Subscriber, contact: Contact | None, details: Details, merge_tags: set[str]
) -> dict[str, str]:
    """Names, and the link to the person's own page. Unless all is replaced, an empty name overwrites nothing."""
    fields = {"FNAME": subscriber.first_name, "LNAME": subscriber.last_name}
    if PREFERENCES_TAG in merge_tags:
        from newsletter.preferences import preferences_url

        fields[PREFERENCES_TAG] = preferences_url(subscriber)
    if details == Details.REPLACE:
        return fields
    known = contact.merge_fields if contact and details == Details.FILL else {}
    return {tag: value for tag, value in fields.items() if value and not known.get(tag)}


def missing_tags(subscriber: Subscriber, contact: Contact, details: Details) -> dict[str, bool]:
    """Tags to give to a contact (True) or to take away (False), without those that are right already."""
    if details == Details.FILL:
        return {}
    if details == Details.ADD:
        wanted = dict.fromkeys(sign_up_tags(subscriber), True)
    else:
        chosen = set(subscriber.interests.values_list("pk", flat=True))
        wanted = {interest.tag_name: interest.pk in chosen for interest in Interest.objects.all()}
    return {name: on for name, on in wanted.items() if on is not (name.lower() in contact.tags)}


def sign_up_tags(subscriber: Subscriber) -> list[str]:
    """The tags that a sign-up brings: where it was made, its topics, and its basis when that is not consent."""
    tags = [WEBSITE_TAG]
    if subscriber.source_page:
        tags.append(f"Page: {subscriber.source_page}"[:MAX_TAG_LENGTH])
    tags += [interest.tag_name for interest in subscriber.interests.all()]
    if subscriber.basis == Basis.SOFT_OPT_IN:
        tags.append(SOFT_OPT_IN_TAG)
    return tags


def _latest_consent(subscriber: Subscriber) -> Consent | None:
    consents: list[Consent] = list(subscriber.consents.all())  # ty: ignore[missing-attribute]
    return max(consents, key=lambda consent: (consent.given_at, consent.pk)) if consents else None
