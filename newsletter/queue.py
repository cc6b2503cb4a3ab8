"""The queue as a whole: pausing when only the operator can help, noticing when Mailchimp is gone or back."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core import leases
from core.page_cache.changes import pages_changed
from newsletter.errors import ErrorClass, GatewayError, OperatorMustAct
from newsletter.gateway import Audience, Gateway
from newsletter.models import OutboxEntry, QueueState

log = logging.getLogger(__name__)

PROBE_SECONDS = 60
# Mailchimp allows ten calls at once for all programs of an account; this site takes at most four.
CALL_SLOTS = 4
# The calls of one delivery together, and writing down how it ended, fit into what a slot is sure to have left.
SLOT_SECONDS, SLOT_RESERVE = 45, 25
# How often `last_success_at` is written at most.
SUCCESS_NOTE_SECONDS = 30


class CallSlot:
    """The right to make one call at a time, of which there are four over all processes."""

    def __init__(self, lease: leases.HeldLease) -> None:
        self.lease = lease
        self._ends = time.monotonic() + SLOT_SECONDS

    def lasts(self) -> bool:
        """Make sure that it lasts for another delivery. Returns False when it was lost."""
        now = time.monotonic()
        if self._ends - now < SLOT_RESERVE:  # written seldom: each write costs a flush to disk
            if not self.lease.extend(SLOT_SECONDS):
                return False
            self._ends = now + SLOT_SECONDS
        return True


@contextmanager
def call_slot() -> Iterator[CallSlot | None]:
    """Take a call slot for the length of a `with` block; gives None when all are taken."""
    for number in range(1, CALL_SLOTS + 1):
        lease = leases.acquire(f"newsletter/call/{number}", SLOT_SECONDS)
        if lease is not None:
            try:
                yield CallSlot(lease)
            finally:
                lease.release()
            return
    yield None


def pause(error: OperatorMustAct) -> None:
    """Stop deliveries until a probe succeeds, and raise one alert, however often this is called."""
    now = timezone.now()
    QueueState.objects.get_or_create(pk=QueueState.PK)
    row = QueueState.objects.filter(pk=QueueState.PK)
    if row.filter(paused_since__isnull=False, paused_reason=error.reason, probe_at__gt=now).exists():
        return
    row.update(paused_reason=error.reason, probe_at=now + timedelta(seconds=PROBE_SECONDS))
    # With the pause itself, so that a worker killed here has raised the alert or leaves it to the next.
    if row.filter(paused_since__isnull=True).update(paused_since=now, alert_due=bool(settings.NEWSLETTER_ALERT_EMAIL)):
        log.error("Deliveries to Mailchimp are paused: someone must act", extra={"reason": error.reason})


def probe_is_due() -> bool:
    """Whether deliveries are paused and it is time to ask again."""
    return QueueState.objects.filter(paused_since__isnull=False, probe_at__lte=timezone.now()).exists()


def is_paused() -> bool:
    """Whether calls wait until the operator has put something right. Only deliveries probe whether it is."""
    return QueueState.objects.filter(paused_since__isnull=False).exists()


def may_deliver(gateway: Gateway) -> bool:
    """Whether deliveries may go on now; during a pause, whether a probe says that one may be tried.

    For deliveries alone: whoever else probed would keep them waiting for the next probe. The pause itself ends with
    the first success, or at once when nothing waits: a probe reads only, and what was wrong may be the right to write.
    """
    state = QueueState.load()
    if state.paused_since is None:
        return True
    if state.probe_at and state.probe_at > timezone.now():
        return False
    QueueState.objects.update(probe_at=timezone.now() + timedelta(seconds=PROBE_SECONDS))
    try:
        gateway.ping()
        remember(gateway.audience(fresh=True))
    except OperatorMustAct as error:
        pause(error)
        return False
    except GatewayError:
        return False
    if not OutboxEntry.objects.due().exists():
        _resume()
    return True


def note_success() -> None:
    """Remember that Mailchimp answered: a pause ends, and what waited for it to come back is tried now."""
    now = timezone.now()
    state = QueueState.load()
    if state.paused_since:
        _resume()
    if state.outage_since and QueueState.objects.filter(outage_since__isnull=False).update(outage_since=None):
        waiting = OutboxEntry.objects.free().filter(error_class=ErrorClass.RETRY, is_paced=False, due_at__gt=now)
        log.info("Mailchimp is back", extra={"waiting": waiting.update(due_at=now)})
    if state.last_success_at is None or now - state.last_success_at > timedelta(seconds=SUCCESS_NOTE_SECONDS):
        QueueState.objects.get_or_create(pk=QueueState.PK)
        QueueState.objects.update(last_success_at=now)


def is_in_order() -> bool:
    """Whether Mailchimp took what it was last sent, as far as is known: neither a pause nor an outage."""
    return not QueueState.objects.filter(Q(paused_since__isnull=False) | Q(outage_since__isnull=False)).exists()


def held_as_copy(state: QueueState | None = None) -> str:
    """Why nothing may be delivered from a restored copy yet, in words; empty when it may.

    Until the whole list has been compared, this database does not know who has left since it was copied.

    Args:
        state: of the queue, when it is at hand.
    """
    copied_at = (state or QueueState.load()).copied_at
    if copied_at is None:
        return ""
    return (
        f"This site was restored from a backup of {copied_at:%Y-%m-%d %H:%M} UTC. Sign-ups are kept and sent once the"
        " whole list has been compared with Mailchimp's, so that nobody is subscribed who has left since."
    )


def note_outage() -> None:
    """Remember that Mailchimp as a whole does not answer."""
    QueueState.objects.get_or_create(pk=QueueState.PK)
    if QueueState.objects.filter(outage_since__isnull=True).update(outage_since=timezone.now()):
        log.warning("Mailchimp does not answer; sign-ups wait")


def confirmation_wanted(gateway: Gateway) -> bool:
    """Whether to have newcomers confirm: as MAILCHIMP_DOUBLE_OPT_IN says, or as the audience is set.

    Raises:
        GatewayError: the audience cannot be read.
    """
    if settings.MAILCHIMP_DOUBLE_OPT_IN != "auto":
        return settings.MAILCHIMP_DOUBLE_OPT_IN == "on"
    audience = gateway.audience()
    remember(audience)
    return audience.double_opt_in


def remember(audience: Audience) -> None:
    """Keep what was seen of the audience, for pages and the admin, which never ask Mailchimp."""
    seen = {"audience_name": audience.name[:150], "double_opt_in": audience.double_opt_in}
    QueueState.objects.get_or_create(pk=QueueState.PK, defaults=seen)
    if QueueState.objects.filter(~Q(**seen) | Q(double_opt_in__isnull=True)).update(**seen):
        pages_changed()  # the thank-you page says whether to expect an email


def _resume() -> None:
    if QueueState.objects.filter(paused_since__isnull=False).update(paused_since=None, paused_reason="", probe_at=None):
        log.info("Deliveries to Mailchimp go on")
