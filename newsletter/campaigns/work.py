"""The worker's part: take what is due, do it, and decide what becomes of what could not be done."""

import time
from collections import Counter
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from core.worker import stopping
from newsletter import outcome, queue
from newsletter.backoff import wait_after
from newsletter.campaigns import steps
from newsletter.campaigns.turn import LeaseLost, Turn, claim
from newsletter.errors import GatewayError, OperatorMustAct, Retryable
from newsletter.gateway import gateway_from_settings
from newsletter.models import Campaign, CampaignState

# A run gives way after this time, so that a worker can stop and other jobs get their turn.
RUN_SECONDS = 25.0
# How often a key that Mailchimp refuses is tried again.
KEY_REFUSED, HTTP_UNAUTHORIZED = timedelta(minutes=1), 401
# States in which a person waits for something, and is told why it takes long.
AWAITED = (CampaignState.QUEUED, CampaignState.TESTING, CampaignState.CANCELLING)


def work_on_campaigns(run_seconds: float = RUN_SECONDS) -> Counter[str]:
    """Do what is due with campaigns, one after another; nothing while deliveries are paused, which they end themselves.

    Args:
        run_seconds: none is begun after so many seconds.

    Returns:
        How many turns ended in which state.
    """
    counts: Counter[str] = Counter()
    if queue.is_paused() or not Campaign.objects.due().exists():
        return counts
    try:
        gateway = gateway_from_settings()
    except OperatorMustAct as error:
        queue.pause(error)
        return counts
    if gateway is None:
        return counts
    end = time.monotonic() + run_seconds
    with queue.call_slot() as slot:
        while slot is not None and slot.lasts() and time.monotonic() < end and not stopping.is_set():
            if (taken := claim()) is None:
                break
            turn = Turn(*taken, gateway, slot)
            take_turn(turn)
            counts[turn.campaign.state] += 1
    return counts


def take_turn(turn: Turn) -> None:
    """Do what is due with one campaign, and write down how it ended."""
    try:
        try:
            steps.advance(turn)
        except Retryable as error:
            _put_off(turn, error)
        except OperatorMustAct as error:
            if error.status != HTTP_UNAUTHORIZED:
                _refuse(turn, error)
                return
            queue.pause(error)
            _wait(turn, error, KEY_REFUSED)
        except GatewayError as error:
            _refuse(turn, error)
        except (LeaseLost, DatabaseError):
            raise
        except Exception as caught:
            _refuse(turn, outcome.our_fault(caught, campaign=turn.campaign.pk))
    except LeaseLost:
        turn.give_back()


def _refuse(turn: Turn, error: GatewayError) -> None:
    try:
        steps.refuse(turn, error)
    except Retryable as silence:
        _put_off(turn, silence)
    except GatewayError:
        _wait(turn, error, KEY_REFUSED)


def _put_off(turn: Turn, error: Retryable) -> None:
    """Try again later, or end a test that nobody waits for any more."""
    if steps.gives_up(turn.campaign):
        turn.rest(CampaignState.DRAFT, steps.NO_TEST.format(error.reason))
    else:
        _wait(turn, error, wait_after(error, max(turn.campaign.attempts, 1)))


def _wait(turn: Turn, error: GatewayError, pause: timedelta) -> None:
    told = {"reason": error.reason} if turn.campaign.state in AWAITED else {}
    turn.come_back(timezone.now() + pause, **told)
