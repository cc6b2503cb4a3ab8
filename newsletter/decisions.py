"""What to do about a sign-up, given what Mailchimp has: one pure function, the heart of the sync.

Two promises are kept here. A live subscriber is never demoted: `pending` is never sent for one. Nobody who
left is brought back except by a sign-up of their own that is newer, and then only by Mailchimp's confirmation.

Sources: Mailchimp Marketing API, "Add or update list member"; what each status allows is set out in
docs/integrations/mailchimp.md.
"""

from dataclasses import dataclass
from datetime import datetime

from newsletter.states import State

SUBSCRIBED = "subscribed"
PENDING = "pending"
UNSUBSCRIBED = "unsubscribed"
CLEANED = "cleaned"
ARCHIVED = "archived"
TRANSACTIONAL = "transactional"


@dataclass(frozen=True)
class Put:
    """Send the contact to Mailchimp.

    Attributes:
        status: set for new and existing contacts alike; empty leaves an existing one as it is.
        status_if_new: used only when Mailchimp does not have the contact.
        keep_names: True when the names at Mailchimp are a live subscriber's, which a stranger who types their
            address must not be able to change: only empty ones are filled in.
    """

    status: str = ""
    status_if_new: str = ""
    keep_names: bool = False


@dataclass(frozen=True)
class Settle:
    """Send nothing: the matter is settled in this state."""

    state: State
    reason: str


Decision = Put | Settle


def decide(status: str | None, *, double_opt_in: bool, changed_at: datetime | None, signed_up_at: datetime) -> Decision:
    """Decide what a sign-up needs.

    Args:
        status: of the contact at Mailchimp now, None when it has none.
        double_opt_in: whether newcomers are asked to confirm.
        changed_at: when the contact last changed at Mailchimp.
        signed_up_at: when the person signed up here.
    """
    wanted = PENDING if double_opt_in else SUBSCRIBED
    left_since = changed_at is not None and changed_at > signed_up_at
    match status:
        case None:
            return Put(status_if_new=wanted)
        case "pending":
            # The same request again: no second confirmation mail, and no way round the first.
            return Put(status_if_new=PENDING)
        case "subscribed":
            return Put(status_if_new=wanted, keep_names=True)
        case "unsubscribed" if left_since:
            return Settle(State.UNSUBSCRIBED, "Unsubscribed at Mailchimp after signing up here.")
        case "unsubscribed":
            return Put(status=PENDING)
        case "archived" if left_since:
            return Settle(State.UNSUBSCRIBED, "Archived at Mailchimp after signing up here.")
        case "archived" | "transactional":
            return Put(status=wanted)
        case "cleaned":
            return Settle(State.BOUNCED, "Mail to this address bounced, so Mailchimp sends it nothing.")
        case _:
            return Settle(State.NEEDS_ATTENTION, "Mailchimp has this contact in a state that this site does not know.")


def state_of(status: str) -> tuple[State, str]:
    """The state, and the reason in words, of a contact that Mailchimp has in a status."""
    return {
        SUBSCRIBED: (State.SUBSCRIBED, ""),
        PENDING: (State.AWAITING_CONFIRMATION, "Mailchimp has asked the person to confirm by email."),
        UNSUBSCRIBED: (State.UNSUBSCRIBED, "Unsubscribed at Mailchimp."),
        CLEANED: (State.BOUNCED, "Mail to this address bounced, so Mailchimp sends it nothing."),
        ARCHIVED: (State.UNSUBSCRIBED, "Archived at Mailchimp."),
        TRANSACTIONAL: (State.UNSUBSCRIBED, "At Mailchimp, but not on the mailing list."),
    }.get(
        status,
        (State.NEEDS_ATTENTION, "Mailchimp has this contact in a state that this site does not know."),
    )
