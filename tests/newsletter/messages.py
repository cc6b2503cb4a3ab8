"""Messages from Mailchimp, brought to the site and acted on."""

from collections import Counter
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from newsletter import webhook
from newsletter.inbox import act_on_messages
from newsletter.models import WebhookEvent
from tests.mailchimp_sandbox import Sandbox


def send(bodies: list[bytes]) -> None:
    """Bring messages to the site."""
    for body in bodies:
        response = Client().post(webhook.path(), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200


def bodies(hook: Sandbox) -> list[bytes]:
    """The messages so far, oldest first."""
    return [delivery.body for delivery in hook.deliveries]


def act() -> Counter[str]:
    """Make all messages due, and act on them."""
    WebhookEvent.objects.filter(done_at__isnull=True).update(due_at=timezone.now() - timedelta(seconds=1))
    return act_on_messages()
