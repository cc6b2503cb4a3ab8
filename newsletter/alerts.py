"""Telling the operator by email that deliveries are paused: once for each pause, as soon as mail can be sent."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from newsletter.models import OutboxEntry, QueueState

log = logging.getLogger(__name__)

PAUSED_SUBJECT = "Newsletter sign-ups are waiting: someone must act"
RESUMED_SUBJECT = "Newsletter sign-ups waited for a while, and go on"

PAUSED = """\
Sign-ups from the website cannot be passed on to Mailchimp since {since:%d %B %Y, %H:%M} UTC.

What happened
{reason}

What to do
1. Put this right, in Mailchimp or in the settings of the website. The guide is docs/integrations/mailchimp.md.
2. If you changed a setting of the website, start its web and worker processes again.
3. Nothing more: the website tries once a minute and goes on by itself.

Nothing is lost. The sign-up form works as always, and {waiting} waiting now.

See how it stands: {admin}
"""

RESUMED = """\
Sign-ups from the website could not be passed on to Mailchimp for a while. They go on again, and nothing was lost.
You need not do anything. This message comes late because no email could be sent, or because the pause was short.

See how it stands: {admin}
"""


def send_due_alert() -> bool:
    """Send the email about a pause, if one is due. Returns whether one was sent.

    It stays due until the mail server has taken it.
    """
    state = QueueState.load()
    if not state.alert_due:
        return False
    subject, text = _message(state)
    try:
        if settings.NEWSLETTER_ALERT_EMAIL:
            send_mail(subject, text, None, settings.NEWSLETTER_ALERT_EMAIL)
    except (OSError, SMTPException) as error:
        log.warning("The alert could not be sent; it is tried again", extra={"error": type(error).__name__})
        return False
    # A pause that began meanwhile has its own alert.
    QueueState.objects.filter(alert_due=True, paused_since=state.paused_since).update(alert_due=False)
    return True


def _message(state: QueueState) -> tuple[str, str]:
    admin = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_home")
    if state.paused_since is None:
        return RESUMED_SUBJECT, RESUMED.format(admin=admin)
    number = OutboxEntry.objects.open().count()
    waiting = f"{number} {'is' if number == 1 else 'are'}"
    return PAUSED_SUBJECT, PAUSED.format(
        since=state.paused_since, reason=state.paused_reason, waiting=waiting, admin=admin
    )
