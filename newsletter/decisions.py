"""What to do about a wish, given what Mailchimp has: one pure function, the heart of the sync.

Three promises are kept here. A live subscriber is never demoted: `pending` is never sent for one. Nobody who
left is brought back except by a sign-up of their own that is newer, and then only by Mailchimp's confirmation.
Nobody gets more than one email a day that asks them to confirm, whoever types their address how often.

Sources: Mailchimp Marketing API, "Add or update list member"; what each status allows is set out in
docs/integrations/mailchimp.md.
"""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.models.outbox import Desired
from newsletter.states import State

SUBSCRIBED = "subscribed"
PENDING = "pending"
UNSUBSCRIBED = "unsubscribed"
CLEANED = "cleaned"
ARCHIVED = "archived"
TRANSACTIONAL = "transactional"


class Standing(StrEnum):
    """How a contact stands at Mailchimp: its status there, with the differences that matter here."""

    NONE = "none"
    PENDING = PENDING
    SUBSCRIBED = SUBSCRIBED
    # Subscribed by this very sign-up, whose delivery broke off afterwards: not a stranger's doing.
    ADDED = "added"
    UNSUBSCRIBED = UNSUBSCRIBED
    # Unsubscribed by marking a newsletter as spam, or by Mailchimp's own review.
    COMPLAINED = "complained"
    ARCHIVED = ARCHIVED
    TRANSACTIONAL = TRANSACTIONAL
    CLEANED = CLEANED
    UNKNOWN = "unknown"


class Details(StrEnum):
    """Which names and topics to send."""

    ADD = "what the person gave now; nothing is emptied, no topic is taken away"
    # Anyone can type anyone's address, so a sign-up may not change what a live subscriber has.
    FILL = "names that are empty there, and no topics"
    REPLACE = "names and topics exactly as they are here"


@dataclass(frozen=True)
class Put:
    """Send the contact to Mailchimp.

    Attributes:
        status: set for new and existing contacts alike; empty leaves an existing one as it is.
        status_if_new: used only when Mailchimp does not have the contact.
        details: which names and topics go with it.
    """

    status: str = ""
    status_if_new: str = ""
    details: Details = Details.ADD


@dataclass(frozen=True)
class Unsubscribe:
    """Take the contact off the list."""


@dataclass(frozen=True)
class Erase:
    """Delete the contact for good."""


@dataclass(frozen=True)
class Postpone:
    """Wait: the person was asked to confirm less than a day ago."""


@dataclass(frozen=True)
class Settle:
    """Send nothing: the matter is settled in this state.

    Attributes:
        reason: why, in words.
        only_form: True when nothing but Mailchimp's own form can take the person back.
    """

    state: State
    reason: str
    only_form: bool = False


Decision = Put | Unsubscribe | Erase | Postpone | Settle

STRANGE = "Mailchimp has this contact in a state that this site does not know."
BOUNCED = "Mail to this address bounced, so Mailchimp sends it nothing."
COMPLAINED = "The person complained, or Mailchimp reviewed the address, so Mailchimp sends it nothing."
LEFT_HERE = "The person left on this site."
GONE = "Mailchimp does not have this contact any more, so there is nothing to change there."


def decide(
    standing: Standing, desired: Desired, *, double_opt_in: bool, left_since: bool, asked_lately: bool
) -> Decision:
    """Decide what a wish needs.

    Args:
        standing: of the contact at Mailchimp now.
        desired: what the person wants.
        double_opt_in: whether newcomers are asked to confirm.
        left_since: whether the contact last changed at Mailchimp after the person's wish here.
        asked_lately: whether the person was asked to confirm less than a day ago.
    """
    match desired:
        case Desired.ERASED:
            return Erase()
        case Desired.UNSUBSCRIBED:
            is_live = standing in (Standing.SUBSCRIBED, Standing.ADDED, Standing.PENDING)
            return Unsubscribe() if is_live else Settle(State.UNSUBSCRIBED, LEFT_HERE)
        case Desired.PROFILE:
            is_gone = standing == Standing.NONE
            return Settle(State.UNSUBSCRIBED, GONE) if is_gone else Put(details=Details.REPLACE)
    decision = _decide_sign_up(standing, PENDING if double_opt_in else SUBSCRIBED, left_since=left_since)
    is_asking = isinstance(decision, Put) and PENDING in (decision.status, decision.status_if_new)
    is_there = standing in (Standing.PENDING, Standing.SUBSCRIBED, Standing.ADDED)
    return Postpone() if is_asking and asked_lately and not is_there else decision


def _decide_sign_up(standing: Standing, wanted: str, *, left_since: bool) -> Put | Settle:
    """Decide what a sign-up needs, where `wanted` is the status that newcomers get."""
    match standing:
        case Standing.NONE:
            return Put(status_if_new=wanted)
        case Standing.PENDING:
            # The same request again: no second confirmation mail, and no way round the first.
            return Put(status_if_new=PENDING)
        case Standing.ADDED:
            return Put(status_if_new=wanted)
        case Standing.SUBSCRIBED:
            return Put(status_if_new=wanted, details=Details.FILL)
        case Standing.UNSUBSCRIBED if left_since:
            return Settle(State.UNSUBSCRIBED, "Unsubscribed at Mailchimp after signing up here.")
        case Standing.UNSUBSCRIBED:
            return Put(status=PENDING)
        case Standing.ARCHIVED if left_since:
            return Settle(State.UNSUBSCRIBED, "Archived at Mailchimp after signing up here.")
        case Standing.ARCHIVED | Standing.TRANSACTIONAL:
            return Put(status=wanted)
        case Standing.CLEANED:
            return Settle(State.BOUNCED, BOUNCED, only_form=True)
        case Standing.COMPLAINED:
            return Settle(State.UNSUBSCRIBED if left_since else State.REFUSED, COMPLAINED, only_form=True)
        case _:
            return Settle(State.NEEDS_ATTENTION, STRANGE)


def state_of(status: str) -> tuple[State, str]:
    """The state, and the reason in words, of a contact that Mailchimp has in a status."""
    return {
        SUBSCRIBED: (State.SUBSCRIBED, ""),
        PENDING: (State.AWAITING_CONFIRMATION, "Mailchimp has asked the person to confirm by email."),
        UNSUBSCRIBED: (State.UNSUBSCRIBED, "Unsubscribed at Mailchimp."),
        CLEANED: (State.BOUNCED, BOUNCED),
        ARCHIVED: (State.UNSUBSCRIBED, "Archived at Mailchimp."),
        TRANSACTIONAL: (State.UNSUBSCRIBED, "At Mailchimp, but not on the mailing list."),
    }.get(status, (State.NEEDS_ATTENTION, STRANGE))
