"""What is done with a campaign that is due, by the state it is in. Each begins by reading where it stands at Mailchimp.

Nothing is sent but what was approved: the content is saved anew before each try, read back, and compared by its
fingerprint; and once Mailchimp was told to send or schedule, it is told so again only when it has said, after the time
that a lost call may still take, that it did neither.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from newsletter.campaigns import remote
from newsletter.campaigns.letter import version_tag
from newsletter.campaigns.remote import CampaignGone, Remote
from newsletter.campaigns.turn import LATER, SOON, UNSURE, Turn
from newsletter.errors import Bug, GatewayError
from newsletter.models import Campaign, CampaignState

# An issue that could not be handed over in this time is not sent at some odd hour: a person is asked.
GIVE_UP = timedelta(hours=4)
TEST_GIVES_UP = timedelta(minutes=15)
# A schedule must still be ahead when it reaches Mailchimp.
SCHEDULE_MARGIN = timedelta(minutes=1)
# How long after an issue went out, and how often, its report is read: pairs of age and pause, the youngest first.
REPORTS = (
    (timedelta(hours=2), timedelta(minutes=10)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
)

TOO_LATE = "Mailchimp could not be reached for four hours, so nothing was sent. Look at it again, and send it anew."
MISSED = "Its time passed before Mailchimp could be reached, so nothing was sent. Choose another time."
GONE = (
    "The campaign is not at Mailchimp any more, so nobody here knows whether it was sent. Look at Mailchimp. This site "
    "will not send this issue again; to send it all the same, copy the page."
)
REMOVED = "Somebody deleted the campaign at Mailchimp. Nothing was sent."
CANCELLED = "Cancelled. Nothing was sent."
CANCELLED_THERE = "Somebody cancelled it at Mailchimp. Nothing was sent."
WAS_TOO_LATE = "It was too late to cancel: it had gone out."
NOT_CANCELLED = "It could not be cancelled and is still scheduled: {}"
STOPPED = "Somebody paused or stopped it at Mailchimp. Look there."
NO_TEST = "The test could not be sent: {}"
OTHER_VERSION = "Mailchimp holds another version than the one that was approved, so nothing was sent. Send it anew."
REFUSED = "Mailchimp's own check found something: {} Nothing was sent."


def advance(turn: Turn) -> None:
    """Do what is due.

    Raises:
        GatewayError: it could not be done; `fail` and `refuse` say what becomes of it.
        LeaseLost: as for `Turn.keep`.
    """
    if turn.campaign.state == CampaignState.SENT:
        read_report(turn)
        return
    there = look(turn)
    if there is not None and there.status != remote.DRAFT:
        settle(turn, there)
        return
    if unsure_until := turn.campaign.unsure_until:
        if unsure_until > timezone.now():
            turn.come_back(unsure_until)
            return
        turn.keep(unsure_until=None)
    HANDLERS[CampaignState(turn.campaign.state)](turn, there)


def look(turn: Turn) -> Remote | None:
    """Where the campaign stands at Mailchimp; None when it is not there."""
    campaign, gateway = turn.campaign, turn.gateway
    turn.keep()
    if campaign.remote_id:
        try:
            return remote.read(gateway, campaign.remote_id)
        except CampaignGone:
            return None
    found = remote.find(gateway, campaign)
    if found:
        turn.keep(remote_id=found.id)
    return found


def settle(turn: Turn, there: Remote) -> None:
    """Write down what Mailchimp says of a campaign that it was told to send or schedule, by us or by somebody else."""
    now, cancelling = timezone.now(), turn.campaign.state == CampaignState.CANCELLING
    reason = WAS_TOO_LATE if cancelling else ""
    committed_at = turn.campaign.committed_at or now
    done = {"committed_at": committed_at, "unsure_until": None, "attempts": 0, "test_addresses": ""}
    if there.status == remote.SENT:
        at = there.send_at or now
        turn.come_back(now + SOON, state=CampaignState.SENT, sent_at=at, reason=reason, **done)
    elif there.status == remote.SENDING:
        turn.come_back(now + SOON, state=CampaignState.SENDING, reason=reason, **done)
    elif there.status == remote.SCHEDULED and cancelling:
        with turn.writing():
            remote.unschedule(turn.gateway, there.id)
        turn.rest(CampaignState.DRAFT, CANCELLED, committed_at=None)
    elif there.status == remote.SCHEDULED:
        at = there.send_at or turn.campaign.send_at or now
        next_look = min(max(at, now) + SOON, now + LATER)
        turn.come_back(next_look, state=CampaignState.SCHEDULED, send_at=at, reason="", **done)
    elif there.status == remote.DRAFT:  # it said yes a moment ago: not every part of Mailchimp knows yet
        turn.come_back(now + SOON, unsure_until=now + UNSURE)
    else:
        turn.rest(CampaignState.FAILED, STOPPED, committed_at=committed_at)


def deliver(turn: Turn, there: Remote | None) -> None:
    """Send or schedule what was approved. Mailchimp has a draft or nothing: it was not sent."""
    campaign, now = turn.campaign, timezone.now()
    if there is None and campaign.committed_at:
        turn.rest(CampaignState.FAILED, GONE)
        return
    if campaign.committed_at:
        turn.keep(committed_at=None)
    if campaign.send_at and campaign.send_at < now + SCHEDULE_MARGIN:
        turn.rest(CampaignState.FAILED, MISSED)
    elif campaign.asked_at and campaign.asked_at < now - GIVE_UP:
        turn.rest(CampaignState.FAILED, TOO_LATE)
    else:
        remote_id = hand_over(turn, there)
        turn.keep()
        if found := remote.complaints(turn.gateway, remote_id):
            raise Bug(REFUSED.format(" ".join(found)))
        _commit(turn, remote_id)
        settle(turn, remote.read(turn.gateway, remote_id))


def _commit(turn: Turn, remote_id: str) -> None:
    """The step that cannot be undone."""
    campaign = turn.campaign
    if campaign.saved_fingerprint != campaign.fingerprint:
        raise Bug(OTHER_VERSION)
    with turn.writing(committed_at=timezone.now()):
        if campaign.send_at:
            remote.schedule(turn.gateway, remote_id, campaign.send_at)
        else:
            remote.send(turn.gateway, remote_id)


def hand_over(turn: Turn, there: Remote | None) -> str:
    """See that Mailchimp has a draft with the subject, recipients and content that are wanted. Gives its name there."""
    campaign = turn.campaign
    if there is not None and there.goes_to != remote.goes_to(turn.gateway, campaign):
        with turn.writing():  # a change of recipients would keep a segment that is no more wanted
            remote.remove(turn.gateway, there.id)
        there = None
    turn.keep(saved_fingerprint="", remote_id=there.id if there else "")
    with turn.writing():
        if there is None:
            there = remote.create(turn.gateway, campaign)
        else:
            remote.change(turn.gateway, there.id, campaign)
    turn.keep(remote_id=there.id)
    with turn.writing():
        remote.put_content(turn.gateway, there.id, campaign.html, campaign.plain_text)
    _read_back(turn, there.id)
    turn.keep(saved_fingerprint=campaign.fingerprint)
    return there.id


def _read_back(turn: Turn, remote_id: str) -> None:
    """Make sure that Mailchimp holds what was approved, and nothing that a lost call has written since."""
    campaign, gateway = turn.campaign, turn.gateway
    turn.keep()
    content = remote.content(gateway, remote_id)
    turn.keep()
    there = remote.read(gateway, remote_id)
    wanted = remote.goes_to(gateway, campaign), campaign.subject
    if version_tag(campaign.fingerprint) not in content or (there.goes_to, there.subject) != wanted:
        raise Bug(OTHER_VERSION)


def test(turn: Turn, there: Remote | None) -> None:
    """Send a test to the named addresses."""
    campaign = turn.campaign
    remote_id = hand_over(turn, there)
    turn.keep()
    remote.send_test(turn.gateway, remote_id, campaign.test_addresses.split())
    turn.rest(CampaignState.DRAFT, tested_at=timezone.now(), tested_fingerprint=campaign.fingerprint)


def cancelled(turn: Turn, there: Remote | None) -> None:
    """A draft at Mailchimp, or nothing: there is nothing left to cancel."""
    gone = there is None and turn.campaign.committed_at
    if gone:
        turn.rest(CampaignState.FAILED, GONE)
    else:
        turn.rest(CampaignState.DRAFT, CANCELLED, committed_at=None)


def unscheduled(turn: Turn, there: Remote | None) -> None:
    """What was scheduled is a draft at Mailchimp, or gone."""
    if there is None and (turn.campaign.send_at is None or turn.campaign.send_at <= timezone.now()):
        turn.rest(CampaignState.FAILED, GONE)
    else:
        turn.rest(CampaignState.DRAFT, CANCELLED_THERE if there else REMOVED, committed_at=None)


def stopped(turn: Turn, there: Remote | None) -> None:
    """What was being sent is a draft at Mailchimp, or gone: only a look there tells how many got it."""
    turn.rest(CampaignState.FAILED, STOPPED if there else GONE)


HANDLERS = {
    CampaignState.QUEUED: deliver,
    CampaignState.TESTING: test,
    CampaignState.CANCELLING: cancelled,
    CampaignState.SCHEDULED: unscheduled,
    CampaignState.SENDING: stopped,
}


def read_report(turn: Turn) -> None:
    """Read what came of an issue that went out."""
    now = timezone.now()
    turn.keep()
    try:
        counts = vars(remote.report(turn.gateway, turn.campaign.remote_id)) | {"reported_at": now}
    except CampaignGone:
        counts = {}
    turn.come_back(_next_report(turn.campaign), attempts=0, **counts)


def _next_report(campaign: Campaign) -> datetime | None:
    now = timezone.now()
    age = now - (campaign.sent_at or now)
    return next((now + pause for limit, pause in REPORTS if age < limit), None)


def refuse(turn: Turn, error: GatewayError) -> None:
    """Mailchimp refused, or the content is not what it should be: a person must look. "Already sent" is one, too."""
    campaign = turn.campaign
    if campaign.state == CampaignState.SENT:
        turn.come_back(timezone.now() + timedelta(days=1))
        return
    there = look(turn)
    if there is not None and there.status == remote.SCHEDULED and campaign.state == CampaignState.CANCELLING:
        turn.come_back(timezone.now() + SOON, state=CampaignState.SCHEDULED, reason=NOT_CANCELLED.format(error.reason))
    elif there is not None and there.status != remote.DRAFT:
        settle(turn, there)
    elif campaign.state == CampaignState.TESTING:
        turn.rest(CampaignState.DRAFT, NO_TEST.format(error.reason))
    elif campaign.state == CampaignState.QUEUED and there is not None:
        turn.rest(CampaignState.FAILED, error.reason, committed_at=None)
    else:
        turn.rest(CampaignState.FAILED, error.reason)


def gives_up(campaign: Campaign) -> bool:
    """Whether a test has been tried for so long that nobody waits for it any more."""
    asked_at = campaign.asked_at or campaign.created_at
    return campaign.state == CampaignState.TESTING and asked_at < timezone.now() - TEST_GIVES_UP
