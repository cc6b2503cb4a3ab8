"""One turn of a worker with a campaign: the lease it holds, and what it writes down while it holds it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.worker import stopping
from newsletter import queue
from newsletter.errors import HTTP_TOO_MANY_REQUESTS, GatewayError, Retryable
from newsletter.gateway import Gateway
from newsletter.models import Campaign, CampaignState

# Renewed before each call, which takes 15 s at most: what a killed worker had in hand goes on within a minute.
LEASE_SECONDS = 45
# "A request that you gave up on may still run", for 120 s at most (Mailchimp's documentation, "Fundamentals").
UNSURE = timedelta(seconds=150)
# How soon after its time Mailchimp is asked whether a campaign went out, and how often before.
SOON, LATER = timedelta(minutes=1), timedelta(hours=1)


class LeaseLost(Exception):
    """Another worker has the campaign in hand, a person has asked for something else, or this worker is to stop."""


def claim() -> tuple[Campaign, str] | None:
    """Take the campaign that is due longest. Of several workers that want it, one gets it."""
    holder = secrets.token_hex(16)
    for pk in Campaign.objects.due().values_list("pk", flat=True)[: queue.CALL_SLOTS + 1]:
        until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
        mine = Campaign.objects.due().order_by().filter(pk=pk)
        if mine.update(lease_until=until, lease_holder=holder, attempts=F("attempts") + 1):
            return Campaign.objects.get(pk=pk), holder
    return None


class Turn:
    """A campaign in a worker's hand.

    Args:
        slot: the right to make one call at a time.
    """

    def __init__(self, campaign: Campaign, holder: str, gateway: Gateway, slot: queue.CallSlot) -> None:
        self.campaign, self.holder, self.gateway, self.slot = campaign, holder, gateway, slot

    def keep(self, **changes: Any) -> None:
        """Hold the campaign for another while, and write down changes with it.

        Raises:
            LeaseLost: it is not in hand any more; then nothing is written.
        """
        now, campaign = timezone.now(), self.campaign
        mine = Campaign.objects.filter(pk=campaign.pk, lease_holder=self.holder, sequence=campaign.sequence)
        until = now + timedelta(seconds=LEASE_SECONDS)
        if not (self.slot.lasts() and mine.filter(lease_until__gt=now).update(lease_until=until, **changes)):
            raise LeaseLost
        for name, value in changes.items():
            setattr(campaign, name, value)

    @contextmanager
    def writing(self, **changes: Any) -> Iterator[None]:
        """Around a call that changes something at Mailchimp. Without an answer it may still take effect for a while,
        and so it may when this worker is killed: until then nothing is repeated.

        Raises:
            LeaseLost: as for `keep`; then the call is not made.
        """
        if stopping.is_set():
            raise LeaseLost
        self.keep(unsure_until=timezone.now() + UNSURE, **changes)
        try:
            yield
        except GatewayError as error:
            if not isinstance(error, Retryable) or error.nothing_sent or error.status == HTTP_TOO_MANY_REQUESTS:
                self.keep(unsure_until=None)  # an answer, so the call is over
            raise
        self.keep(unsure_until=None)

    def rest(self, state: CampaignState, reason: str = "", **changes: Any) -> None:
        """End with nothing more to do, until a person asks for something."""
        self._end(state=state, reason=reason, due_at=None, attempts=0, test_addresses="", **changes)

    def come_back(self, at: datetime | None, **changes: Any) -> None:
        """End for now, and look again at a moment, if there is one."""
        self._end(due_at=at, **changes)

    def give_back(self) -> None:
        """Let go of the campaign, if it is still in hand, so that it can be taken up again at once."""
        Campaign.objects.filter(pk=self.campaign.pk, lease_holder=self.holder).update(lease_until=None, lease_holder="")

    def _end(self, **changes: Any) -> None:
        self.keep(**changes)
        self.give_back()
