"""What the people who look after the mailing list should know at once."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from newsletter import queue
from newsletter.models import OutboxEntry, QueueState
from newsletter.states import State

NOT_CONNECTED = (
    "Mailchimp is not connected. Sign-ups are kept and wait; they will be sent once Mailchimp is connected "
    "(docs/integrations/mailchimp.md says how)."
)


@dataclass(frozen=True)
class Notice:
    """A sentence with its weight: `critical`, `warning` or `info`, as Wagtail's help blocks know them.

    Attributes:
        state: the subscribers it is about, for a link to them.
    """

    weight: str
    text: str
    state: State


def current_notices(state: QueueState | None = None) -> list[Notice]:
    """What is wrong, and what waits for an editor; empty when all is well.

    Args:
        state: of the queue, when it is at hand.
    """
    notices = []
    state = state or QueueState.load()
    if not settings.MAILCHIMP_API_KEY:
        notices.append(Notice("warning", NOT_CONNECTED, State.WAITING))
    elif state.paused_since:
        since = date_format(timezone.localtime(state.paused_since), "DATETIME_FORMAT")
        text = f"Deliveries are paused since {since}. {state.paused_reason} Sign-ups are kept and go on by themselves."
        notices.append(Notice("critical", text, State.WAITING))
    elif state.outage_since:
        since = date_format(timezone.localtime(state.outage_since), "DATETIME_FORMAT")
        text = f"Mailchimp has not answered since {since}. Sign-ups are kept and sent as soon as it is back."
        notices.append(Notice("warning", text, State.WAITING))
    if settings.MAILCHIMP_API_KEY and (why := queue.held_as_copy(state)):
        notices.append(Notice("warning", why, State.WAITING))
    if held := OutboxEntry.objects.open().filter(held_at__isnull=False).count():
        are = "sign-ups are" if held > 1 else "sign-up is"
        text = f"{held} {are} held, because many came in a short time, until somebody looks at them."
        notices.append(Notice("info", text, State.HELD))
    return notices


def why_waiting() -> str:
    """Why sign-ups wait that have no fault of their own; empty when nothing holds them up."""
    if not settings.MAILCHIMP_API_KEY:
        return "Mailchimp is not connected yet."
    state = QueueState.load()
    return state.paused_reason or queue.held_as_copy(state)
