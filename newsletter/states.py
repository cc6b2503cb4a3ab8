"""The states of a subscriber, in words that an editor understands."""

from django.db.models import TextChoices


class State(TextChoices):
    """Where a subscriber stands. What Mailchimp last said is kept beside it, in `mailchimp_status`."""

    WAITING = "waiting", "Waiting"
    HELD = "held", "Held"
    # Shown while a worker has the entry in hand; never stored, so that a killed worker leaves no trace.
    DELIVERING = "delivering", "Being delivered"
    AWAITING_CONFIRMATION = "awaiting_confirmation", "Awaiting confirmation"
    SUBSCRIBED = "subscribed", "Subscribed"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    REFUSED = "refused", "Refused"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Bounced"
    ERASED = "erased", "Erased"


class Source(TextChoices):
    """What brought a change about."""

    FORM = "form", "Sign-up form"
    DELIVERY = "delivery", "Delivery to Mailchimp"
    WEBHOOK = "webhook", "Message from Mailchimp"
    RECONCILIATION = "reconciliation", "Look at Mailchimp"
    EDITOR = "editor", "Editor"
    PERSON = "person", "Preference page"
    RETENTION = "retention", "Retention rule"


class Origin(TextChoices):
    """Where an address was first seen."""

    FORM = "form", "Sign-up form"
    MAILCHIMP = "mailchimp", "Mailchimp"
